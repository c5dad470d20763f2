"""The words of a purpose are kept by their version: from the first day, for ever, never others."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from models.metadata import purposes
from models.metadata.errors import DefinitionError
from models.metadata.purposes import ShownPurpose
from models.tables.session import Database
from packager.installing import check, install
from tests.packager.folders import FORM_FILE, KOBE, edit

FORM = "kobe_application"
FIRST, SECOND = "2026-04-01", "2027-04-01"


def history(database: Database) -> list[ShownPurpose]:
    with database.reading() as connection:
        return [one for one in purposes.history(connection) if one.form == FORM]


def state(folder: Path, **stated: object) -> None:
    def change(content: Any) -> None:
        content[FORM]["purpose"].update(stated)

    edit(folder, FORM_FILE, change)


def test_every_version_stays_with_its_day(installed: Database, folder: Path) -> None:
    [first] = history(installed)
    assert first.version == FIRST
    assert first.text.ja.startswith("入力いただいたメールアドレス及び電話番号は")
    assert "神戸市個人情報保護方針を確認しました" in first.consent.ja
    state(folder, version=SECOND, text={"ja": "新しい目的", "en": "A new purpose"})
    install(installed, folder)
    second, kept = history(installed)
    assert (second.version, second.text.en) == (SECOND, "A new purpose")
    assert kept == first
    assert second.published_on > first.published_on


def test_an_import_once_more_changes_nothing(installed: Database) -> None:
    before = history(installed)
    install(installed, KOBE)
    assert history(installed) == before


def test_other_words_under_a_version_are_refused_with_their_line(
    installed: Database, folder: Path
) -> None:
    state(folder, text="別の目的に利用します。")
    with pytest.raises(DefinitionError, match=rf"{FORM_FILE}:\d+: .*{FIRST}.* state a new one"):
        install(installed, folder)
    [kept] = history(installed)
    assert kept.text.ja != "別の目的に利用します。"


def test_back_to_an_earlier_version_is_a_way(installed: Database, folder: Path) -> None:
    state(folder, version=SECOND)
    install(installed, folder)
    install(installed, KOBE)
    assert [one.version for one in history(installed)] == [SECOND, FIRST]


def test_the_words_outlive_the_form(installed: Database, folder: Path) -> None:
    edit(
        folder,
        "forms/kobe_enquiry.yaml",
        lambda content: content.update(kobe_enquiries=content.pop("kobe_enquiry")),
    )
    assert "kobe_enquiry" not in install(installed, folder).forms
    with installed.reading() as connection:
        assert purposes.shown_under(connection, ["kobe_enquiry"], FIRST) is not None
        assert purposes.shown_under(connection, ["kobe_enquiry"], SECOND) is None


def test_two_forms_of_one_entity_state_the_same_words_or_other_versions(folder: Path) -> None:
    """A record keeps the version alone: it must not be that of two texts."""

    def beside(**stated: object) -> None:
        def change(content: Any) -> None:
            form = deepcopy(content[FORM])
            del form["confirmation"], form["self_service"]
            form["purpose"].update(stated)
            content["kobe_by_telephone"] = form

        edit(folder, FORM_FILE, change)

    beside()
    assert check(folder)
    beside(text="電話での受付に利用します。")
    with pytest.raises(DefinitionError, match=f"another form of {FORM} .*{FIRST}"):
        check(folder)
    beside(text="電話での受付に利用します。", version="電話 2026-04-01")
    assert check(folder)


def test_a_new_installation_takes_any_words(folder: Path) -> None:
    state(folder, text="別の目的に利用します。")
    check(folder)

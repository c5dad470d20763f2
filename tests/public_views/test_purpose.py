"""The purpose of use and the consent: a record names those that its applicant was shown and
ticked, and nobody agrees to what was published while they were typing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from packager.installing import install
from tests.packager.folders import FORM_FILE, KOBE, copy_of_kobe, edit
from tests.public_views.citizens import ANSWERS, FORM_PATH, Citizen
from tests.public_views.intake import FORM, Intake, build_intake
from tests.public_views.reading import Page, read
from tests.support.databases import sqlite_file

FIRST, SECOND = "2026-04-01", "2027-04-01"
THIRD_PARTIES = "第三者への提供に同意してください。"
TYPED = {name: value for name, value in ANSWERS.items() if name != "privacy_confirmed"}
CHANGED = {
    "ja": "利用目的又は同意いただく内容が変更されました",
    "en": "what you are asked to agree to, was changed meanwhile",
}
Way = Callable[[Citizen], Page]


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = tmp_path_factory.mktemp("purpose")
    running = build_intake(folder, sqlite_file(folder))
    yield running
    running.close()


@pytest.fixture
def publish(intake: Intake, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Publishes another consent; taken back after the test."""

    def change(content: Any) -> None:
        content[FORM]["purpose"].update(version=SECOND)
        content[FORM]["consent"]["introduction"] = {"ja": THIRD_PARTIES, "en": "To third parties."}

    folder = copy_of_kobe(tmp_path / "other")
    edit(folder, FORM_FILE, change)
    yield lambda: install(intake.engine.database, folder) and None
    install(intake.engine.database, KOBE)


def asks_again(page: Page, language: str = "ja") -> bool:
    """The form with all that was typed, its box empty, which says what happened."""
    told = CHANGED[language] in page.text
    is_kept = {name: page.values.get(name) for name in TYPED} == TYPED
    return told and is_kept and not page.values.get("privacy_confirmed")


def to_check(citizen: Citizen) -> Page:
    return read(citizen.client.get(f"{FORM_PATH}/check", follow_redirects=True).text)


def to_send(citizen: Citizen) -> Page:
    token = {"form_token": citizen.form_token}
    return read(citizen.client.post(f"{FORM_PATH}/check", data=token, follow_redirects=True).text)


def by_another_page(citizen: Citizen) -> Page:
    """The form in a second tab shows the new words; the first one's answers are sent then."""
    citizen.get()
    return to_send(citizen)


@pytest.mark.parametrize(
    ("go_on", "language"), [(to_check, "ja"), (to_send, "en"), (by_another_page, "ja")]
)
def test_what_changed_after_the_tick_is_asked_again(
    intake: Intake, publish: Callable[[], None], go_on: Way, language: str
) -> None:
    citizen = Citizen(intake, language).begin()
    assert citizen.enter().status_code == 303
    publish()
    page = go_on(citizen)
    assert asks_again(page, language)
    assert intake.record(citizen.visit().record_id) is None
    assert citizen.enter().status_code == 422, "the page that was ticked is the old one"
    citizen.begin()
    assert citizen.enter().status_code == 303
    citizen.send()
    assert citizen.record()["kobe_purposeversion"] == SECOND


def test_what_changed_before_the_form_was_sent_is_asked_again(
    intake: Intake, publish: Callable[[], None]
) -> None:
    citizen, expired = Citizen(intake).begin(), Citizen(intake).begin()
    switching = Citizen(intake).begin()
    publish()
    page = citizen.refused()
    assert asks_again(page)
    assert THIRD_PARTIES in page.text
    assert page.values["shown_purpose"] == SECOND
    assert citizen.visit().draft is None
    expired.client.delete_cookie(f"form-{FORM}")
    assert asks_again(read(expired.post(**ANSWERS).text))
    assert asks_again(read(switching.post(**ANSWERS, switch_language="1").text))


def test_what_did_not_change_is_not_asked_again(intake: Intake) -> None:
    citizen = Citizen(intake).begin()
    citizen.enter()
    assert citizen.page().values["privacy_confirmed"] == "1"
    citizen.send()
    assert citizen.record()["kobe_purposeversion"] == FIRST


def test_a_page_that_does_not_say_what_it_showed_is_no_consent(intake: Intake) -> None:
    citizen = Citizen(intake).begin()
    assert asks_again(citizen.refused(shown_purpose=""))
    assert asks_again(citizen.refused(shown_purpose=SECOND))

"""Masking rules as a solution states them: kept to when read, refused with file and line."""

from pathlib import Path

import pytest

from models.metadata.errors import DefinitionError
from models.security.masking import masker
from packager.installing import check
from tests.packager.folders import ENTITY_FILE, copy_of_kobe, edit
from tests.support.attributes import attribute


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_kobe(tmp_path)


def stated(folder: Path, *lines: str) -> Path:
    (folder / "masking.yaml").write_text("\n".join(["# rules", *lines]), encoding="utf-8")
    return folder


def test_a_rule_is_data(folder: Path) -> None:
    rules = check(
        stated(
            folder,
            'kobe_dots: {pattern: "(?<=.)."}',
            'kobe_stars: {pattern: "(?<=.).", mask: "＊"}',
            'kobe_shorter: {pattern: "(?<=.).+", replacement: "…"}',
        )
    ).masking_rules
    shown = {
        name: str(masker(attribute("String", masking=name), rules)("なつめ")) for name in rules
    }
    assert shown == {"kobe_dots": "な••", "kobe_stars": "な＊＊", "kobe_shorter": "な…"}


@pytest.mark.parametrize("name", ["name", "kobe_dots"])
def test_an_attribute_names_a_shipped_rule_or_one_of_its_own(folder: Path, name: str) -> None:
    stated(folder, 'kobe_dots: {pattern: "(?<=.)."}')
    edit(
        folder,
        ENTITY_FILE,
        lambda content: content["kobe_application"]["attributes"]["kobe_nickname"].update(
            masking=name
        ),
    )
    found = check(folder).entity("kobe_application").attributes["kobe_nickname"]
    assert found.masking == name


WRONG = {
    '{pattern: "(a+)+$"}': "could take for ever",
    '{pattern: "["}': "unterminated character set at position 0",
    '{pattern: ".", mask: "ab"}': "one character",
    '{pattern: ".", replacement: "\\\\1"}': "invalid group reference",
    '{pattern: ".", mask: "x", replacement: ""}': "either mask or replacement",
    '{mask: "x"}': "'pattern' is missing",
}


@pytest.mark.parametrize(("rule", "said"), WRONG.items())
def test_a_wrong_rule_is_refused_with_file_and_line(folder: Path, rule: str, said: str) -> None:
    stated(folder, 'kobe_fine: {pattern: "."}', "", f"kobe_wrong: {rule}")
    with pytest.raises(DefinitionError) as refused:
        check(folder)
    assert said in str(refused.value)
    assert "masking.yaml:4: " in str(refused.value)


def test_every_component_is_pointed_at_by_line(folder: Path) -> None:
    text = (folder / "views.yaml").read_text(encoding="utf-8")
    broken = text.replace("columns: [", "columns: [kobe_nothing, ", 1)
    assert broken != text
    (folder / "views.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"views\.yaml:\d+: "):
        check(folder)

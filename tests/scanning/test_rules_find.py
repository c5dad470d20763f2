"""Every rule of the house finds what it is there for, and lets the right way be.

A rule that matches nothing looks like a clean house: each has a bad and a good sample.
"""

import re
from pathlib import Path

import pytest

from tests.architecture.house import LEVELS, ROOT, repository_files
from tests.scanning.scanning import SAMPLES, SCANNER, found_in, marked, rules
from tests.support import absence

RULE_NAMES = [rule["id"] for rule in rules()]
NO_SCANNER = "no semgrep in .venv/scanners (make check installs it)"
ROOMS = {room.replace(".", "/") for level in LEVELS for room in level}
"""Some of them are still to be built; a rule may know of them."""
IGNORED = re.compile(r"#\s*(nosemgrep|nosec)\b(:?)\s*([\w, -]*)")


def test_all_that_is_bad_is_found_and_nothing_else(tmp_path: Path) -> None:
    if not SCANNER.exists():
        absence.absent(NO_SCANNER)
    assert found_in(tmp_path) == set(marked("bad"))


@pytest.mark.parametrize("name", RULE_NAMES)
@pytest.mark.parametrize("word", ["bad", "good"])
def test_every_rule_has_a_sample(word: str, name: str) -> None:
    assert name in {rule for _, _, rule in marked(word)}


def test_rules_have_names_of_their_own() -> None:
    assert len(RULE_NAMES) == len(set(RULE_NAMES)) > 20


@pytest.mark.parametrize("word", ["bad", "good"])
def test_samples_name_rules_that_are_there(word: str) -> None:
    assert {rule for _, _, rule in marked(word)} <= set(RULE_NAMES)


@pytest.mark.parametrize("rule", rules(), ids=RULE_NAMES)
def test_a_rule_for_some_rooms_names_rooms_that_are_there(rule: dict[str, object]) -> None:
    """A folder that was moved would be scanned for nothing."""
    paths = rule.get("paths") or {}
    assert isinstance(paths, dict)
    for pattern in (one for kind in paths.values() for one in kind if one.startswith("/")):
        place = pattern.removeprefix("/").removesuffix("/**")
        assert (ROOT / place).exists() or place in ROOMS, pattern


@pytest.mark.parametrize("rule", rules(), ids=RULE_NAMES)
def test_a_rule_stops_the_check_and_says_what_to_do_instead(rule: dict[str, str]) -> None:
    assert rule["severity"] == "ERROR"
    assert len(re.findall(r"[.;:](?:\s|$)", rule["message"])) >= 2


def test_what_is_ignored_is_ignored_by_name_and_with_a_reason() -> None:
    """`# nosemgrep: rule - reason`, `# nosec B311 - reason`; a reason that stands behind ruff's
    ignore of the same is one, too."""
    wrong = []
    for path in repository_files():
        if path.suffix != ".py" or path.is_relative_to(ROOT / "tests"):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            for tool, _, said in IGNORED.findall(line):
                named = re.match(r"[a-z][\w-]+|B\d{3}", said)
                if not named or " - " not in line.partition(tool)[2]:
                    wrong.append(f"{path.relative_to(ROOT)}:{number}")
    assert wrong == []


def test_samples_are_no_part_of_the_house() -> None:
    assert SAMPLES.is_relative_to(ROOT / "tests")
    assert "/tests/" in (ROOT / ".semgrepignore").read_text("utf-8").splitlines()

"""The table of OWASP's requirements tells no tale: each number has a row, each test it names is
there, and nothing is called met without one."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.house import ROOT

ROWS = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ((?:\\\||[^|])+) \| ([^|]+) \| ([^|]+) \|$",
    (ROOT / "docs" / "asvs.md").read_text("utf-8"),
    flags=re.MULTILINE,
)
STATES = ("met", "partly", "open", "not met", "does not apply")
APPLY = """
1.1.1-2 1.2.1-5 1.2.10 1.3.3 1.3.11-12 2.1.1 2.1.3 2.2.1-3 2.3.1 2.3.3 2.3.5 2.4.1-2
3.2.1 3.3.1-4 3.4.1-8 3.5.1-3 3.7.2 4.1.1 4.1.3-4 4.3.1 5.1.1 5.2.1-6 5.3.1-2 5.4.1-3
6.1.1-3 6.2.1 6.2.4-5 6.2.7-12 6.3.1-8 6.4.1-4 6.4.6 6.5.1-6 6.6.2-3
7.1.1-2 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-3 8.1.1-2 8.2.1-3 8.3.1-2 8.4.1 9.1.1-3 9.2.1-4
11.1.1-2 11.2.1-3 11.3.1-4 11.4.1-2 11.5.1 13.2.1-6 13.3.1-2 13.3.4 13.4.1-7
14.1.1-2 14.2.1-4 14.2.6-8 14.3.1-3 15.1.1-5 15.2.1-4 15.3.1 15.3.3 15.3.7 15.4.1-2
16.1.1 16.2.1-5 16.3.1-3 16.4.1-3 16.5.1-4
"""
"""What of the standard speaks of a service like this one; `1-3` is the first to the third."""


def applicable() -> set[str]:
    found = set()
    for one in APPLY.split():
        chapter, _, numbers = one.rpartition(".")
        first, _, last = numbers.partition("-")
        found |= {f"{chapter}.{number}" for number in range(int(first), int(last or first) + 1)}
    return found


@cache
def functions_of(place: str) -> set[str]:
    path = ROOT / "tests" / place
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_number_has_one_row() -> None:
    numbers = [row[0] for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == applicable()


def test_every_row_of_the_table_is_read() -> None:
    text = (ROOT / "docs" / "asvs.md").read_text("utf-8")
    assert len(ROWS) == len(re.findall(r"^\| \d", text, flags=re.MULTILINE))


@pytest.mark.parametrize(
    ("number", "tests", "state"),
    [(row[0], row[3], row[4]) for row in ROWS],
    ids=[r[0] for r in ROWS],
)
def test_what_is_called_met_is_shown(number: str, tests: str, state: str) -> None:
    assert state.startswith(STATES)
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", tests)
    assert tests.count("::") == len(named), "a name that is none"
    assert named or not state.startswith(("met", "partly"))
    assert [f"{place}::{name}" for place, name in named if name not in functions_of(place)] == []


def test_what_is_not_met_says_what_is_missing() -> None:
    assert [row[0] for row in ROWS if row[4] != "met" and ":" not in row[4]] == []

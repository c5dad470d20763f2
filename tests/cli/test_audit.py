"""`flask audit verify`: whoever changes the log behind the service's back is found, and where."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.installation import Installation, with_kobe

MIDDLE = 7


def _rewrite(connection: sqlite3.Connection, **changes: object) -> None:
    found = connection.execute("SELECT body FROM audit WHERE sequence = ?", [MIDDLE]).fetchone()
    body = json.dumps(json.loads(found[0]) | changes, ensure_ascii=False, sort_keys=True)
    connection.execute("UPDATE audit SET body = ? WHERE sequence = ?", [body, MIDDLE])


def _swap(connection: sqlite3.Connection) -> None:
    for before, after in ((MIDDLE, -1), (MIDDLE + 1, MIDDLE), (-1, MIDDLE + 1)):
        connection.execute("UPDATE audit SET sequence = ? WHERE sequence = ?", [after, before])


def _insert(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO audit SELECT (SELECT max(sequence) + 1 FROM audit), created_on, action, "
        "caller_id, entity, record_id, body, mac FROM audit WHERE sequence = 1"
    )


def _cut(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM audit WHERE sequence > ?", [MIDDLE])


def _cut_with_the_head(connection: sqlite3.Connection) -> None:
    _cut(connection)
    connection.execute("UPDATE audit_head SET sequence = ?", [MIDDLE])


def _empty(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM audit")
    connection.execute("UPDATE audit_head SET sequence = 0, mac = zeroblob(32), seal = x''")


def _run(statement: str) -> Callable[[sqlite3.Connection], object]:
    return lambda connection: connection.execute(statement)


DAMAGES: dict[str, tuple[Callable[[sqlite3.Connection], object], int, str]] = {
    "another caller": (lambda c: _rewrite(c, name="someone else"), MIDDLE, "was altered"),
    "another outcome": (lambda c: _rewrite(c, outcome="refused"), MIDDLE, "was altered"),
    "another time": (lambda c: _rewrite(c, on="2020-01-01T00:00:00Z"), MIDDLE, "was altered"),
    "another column": (
        _run(f"UPDATE audit SET action = 'retrieve' WHERE sequence = {MIDDLE}"),
        MIDDLE,
        "columns differ",
    ),
    "another record": (
        _run(f"UPDATE audit SET record_id = NULL WHERE sequence = {MIDDLE}"),
        MIDDLE,
        "columns differ",
    ),
    "one entry less": (
        _run(f"DELETE FROM audit WHERE sequence = {MIDDLE}"),
        MIDDLE,
        "is missing",
    ),
    "the first less": (_run("DELETE FROM audit WHERE sequence = 1"), 1, "is missing"),
    "one entry more": (_insert, 13, "was altered"),
    "two in another order": (_swap, MIDDLE, "was altered"),
    "the end cut": (_cut, MIDDLE + 1, "the end of the chain is missing"),
    "the end cut, the head moved": (_cut_with_the_head, MIDDLE + 1, "the end of the chain"),
    "everything gone": (_run("DELETE FROM audit"), 1, "the end of the chain is missing"),
    "as if nothing had happened": (_empty, 1, "the end of the chain is missing"),
}


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation whose log has twelve entries: setting up, the solution, and its records."""
    made = with_kobe(tmp_path_factory.mktemp("twelve"), seeds=10)
    assert made.done("audit", "verify") == "12 entries: the chain holds.\n"
    return made


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_placed(twelve: Installation, tmp_path: Path, damage: str) -> None:
    do, entry, reason = DAMAGES[damage]
    damaged = twelve.copy(tmp_path)
    with closing(sqlite3.connect(damaged.instance / "uketsuke.db")) as connection, connection:
        do(connection)
    said = damaged.refused("audit", "verify")
    assert said.startswith(f"Error: the chain fails at entry {entry}: ")
    assert reason in said
    assert f"({entry - 1} entries before it hold)" in said


def test_the_log_of_another_installation_does_not_hold(
    twelve: Installation, tmp_path: Path
) -> None:
    """Its secret is in the keystore: who has the database alone cannot write a log that holds."""
    other = with_kobe(tmp_path, seeds=1)
    for path in other.instance.glob("uketsuke.db*"):
        path.unlink()  # a write-ahead log of its own would be read into the other database
    for path in twelve.copy(tmp_path / "copy").instance.glob("uketsuke.db*"):
        path.replace(other.instance / path.name)
    assert "fails at entry 1: an entry was altered" in other.refused("audit", "verify")


def test_verifying_says_nothing_in_the_log(twelve: Installation) -> None:
    assert twelve.done("audit", "verify") == twelve.done("audit", "verify")

"""`flask audit`: whoever changes the log behind the service's back is found, where, and between
which times; an outsider can verify the checkpoints.
"""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from models.records.checkpoints import results
from models.records.checkpoints.examining import examine
from tests.cli.installation import Installation, with_kobe
from tests.support import receivers

MIDDLE = 7


def _rewrite(connection: sqlite3.Connection, **changes: object) -> None:
    found = connection.execute("SELECT body FROM audit WHERE sequence = ?", [MIDDLE]).fetchone()
    body = json.dumps(json.loads(found[0]) | changes, ensure_ascii=False, sort_keys=True)
    connection.execute("UPDATE audit SET body = ? WHERE sequence = ?", [body, MIDDLE])


def _swap(connection: sqlite3.Connection) -> None:
    for before, after in ((MIDDLE, -1), (MIDDLE + 1, MIDDLE), (-1, MIDDLE + 1)):
        connection.execute("UPDATE audit SET sequence = ? WHERE sequence = ?", [after, before])


def _insert(connection: sqlite3.Connection) -> None:
    names = [row[1] for row in connection.execute("PRAGMA table_info(audit)")][1:]
    columns = ", ".join(names)
    connection.execute(
        f"INSERT INTO audit (sequence, {columns}) "
        f"SELECT (SELECT max(sequence) + 1 FROM audit), {columns} FROM audit WHERE sequence = 1"
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
    """An installation whose log has twelve entries: setting up, the solution, its settings, and
    its records."""
    made = with_kobe(tmp_path_factory.mktemp("twelve"), seeds=9)
    assert made.done("audit", "verify").startswith("12 entries: the chain holds.\n")
    return made


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_placed(twelve: Installation, tmp_path: Path, damage: str) -> None:
    do, entry, reason = DAMAGES[damage]
    damaged = twelve.copy(tmp_path)
    with closing(sqlite3.connect(damaged.instance / "uketsuke.db")) as connection, connection:
        do(connection)
    said = damaged.refused("audit", "verify")
    place, _, rest = said.partition(": ")[2].partition(": ")
    assert place.startswith("the log fails at entr")
    assert place.split()[5] == str(entry)
    assert rest.startswith(("an entry", "the columns", "the end"))
    assert reason in rest
    assert f"({entry - 1} entries before it hold)" in said


def test_the_log_of_another_installation_does_not_hold(
    twelve: Installation, tmp_path: Path
) -> None:
    """Its secret is in the keystore: who has the database alone cannot write a log that holds, nor
    have it served."""
    other = with_kobe(tmp_path, seeds=1)
    with twelve.engine() as log, other.engine() as stranger:
        found = examine(log.database, stranger.keyring, tuple)
    assert found.faults[0].sequence == 1
    for path in other.instance.glob("uketsuke.db*"):
        path.unlink()  # a write-ahead log of its own would be read into the other database
    for path in twelve.copy(tmp_path / "copy").instance.glob("uketsuke.db*"):
        path.replace(other.instance / path.name)
    assert "not the one these records were sealed with" in other.refused("audit", "verify")


def test_what_it_finds_is_kept_for_the_inspection(twelve: Installation, tmp_path: Path) -> None:
    copied = twelve.copy(tmp_path)
    copied.done("audit", "verify")
    with copied.engine() as engine:
        found = engine.database.run(results.newest)
    assert found is not None
    assert (found.holds, found.entries) == (True, 12)
    with closing(sqlite3.connect(_database_of(copied))) as connection, connection:
        _cut(connection)
    copied.refused("audit", "verify")
    with copied.engine() as engine:
        later = engine.database.run(results.newest)
    assert later is not None
    assert not later.holds
    assert later.completed_on > found.completed_on


def test_verifying_says_nothing_in_the_log(twelve: Installation) -> None:
    assert twelve.done("audit", "verify") == twelve.done("audit", "verify")


def _database_of(installation: Installation) -> Path:
    return installation.instance / "uketsuke.db"


def _seed(installation: Installation) -> None:
    installation.done("demo", "seed", "--count", "1", "--seed", "7")


def _stop(installation: Installation) -> None:
    """All of the log in one file, as a service leaves it that was stopped."""
    with closing(sqlite3.connect(_database_of(installation))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_without_a_checkpoint_it_says_what_cannot_be_told(twelve: Installation) -> None:
    said = twelve.done("audit", "verify")
    assert "No checkpoint in" in said
    assert "put back to an older state, cannot be told" in said


def test_a_database_restored_to_hide_a_deed_is_found(twelve: Installation, tmp_path: Path) -> None:
    """Head, remembered checkpoints and all: only the second place knows better."""
    restored = twelve.copy(tmp_path)
    restored.done("audit", "checkpoint")
    _stop(restored)
    backup = _database_of(restored).read_bytes()
    _seed(restored)
    assert "1 entries are newer" in restored.done("audit", "verify")
    line = json.loads(restored.done("audit", "checkpoint"))
    assert line["sequence"] == 13
    assert "2 checkpoints" in restored.done("audit", "verify")
    _stop(restored)
    _database_of(restored).write_bytes(backup)
    said = restored.refused("audit", "verify")
    assert "the log fails at entry 13: entries that a checkpoint names are missing" in said
    assert "(12 entries before it hold)" in said
    assert "made between" in said
    _seed(restored)  # others take the place of what was hidden
    _seed(restored)
    said = restored.refused("audit", "verify")
    assert "the log fails at entry 13: entries are not those that a checkpoint names" in said
    assert "is not the one of" in restored.refused("audit", "checkpoint")


def test_checkpoints_kept_elsewhere_are_taken_instead(
    twelve: Installation, tmp_path: Path
) -> None:
    there = twelve.copy(tmp_path / "there")
    there.done("audit", "checkpoint")
    kept = tmp_path / "kept.jsonl"
    (there.instance / "audit-checkpoints.jsonl").rename(kept)
    assert "checkpoints that were written are not there" in there.refused("audit", "verify")
    assert "1 checkpoints" in there.done("audit", "verify", "--checkpoints", str(kept))
    kept.write_text(kept.read_text().replace('"sequence":12', '"sequence":11'))
    said = there.refused("audit", "verify", "--checkpoints", str(kept))
    assert "line 1 of the checkpoints: a line was altered" in said
    assert "does not exist" in there.refused(
        "audit", "verify", "--checkpoints", str(tmp_path / "nothing"), status=2
    )


def test_the_file_may_be_elsewhere_from_the_start(twelve: Installation, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere" / "lines"
    copied = twelve.copy(tmp_path / "copy")
    moved = replace(copied, changes={"UKETSUKE_AUDIT_CHECKPOINT_FILE": str(place)})
    line = moved.done("audit", "checkpoint")
    assert place.read_text() == line
    assert not (moved.instance / "audit-checkpoints.jsonl").exists()
    place.chmod(0o400)
    if os.geteuid():
        assert "could not be written" in moved.refused("audit", "checkpoint")


def test_syslog_hears_of_it(twelve: Installation, tmp_path: Path) -> None:
    copied = twelve.copy(tmp_path)
    with receivers.udp() as ((host, port), received):
        told = replace(copied, changes={"UKETSUKE_AUDIT_SYSLOG": f"{host}:{port}"})
        line = told.done("audit", "checkpoint")
        assert received().endswith(line.rstrip("\n"))
    deaf = replace(copied, changes={"UKETSUKE_AUDIT_SYSLOG": str(tmp_path / "nobody")})
    assert "No such file" in deaf.refused("audit", "checkpoint")


def test_an_outsider_verifies_a_line_with_the_public_key(
    twelve: Installation, tmp_path: Path
) -> None:
    """As docs/audit.md shows it, with nothing of ours."""
    copied = twelve.copy(tmp_path)
    stated = json.loads(copied.done("audit", "checkpoint"))
    said = copied.done("audit", "key")
    key = load_pem_public_key(said.encode())
    assert f"# key {stated['key']}, Ed25519" in said
    signature = bytes.fromhex(stated.pop("signature"))
    data = json.dumps(stated, sort_keys=True, separators=(",", ":")).encode()
    assert isinstance(key, Ed25519PublicKey)
    key.verify(signature, data)
    with pytest.raises(InvalidSignature):
        key.verify(signature, data.replace(b'"sequence":12', b'"sequence":13'))

"""`flask keys` in installations: what it tells, what it changes, what it refuses; and what a start
with the wrong keys is told."""

import os
import shutil
from base64 import b64encode
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from app import create_app
from crypto.errors import WrongKeystore, WrongRootKey
from models.records.rekeying import rotating
from models.records.rekeying.patience import Patience
from models.tables.record_data import AuditEntry
from tests.cli.installation import ENTITY, Installation, set_up

ROOT_VARIABLE = "UKETSUKE_ROOT_KEY"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute that is waited for is not what these tests are about; the commands have no
    switch for it."""
    monkeypatch.setattr(rotating, "Patience", lambda: Patience(0.0))


def shares_of(installation: Installation, count: int, threshold: int) -> list[str]:
    said = installation.done(
        *("keys", "escrow", "--shares", str(count), "--threshold", str(threshold))
    )
    return [line for line in said.splitlines() if line]


def acts(installation: Installation) -> list[str]:
    return [row.action for row in installation.rows(AuditEntry) if "key" in row.action]


def put_in_place(file: Path, other: Path) -> None:
    """A file, or a database with its log, in the place of another one."""
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    for new in other.parent.glob(f"{other.name}*"):
        shutil.copy(new, file.with_name(file.name + new.name.removeprefix(other.name)))


def tables(database: Path) -> list[str]:
    with closing(connect(database)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]


def served(installation: Installation) -> None:
    """As a web process starts."""
    environ = {k: v for k, v in installation.environ.items() if k != "FLASK_RUN_FROM_CLI"}
    create_app(environ)


def test_status_tells_counts_ages_and_what_is_to_be_done(kobe: Installation) -> None:
    said = kobe.done("keys", "status")
    assert f"record   {ENTITY}" in said
    assert f"index    {ENTITY}" in said
    assert "The oldest active key is of 20" in said
    assert "0 rows are under keys that only open." in said
    assert "rotation" not in said


def test_verify_opens_everything_and_names_what_needs_a_withheld_key(kobe: Installation) -> None:
    assert kobe.done("keys", "verify") == "60 values in 30 rows open.\n"
    with kobe.engine() as engine, engine.database.reading() as connection:
        table = engine.catalog.tables.entities[ENTITY]
        key_id = connection.scalar(table.select().with_only_columns(table.c.data_key_id))
    said = kobe.refused("keys", "verify", "--without", str(key_id))
    assert said.startswith("Error: 58 values in 30 rows open; 2 need a key that was withheld.")


@pytest.mark.usefixtures("hurried")
def test_keys_are_changed_and_everything_opens(own_kobe: Installation) -> None:
    before = own_kobe.records()
    said = own_kobe.done("keys", "rotate-data", ENTITY)
    assert said.startswith(f"{ENTITY}: 30 rows in 2 passes, 64 old keys destroyed.")
    said = own_kobe.done("keys", "reindex", "--all")
    assert said.startswith(f"{ENTITY}: 30 rows in 2 passes, 1 old keys destroyed.\n")
    assert own_kobe.records() == before
    assert own_kobe.done("keys", "verify") == "60 values in 30 rows open.\n"
    assert own_kobe.done("audit", "verify")
    assert set(acts(own_kobe)) == {"begin_key_rotation", "end_key_rotation"}


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("rotate-data",), 2, "Name one ENTITY, or give --all"),
        (("rotate-data", ENTITY, "--all"), 2, "Name one ENTITY"),
        (("rotate-data", "kobe_nothing"), 1, "kobe_nothing has no such keys; there are: "),
        (("reindex", "platform"), 1, "platform has no such keys"),
        (("rotate-root", "--new-key", "-"), 2, "The root key is in a file"),
        (("escrow", "--shares", "2", "--threshold", "3"), 2, "3 cannot be"),
    ],
)
def test_what_makes_no_sense_is_refused(
    kobe: Installation, arguments: tuple[str, ...], status: int, told: str
) -> None:
    assert told in kobe.refused("keys", *arguments, status=status)


def test_a_new_root_key_takes_the_files_place(own_kobe: Installation) -> None:
    root = own_kobe.instance / "root.key"
    before = root.read_bytes()
    assert "holds a new root key" in own_kobe.done("keys", "rotate-root")
    assert root.read_bytes() != before
    assert sorted(file.name for file in own_kobe.instance.glob("root.key*")) == ["root.key"]
    assert own_kobe.done("keys", "verify")
    root.chmod(0o600)
    root.write_bytes(before)
    root.chmod(0o400)
    assert "does not unwrap this keystore" in own_kobe.refused("keys", "verify")
    with pytest.raises(WrongRootKey):
        served(own_kobe)


def test_a_root_key_in_a_variable_is_changed_in_two_steps(own_kobe: Installation) -> None:
    """As an operator does whose service manager holds the variable: offer, restart, settle."""
    old, new = (b64encode(one).decode() for one in (_taken(own_kobe), os.urandom(32)))
    before, after = (Installation(own_kobe.folder, {ROOT_VARIABLE: one}) for one in (old, new))
    assert "--new-key FILE" in before.refused("keys", "rotate-root", status=2)
    assert (
        "is not base64" in before.flask("keys", "rotate-root", "--new-key", "-", stdin="?").output
    )
    said = before.flask("keys", "rotate-root", "--new-key", "-", stdin=f"{new}\n").output
    assert said.startswith("Two root keys open the keystore now.")
    for one in (before, after):
        assert "Two root keys open the keystore" in one.done("keys", "status")
    assert "still holds the old root key" in before.refused("keys", "rotate-root")
    assert "end the change of the root key first" in after.refused(
        *("keys", "escrow", "--shares", "3", "--threshold", "2")
    )
    assert "alone opens the keystore" in after.done("keys", "rotate-root")
    assert "does not unwrap" in before.refused("keys", "status")
    assert after.done("keys", "verify")
    assert acts(after) == ["begin_root_key_change", "end_root_key_change"]


def _taken(installation: Installation) -> bytes:
    """The root key, no longer in its file."""
    file = installation.instance / "root.key"
    content = file.read_bytes()
    file.unlink()
    return content


def test_a_lost_root_key_is_put_together_from_shares(own_kobe: Installation) -> None:
    lines = shares_of(own_kobe, 5, 3)
    lost = _taken(own_kobe)
    few = own_kobe.flask("keys", "recover", stdin="\n".join(lines[:2]))
    assert "2 shares are too few: 3 are needed" in few.output
    said = own_kobe.flask("keys", "recover", stdin="\n\n".join(lines[2:])).output
    assert said.endswith("holds the root key; it opens the keystore.\n")
    assert (own_kobe.instance / "root.key").read_bytes() == lost
    assert (own_kobe.instance / "root.key").stat().st_mode & 0o777 == 0o400
    assert own_kobe.done("keys", "verify")
    again = own_kobe.flask("keys", "recover", stdin="\n".join(lines))
    assert (again.exit_code, "File exists" in again.output) == (1, True)
    assert acts(own_kobe) == ["share_root_key"]


def test_shares_of_a_former_root_key_are_refused(own_kobe: Installation, tmp_path: Path) -> None:
    lines = shares_of(own_kobe, 2, 2)
    own_kobe.done("keys", "rotate-root")
    target = tmp_path / "recovered.key"
    said = own_kobe.flask("keys", "recover", "--to", str(target), stdin="\n".join(lines)).output
    assert "does not open this keystore" in said
    assert not target.exists()


def test_shares_give_the_text_for_the_variable_too(own_kobe: Installation, tmp_path: Path) -> None:
    lines, target = shares_of(own_kobe, 2, 2), tmp_path / "root.txt"
    own_kobe.flask("keys", "recover", "--to", str(target), "--text", stdin="\n".join(lines))
    root_key = (own_kobe.instance / "root.key").read_bytes()
    assert target.read_text("ascii") == b64encode(root_key).decode() + "\n"


@pytest.mark.parametrize("loss", ["removed", "emptied"])
def test_without_its_keystore_nothing_starts_and_no_other_is_made(
    own_kobe: Installation, loss: str
) -> None:
    keystore = own_kobe.instance / "keystore.db"
    for file in own_kobe.instance.glob("keystore.db*"):
        file.unlink()
    if loss == "emptied":
        keystore.touch()
    assert "the keystore is missing" in own_kobe.refused("records", "import", ENTITY, "/dev/null")
    assert "a new one could not open" in own_kobe.refused("setup")
    with pytest.raises(WrongKeystore, match="is missing"):
        served(own_kobe)
    assert not keystore.exists() or tables(keystore) == []


def test_a_keystore_older_than_the_records_is_refused(own_kobe: Installation) -> None:
    """Half a restore: the keystore of yesterday beside the database of today."""
    keystore, yesterday = (own_kobe.instance / f"{one}.db" for one in ("keystore", "yesterday"))
    put_in_place(yesterday, keystore)
    own_kobe.done("demo", "seed", "--count", "80")
    put_in_place(keystore, yesterday)
    assert "older than the records" in own_kobe.refused("keys", "status")
    with pytest.raises(WrongKeystore, match="Nothing is served"):
        served(own_kobe)


def test_another_installations_keystore_is_refused(own_kobe: Installation, tmp_path: Path) -> None:
    served(own_kobe)
    other = set_up(tmp_path / "other")
    put_in_place(own_kobe.instance / "root.key", other.instance / "root.key")
    put_in_place(own_kobe.instance / "keystore.db", other.instance / "keystore.db")
    assert "not the one these records" in own_kobe.refused("keys", "status")

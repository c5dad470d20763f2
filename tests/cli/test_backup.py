"""`flask backup`: an installation lost and brought back by its commands, and what they refuse."""

import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url

from exchange.backups import sqlite
from models.records.changes import Deletion
from models.tables.record_data import AuditEntry
from tests.cli.installation import ENTITY, READER, Installation
from tests.support.databases import postgresql_schema

DATABASES = ("uketsuke.db", "keystore.db")


@pytest.fixture
def house(own_kobe: Installation, tmp_path: Path) -> Installation:
    """With two places for backups, which are there only when they are needed."""
    return Installation(own_kobe.folder, places(tmp_path))


def places(folder: Path) -> dict[str, str]:
    return {
        "UKETSUKE_BACKUP_DIR": str(folder / "records"),
        "UKETSUKE_KEYSTORE_BACKUP_DIR": str(folder / "keys"),
    }


def lose(house: Installation, *names: str) -> None:
    for name in names:
        sqlite.remove(house.instance / name)


def folder_of(said: str, kind: str) -> Path:
    [found] = re.findall(rf"^{kind} .* (/\S+)$", said, flags=re.MULTILINE)
    return Path(found)


def audited(house: Installation, action: str) -> list[dict[str, object]]:
    return [json.loads(row.body) for row in house.rows(AuditEntry) if row.action == action]


def test_a_machine_is_lost_and_brought_back(house: Installation, tmp_path: Path) -> None:
    """The drill of docs/backup.md: another machine, the root key out of the safe, the backups."""
    before = house.records()
    made = house.done("backup", "create")
    assert {folder_of(made, kind).parent.name for kind in ("records", "keystore")} == {
        "records",
        "keys",
    }
    assert house.done("backup", "list") == made
    verified = house.done("backup", "verify")
    assert verified.count(": whole\n") == 2
    [entry] = audited(house, "back_up")
    assert len(entry["details"]["made"]) == 2  # type: ignore[index]
    new = Installation(tmp_path / "new machine", house.changes)
    new.instance.mkdir(parents=True)
    shutil.copy(house.instance / "root.key", new.instance)
    assert new.done("backup", "list") == made
    said = new.done("backup", "restore")
    assert "The keystore is lost and comes back" in said
    assert "Restored" in said
    assert "0 records erased again" in said
    new.done("setup")
    assert "the chain holds" in new.done("audit", "verify")
    assert new.records() == before
    [entry] = audited(new, "restore_backup")
    assert str(entry["by"]).startswith("flask backup restore by ")
    assert "there is a database already" in new.refused("backup", "restore")


def test_what_was_erased_since_stays_erased(house: Installation) -> None:
    first, *others = house.records()
    house.done("backup", "create")
    with house.engine() as engine:
        engine.run(lambda s: s.delete_multiple(READER, ENTITY, [Deletion(first["id"])]))
    lose(house, "uketsuke.db")
    said = house.done("backup", "restore")
    assert "The keystore is lost" not in said
    assert "1 records erased again" in said
    assert house.records() == others


def test_an_older_backup_is_restored_by_its_folder(house: Installation) -> None:
    old = folder_of(house.done("backup", "create", "--without-keystore"), "records")
    count = len(house.records())
    house.done("demo", "seed", "--count", "3")
    house.done("backup", "create", "--without-keystore")
    lose(house, "uketsuke.db")
    house.done("backup", "restore", str(old))
    assert len(house.records()) == count


def test_without_the_keystore_nothing_is_restored(house: Installation) -> None:
    house.done("backup", "create", "--without-keystore")
    lose(house, *DATABASES)
    assert "no keystore and no backup of one" in house.refused("backup", "restore")


def test_a_spoilt_backup_is_told_by_list_and_by_verify(house: Installation) -> None:
    folder = folder_of(house.done("backup", "create"), "records")
    content = folder / "content.sealed"
    content.write_bytes(content.read_bytes()[:-1] + b"?")
    assert "altered, or cut short" in house.refused("backup", "verify", str(folder))
    content.write_bytes(b"?")
    assert "SPOILT" in house.done("backup", "list")
    assert "its content has 1 bytes" in house.refused("backup", "verify", str(folder))


def test_both_places_are_named_and_apart(own_kobe: Installation, tmp_path: Path) -> None:
    said = own_kobe.refused("backup", "create")
    assert "--to, or set UKETSUKE_BACKUP_DIR" in said
    to = ("--to", str(tmp_path / "a"))
    said = own_kobe.refused("backup", "create", *to)
    assert "--keystore-to, or set UKETSUKE_KEYSTORE_BACKUP_DIR" in said
    for other in ("a", "a/keys", "."):
        keystore_to = ("--keystore-to", str(tmp_path / other))
        assert "Name two places" in own_kobe.refused("backup", "create", *to, *keystore_to)
    assert not (tmp_path / "a").exists()


def test_too_many_are_removed_and_it_is_noted(house: Installation) -> None:
    for _ in range(3):
        said = house.done("backup", "create", "--keep", "2")
    assert said.count("\nremoved ") == 1
    assert len(list((house.folder / "records").iterdir())) == 2
    assert len(list((house.folder / "keys").iterdir())) == 3
    *_, entry = audited(house, "back_up")
    assert len(entry["details"]["removed"]) == 1  # type: ignore[index]


def test_after_its_days_a_backup_cannot_be_read_anywhere(
    house: Installation, tmp_path: Path
) -> None:
    old = folder_of(house.done("backup", "create"), "records")
    copy = tmp_path / "somewhere else" / old.name
    shutil.copytree(old, copy)
    long_ago = old.rename(old.with_name(f"records-20200101T000000.000Z-{old.name[-8:]}"))
    with sqlite3.connect(house.instance / "keystore.db") as connection:
        connection.execute("UPDATE data_key SET created_on = '2020-01-01' WHERE purpose = 5")
    connection.close()
    assert ": whole" in house.done("backup", "verify", str(copy)), "it is the newest"
    assert f"removed   {long_ago}" in house.done("backup", "create")
    assert "does not have its key" in house.refused("backup", "verify", str(copy))
    *_, entry = audited(house, "back_up")
    assert entry["details"]["ended"] == 1  # type: ignore[index]


def test_a_move_to_postgresql_is_a_move_of_everything(
    house: Installation, postgres_url: str
) -> None:
    before, target = house.records(), postgresql_schema(postgres_url)
    keys = f"sqlite:///{house.folder}/moved keys.db"
    together = house.refused("backup", "move", "--to", target, "--keystore-to", target)
    assert "must not be in one database" in together
    said = house.done("backup", "move", "--to", target, "--keystore-to", keys)
    assert re.search(rf"^{ENTITY} +{len(before)} rows, checksum [0-9a-f]{{16}}$", said, re.M)
    assert make_url(target).query["options"] not in said
    assert "destroy the old keystore" in said
    moved = {"UKETSUKE_DATABASE_URL": target, "UKETSUKE_KEYSTORE_URL": keys}
    lose(house, "keystore.db")
    there = Installation(house.folder, {**house.changes, **moved})
    assert there.records() == before
    assert len(audited(there, "move_database")) == 1
    assert "the chain holds" in there.done("audit", "verify")
    again = ("backup", "move", "--to", "sqlite:///never.db", "--keystore-to", keys)
    assert "the target is not empty" in there.refused(*again)
    assert not Path("never.db").exists()


def test_a_place_that_is_none_is_told(house: Installation) -> None:
    said = house.refused("backup", "move", "--to", "mysql://himitsu@db/x")
    assert "must begin with sqlite:/// or postgresql://" in said
    assert "himitsu" not in said

"""Backups: what is in them, what is not, who may read them, and which of them stay."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert

from crypto.backup_keys import backup_keys
from exchange.backups import facts, making, places, postgresql
from exchange.backups.checking import unsealed, verify
from exchange.backups.left_out import LEFT_OUT
from exchange.backups.making import Source
from exchange.backups.manifests import Kind
from exchange.backups.places import Backup, Spoilt, opened
from exchange.backups.refusing import BackupRefused
from models.tables.base import Base, utc_now
from models.tables.intake import RateLimit
from tests.exchange.backups.house import House, create, stored, values
from tests.laws.traces import encodings, files_below

PEN_NAME = "ペンネームは平文"
"""Free text, which the database holds in clear."""
KINDS = tuple(Kind)


@pytest.fixture(scope="module", autouse=True)
def filled(house: House) -> None:
    row = {"key": "counted", "count": 1, "expires_on": utc_now().timestamp()}
    with house.engine() as engine:
        create(engine, {**values("himitsu.hozon"), "tst_memo": PEN_NAME})
        engine.database.run(lambda transaction: transaction.write(insert(RateLimit), row))


@pytest.fixture(scope="module", params=KINDS)
def backup(house: House, request: pytest.FixtureRequest) -> Backup:
    return house.back_up(request.param)


def plain(backup: Backup, house: House) -> bytes:
    return b"".join(backup.content())


def test_it_opens_and_is_whole(house: House, backup: Backup) -> None:
    again = house.complete(opened(backup.folder, house.provider))
    assert again.manifest == backup.manifest
    verify(again, house.folder)
    assert not list(house.folder.glob(".*"))


def test_it_counts_what_is_there(house: House) -> None:
    manifest = house.back_up(Kind.RECORDS).manifest
    with house.engine() as engine, engine.database.reading() as connection:
        rows = facts.row_counts(connection)
        head = facts.facts_of(Kind.RECORDS, connection)
    left_out = {one.__tablename__ for one in LEFT_OUT}
    assert rows["blindindex"] > 0
    assert rows["ratelimit"] > 0
    assert dict(manifest.rows) == {name: 0 if name in left_out else n for name, n in rows.items()}
    assert manifest.facts == head
    assert head["highest_key"] > 0
    assert head["audit_sequence"] == rows["audit"]


def test_what_is_left_out_is_not_even_a_trace(house: House) -> None:
    """On SQLite deleted rows stay in free pages until the file is written anew."""
    backup = house.back_up(Kind.RECORDS)
    with house.engine() as engine:
        digests = [row.digest for row in stored(engine, LEFT_OUT[0])]
    content = plain(backup, house)
    assert digests
    for digest in digests:
        assert digest not in content
        assert digest.hex().encode() not in content
    if backup.manifest.database == "sqlite":
        with unsealed(backup, house.folder) as file:
            assert PEN_NAME.encode() in file.read_bytes()


def test_nothing_of_it_can_be_read_without_the_root_key(house: House, backup: Backup) -> None:
    lying = files_below(backup.folder)
    assert set(lying) == {places.MANIFEST, places.CONTENT}
    for text in (PEN_NAME, "himitsu.hozon", "CREATE TABLE"):
        for content in lying.values():
            assert not any(one in content for one in encodings(text).values())


def test_it_is_its_owners_alone(backup: Backup) -> None:
    assert stat.S_IMODE(backup.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((backup.folder / places.CONTENT).stat().st_mode) == 0o600


def test_the_keystore_is_in_no_backup_of_the_records(house: House) -> None:
    manifest = house.back_up(Kind.RECORDS).manifest
    assert not {"data_key", "keystore_value"} & set(manifest.rows)
    assert house.back_up(Kind.KEYSTORE).manifest.facts["highest_key"] > 0


def test_of_one_that_breaks_off_nothing_stays(house: House, tmp_path: Path) -> None:
    """The disk is full, the database is away: nothing that looks like a backup."""
    with house.source(Kind.RECORDS) as source:
        away = "/nowhere/at.db" if source.is_sqlite else "/nowhere_at_all"
        broken = replace(source, url=_elsewhere(source, away))
        before = backup_keys(source.keys)
        with pytest.raises(Exception, match="nowhere|unable to open"):
            making.make(broken, tmp_path / "place")
        assert list((tmp_path / "place").iterdir()) == []
        assert backup_keys(source.keys) == before


def _elsewhere(source: Source, name: str) -> str:
    if source.is_sqlite:
        return f"sqlite:///{name}"
    return source.url.replace("127.0.0.1:5432/", "127.0.0.1:5432/nowhere_")


def test_a_spoilt_one_is_listed_with_its_reason(house: House, tmp_path: Path) -> None:
    good = house.back_up(Kind.RECORDS, tmp_path)
    short = house.back_up(Kind.RECORDS, tmp_path)
    os.truncate(short.folder / places.CONTENT, 100)
    empty = tmp_path / "records-20000101T000000Z-00000000"
    empty.mkdir()
    found = places.found_in(tmp_path, Kind.RECORDS, house.provider)
    assert [one for one in found if isinstance(one, Backup)] == [good]
    reasons = {one.folder: one.reason for one in found if isinstance(one, Spoilt)}
    assert "has 100 bytes" in reasons[short.folder]
    assert "is no backup" in reasons[empty]


def test_only_the_newest_stay(house: House, tmp_path: Path) -> None:
    """A spoilt one counts for none, and stays for whoever looks into it."""
    made = [house.back_up(Kind.RECORDS, tmp_path) for _ in range(4)]
    (made[2].folder / places.CONTENT).write_bytes(b"")
    found = places.found_in(tmp_path, Kind.RECORDS, house.provider)
    assert making.tidy(found, keep=2) == [made[0].folder]
    assert {one.name for one in tmp_path.iterdir()} == {one.folder.name for one in made[1:]}
    assert making.tidy([], keep=2) == []


def aged(folder: Path, *, days: int) -> Path:
    """The same backup, as if it had been made before."""
    created = places.made_on(folder)
    assert created is not None
    before = created - timedelta(days=days)
    name = f"keystore-{before:%Y%m%dT%H%M%S}.000Z-{folder.name[-8:]}"
    return folder.rename(folder.with_name(name))


def test_keystores_stay_for_days_and_the_newest_for_good(house: House, tmp_path: Path) -> None:
    """Also those that cannot be read by today's root key: somebody may have the one of then."""
    made = [house.back_up(Kind.KEYSTORE, tmp_path).folder for _ in range(4)]
    young, old, unreadable, newest = (
        aged(one, days=days) for one, days in zip(made, (6, 8, 9, 0), strict=True)
    )
    (unreadable / places.MANIFEST).write_text("{}")
    found = places.found_in(tmp_path, Kind.KEYSTORE, house.provider)
    later = utc_now() + timedelta(minutes=1)
    assert making.expire(found, days=7, now=later) == [old, unreadable]
    assert {*tmp_path.iterdir()} == {young, newest}
    much_later = later + timedelta(days=99)
    assert making.expire(found[:1], days=7, now=much_later) == []
    assert making.expire([], days=7, now=much_later) == []


def test_what_was_left_by_force_is_put_away_after_a_day(house: House, tmp_path: Path) -> None:
    place = tmp_path / "place"
    left = [house.folder / ".backup-x", house.folder / ".restore-x", place / ".partial-x"]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "unsealed.db").write_text(PEN_NAME)
    house.back_up(Kind.RECORDS, place)
    assert all(folder.exists() for folder in left), "somebody may be at it"
    for folder in left:
        os.utime(folder, (0, 0))
    house.back_up(Kind.RECORDS, place)
    assert not any(folder.exists() for folder in left)


def test_a_table_that_came_later_is_looked_at_by_somebody() -> None:
    """Whoever adds one that is short-lived or derived decides whether it belongs in a backup."""
    expiring = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if "expires_on" in mapper.columns
    }
    kept_on_purpose = {
        "confirmationtoken",  # its mail was sent, and its link must work
        "applicantlink",  # the same
        "addresschange",  # the same
    }
    assert expiring - kept_on_purpose <= {one.__tablename__ for one in LEFT_OUT}


def test_a_dump_of_which_rows_are_missing_is_refused(house: House) -> None:
    backup = house.back_up(Kind.RECORDS)
    more = dict(backup.manifest.rows) | {"audit": backup.manifest.rows["audit"] + 1}
    forged = replace(backup, manifest=replace(backup.manifest, rows=more))
    with pytest.raises(BackupRefused, match=r"audit has \d+ rows, not \d+"):
        verify(forged, house.folder)


TOOL = """#!/bin/sh
if [ "$1" = --version ]; then echo "$(basename "$0") (PostgreSQL) {version}"; exit; fi
printf '%s\\n' "$@" > "{told}"; echo "$PGPASSWORD" >> "{told}.environment"
"""


@pytest.fixture
def other_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs of those names, which only note how they were started; found before all others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def tool(folder: Path, name: str, version: str) -> Path:
    path, told = folder / name, folder / f"{name}.told"
    path.write_text(TOOL.format(version=version, told=told))
    path.chmod(0o755)
    return told


@pytest.fixture
def server(postgres_url: str) -> Iterator[Connection]:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_older_tools_are_refused_by_name(server: Connection, other_tools: Path) -> None:
    tool(other_tools, "pg_dump", "12.4")
    with pytest.raises(BackupRefused, match="pg_dump is of version 12, the server of"):
        postgresql.require_tools(server)
    tool(other_tools, "pg_dump", "99.0")
    tool(other_tools, "pg_restore", "something else")
    with pytest.raises(BackupRefused, match="pg_restore is of version unknown"):
        postgresql.require_tools(server)


def test_missing_tools_are_named(
    server: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused, match="pg_dump is not installed here"):
        postgresql.require_tools(server)


def test_no_password_stands_on_a_command_line(other_tools: Path) -> None:
    url = "postgresql+psycopg://office:himitsu@db.example.jp:6543/uketsuke?sslmode=require"
    told = tool(other_tools, "pg_dump", "99.0")
    assert list(postgresql.dumped(url, schema="public", snapshot="1-1")) == []
    words = told.read_text()
    assert "himitsu" not in words
    for part in ("host=db.example.jp", "port=6543", "user=office", "sslmode=require"):
        assert part in words
    assert told.with_name(f"{told.name}.environment").read_text() == "himitsu\n"

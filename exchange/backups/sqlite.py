"""A SQLite database copied while it is in use, and looked through before it is believed.

It knows files and tables, neither seals nor manifests. A copy is as readable as the database is:
it lies in a folder that only its owner enters, for as long as it takes to seal it.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, delete, inspect, make_url
from sqlalchemy.exc import DBAPIError

from crypto.sqlite_files import SIDE_FILES
from exchange.backups.refusing import BackupRefused
from models.tables.base import Base, table_of

STEP = 1024  # pages
CHUNK = 1024 * 1024


def file_of(url: str) -> Path:
    return Path(str(make_url(url).database))


def url_of(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string()


def copied(database: Path, folder: Path, *, left_out: Iterable[type[Base]]) -> Path:
    """A copy of one moment without the rows of `left_out`, and without their traces: what is
    deleted stays in a file's free pages, so the copy is copied again."""
    whole, slim = folder / "whole.db", folder / "slim.db"
    _copy(database, whole)
    with connected(whole) as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=OFF")
        present = set(inspect(connection).get_table_names())
        for mapped in left_out:
            if mapped.__tablename__ in present:
                # nosemgrep: record-written-elsewhere - of a copy, and tables of no records
                connection.execute(delete(table_of(mapped)))
        connection.exec_driver_sql("VACUUM INTO ?", (str(slim),))
    whole.unlink()
    return slim


def _copy(database: Path, target: Path) -> None:
    """By SQLite's online backup. A read transaction is held meanwhile: each step then sees the
    same moment, however much is written, and in a log nobody waits for a reader."""
    with (
        closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.isolation_level = None
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=STEP)


@contextmanager
def connected(file: Path) -> Iterator[Connection]:
    """To a file that nobody else has open; each statement is a transaction of its own."""
    engine = create_engine(url_of(file), hide_parameters=True, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def written(file: Path, chunks: Iterable[bytes]) -> None:
    """A new file, its owner's alone, on the disk before this returns."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        for chunk in chunks:
            opened.write(chunk)
        opened.flush()
        os.fsync(opened.fileno())


def require_sound(connection: Connection) -> None:
    """BackupRefused where SQLite itself finds the file damaged."""
    try:
        [[said]] = connection.exec_driver_sql("PRAGMA integrity_check(1)").all()
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    except DBAPIError:
        said, dangling = "no database", None
    if said != "ok":
        raise BackupRefused(f"SQLite finds the database damaged: {said}")
    if dangling is not None:
        raise BackupRefused(f"rows of {dangling[0]} point to rows that are not there")


def remove(file: Path) -> None:
    """With its side files; no error where there is none."""
    for one in (file, *(file.with_name(file.name + end) for end in (*SIDE_FILES, "-gate"))):
        one.unlink(missing_ok=True)

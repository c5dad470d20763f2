"""What was deleted leaves the files of SQLite, too: the pages at once, the log when emptied."""

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from models.tables.base import utc_now
from models.tables.installation import create_platform
from models.tables.intake import RateLimit
from models.tables.session import Database
from tests.laws.traces import files_below

WRITTEN = "written by somebody who was erased"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "uketsuke.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}")
    create_platform(database)
    yield database
    database.dispose()


def files(path: Path) -> list[Path]:
    return sorted(path.parent.glob(path.name + "*"))


def is_legible(path: Path) -> bool:
    return any(WRITTEN.encode() in content for content in files_below(path.parent).values())


def write_and_delete(database: Database) -> None:
    row = {"key": WRITTEN, "count": 1, "expires_on": utc_now().timestamp()}
    database.run(lambda transaction: transaction.write(insert(RateLimit), row))
    database.run(lambda transaction: transaction.write(delete(RateLimit)))


def test_nothing_is_left_once_the_log_is_emptied(database: Database, path: Path) -> None:
    with database.reading():  # another worker's connection, at rest
        write_and_delete(database)
        assert is_legible(path)
        assert database.empty_log()
        assert not is_legible(path)


def test_a_busy_log_is_reported_and_emptied_later(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reader = sqlite3.connect(path, isolation_level=None)
    write_and_delete(database)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM ratelimit").fetchone()
    write_and_delete(database)
    assert not database.empty_log()
    assert "log was in use" in caplog.text
    assert is_legible(path)
    reader.close()
    assert database.empty_log()
    assert not is_legible(path)


def test_emptying_leaves_a_connection_as_patient_as_it_was(database: Database) -> None:
    database.empty_log()
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000


def test_the_files_are_readable_by_their_owner_only(database: Database, path: Path) -> None:
    write_and_delete(database)
    assert len(files(path)) == 4  # with the log, its index and the gate
    assert {stat.S_IMODE(file.stat().st_mode) for file in files(path)} == {0o600}


def test_files_found_open_to_others_are_closed(database: Database, path: Path) -> None:
    """Of an installation set up before this was seen to."""
    write_and_delete(database)
    found = [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
    for file in found:
        file.chmod(0o644)
    create_platform(database)
    assert {stat.S_IMODE(file.stat().st_mode) for file in found} == {0o600}

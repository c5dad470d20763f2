"""The files of an SQLite database: a log from the start, open to their owner only, and rid of what
was deleted.

Both of the house's databases are kept so. Knows neither keys nor records; of PostgreSQL, which
tends its own files, it asks nothing.
"""

from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import Error as SQLiteError
from sqlite3 import OperationalError
from time import monotonic, sleep

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.engine.interfaces import DBAPICursor

SIDE_FILES = ("-wal", "-shm", "-journal")
LONGEST_WAIT = 1000
"""Milliseconds that the log is waited for. Meanwhile nobody can write: a long read must not have
all others wait for its end."""

LONGEST_START, BETWEEN_TRIES = 10.0, 0.02  # seconds


def make_private(url: str | URL) -> None:
    """See to it that an SQLite database is readable by its owner only, before anything is in it;
    SQLite gives its side files the same mode, and those that are there already get it now."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return
    path = Path(str(parsed.database))
    path.touch(mode=0o600)
    for file in (path, *(path.with_name(path.name + end) for end in SIDE_FILES)):
        if file.exists():
            file.chmod(0o600)


def is_missing(url: str | URL) -> bool:
    """Whether it is an SQLite database whose file is not there; opening it would make one."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (
        None,
        "",
        ":memory:",
    )
    return is_file and not Path(str(parsed.database)).exists()


def write_ahead(connection: SQLiteConnection) -> None:
    """Have the database keep a log. Of several processes that open a new file at once SQLite
    refuses all but one on the spot, whatever its busy timeout: they try again."""
    end = monotonic() + LONGEST_START
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except OperationalError:
            if monotonic() > end:
                raise
            sleep(BETWEEN_TRIES)
        else:
            return


def quick_number(engine: Engine, question: str) -> int | None:
    """The number that a statement without parameters answers, asked of SQLite's driver itself: for
    what every request asks, SQLAlchemy's connection costs four times as much. None on other
    databases, and for whatever goes wrong: SQLAlchemy is asked next, and says it in its words."""
    if engine.dialect.name != "sqlite":
        return None
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(question)
        [[number]] = cursor.fetchall()
    except (SQLiteError, ValueError):
        return None
    finally:
        connection.close()
    return int(number)


def empty_log(engine: Engine) -> bool:
    """Write SQLite's log back and cut it to nothing, so that no old page survives in it; False
    where a reader kept it busy."""
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        patience = _pragma(cursor, "busy_timeout")
        _pragma(cursor, f"busy_timeout = {min(patience, LONGEST_WAIT)}")
        try:
            is_busy = _pragma(cursor, "wal_checkpoint(TRUNCATE)")
        finally:
            _pragma(cursor, f"busy_timeout = {patience}")
    finally:
        connection.close()
    return not is_busy


def _pragma(cursor: DBAPICursor, text: str) -> int:
    """The first number of the answer."""
    cursor.execute(f"PRAGMA {text}")  # nosemgrep: sql-from-strings - words of ours, no binding
    return int(cursor.fetchall()[0][0])

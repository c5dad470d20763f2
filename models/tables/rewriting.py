"""Tables written anew, so that nothing of what was deleted from them survives in their files.

SQLite overwrites deleted pages at once (`secure_delete`) and keeps copies in its log: the whole
database is written anew and its log emptied. PostgreSQL keeps dead rows in their pages: the tables
are written anew, and their old files go. Copies elsewhere, backups and archived logs are not
reached.
"""

import time
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import OperationalError

from models.tables.session import Database

SECURE_DELETE, VACUUM, LOG_EMPTIED = "secure_delete", "vacuum", "log_emptied"
VACUUM_FULL = "vacuum_full"
PATIENCE_SECONDS = 120.0
"""How long a reader of SQLite's log, or of a table of PostgreSQL, is waited for."""
PAUSE_SECONDS = 0.2
_IS_SEEN = text(
    """
    SELECT pg_snapshot_xmin(pg_current_snapshot()) <= CAST(:now AS xid8) OR EXISTS (
        SELECT 1 FROM pg_stat_activity
        WHERE pid <> pg_backend_pid()
          AND (datname = current_database() OR datname IS NULL)
          AND age(backend_xmin) >= age(CAST(CAST(:now AS xid8) AS xid))
    )
    """
)
"""Whether a transaction as old as that one is still going on, in any database of the server (our
own view of it begins there), or somebody in this one still looks at a state as old."""


def rewrite(database: Database, tables: Iterable[Table]) -> list[str]:
    """What was done, in its order; what could not be done is not in it. Outside of any
    transaction; who writes meanwhile waits."""
    return _rewrite_sqlite(database) if database.is_sqlite else _rewrite_tables(database, tables)


def is_complete(done: Sequence[str]) -> bool:
    """Whether nothing was left undone of what `rewrite` did."""
    return LOG_EMPTIED in done or VACUUM_FULL in done


def size_of(database: Database) -> int:
    """Bytes of the whole database: what a rewriting takes grows with them."""
    question = "SELECT pg_database_size(current_database())"
    if database.is_sqlite:
        question = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    with database.reading() as connection:
        return int(connection.scalar(text(question)) or 0)


def _rewrite_sqlite(database: Database) -> list[str]:
    with database.alone(), database.reading() as connection:
        overwrites = connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        connection.exec_driver_sql("VACUUM")
    done = [SECURE_DELETE, VACUUM] if overwrites else [VACUUM]
    until = time.monotonic() + PATIENCE_SECONDS
    while not database.empty_log():
        if time.monotonic() > until:
            return done
        time.sleep(PAUSE_SECONDS)
    return [*done, LOG_EMPTIED]


def _rewrite_tables(database: Database, tables: Iterable[Table]) -> list[str]:
    """A table that is in use is waited for a moment at a time: who asks for it after us would
    have to wait behind us."""
    until = time.monotonic() + PATIENCE_SECONDS
    with database.reading() as connection:
        is_unseen = _seen_by_nobody(connection, until)
        connection.exec_driver_sql("SET lock_timeout = '1s'")
        try:
            left = [one for one in tables if not _rewritten(connection, one, until)]
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
    return [VACUUM_FULL] if is_unseen and not left else []


def _seen_by_nobody(connection: Connection, until: float) -> bool:
    """Wait for all who began before now: a deleted row that one of them may still see would be
    written anew with the others."""
    now = connection.scalar(text("SELECT CAST(pg_current_xact_id() AS text)"))
    while connection.scalar(_IS_SEEN, {"now": now}):
        if time.monotonic() > until:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def _rewritten(connection: Connection, table: Table, until: float) -> bool:
    name = connection.dialect.identifier_preparer.format_table(table)
    while True:
        try:
            connection.exec_driver_sql(f"VACUUM FULL {name}")  # nosemgrep: sql-from-strings - ours
        except OperationalError:
            if time.monotonic() > until:
                return False
            time.sleep(PAUSE_SECONDS)
        else:
            return True

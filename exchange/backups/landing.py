"""Where a backup comes down: a place that is free, which has all of it at the end, or nothing.

SQLite's file gets its name when the work on it is done; what PostgreSQL was given is taken out
again if that fails. It knows no order of steps, and not whether keys and records fit.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import MetaData, make_url

from exchange.backups import checking, facts, postgresql, sqlite
from exchange.backups.manifests import Manifest
from exchange.backups.places import Backup, sync_folder
from exchange.backups.refusing import BackupRefused
from models.tables.session import Database

TAKEN = "there is a database already; a backup is restored into an empty place only"
OTHER_SORT = "the backup is of {theirs}, this place is {ours}; restore it there, then move it"
OTHER_SCHEMA = "the backup is of the schema “{theirs}”, this place is the schema “{ours}”"


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def is_free(url: str) -> bool:
    """Nothing is there, or a database without a table."""
    if is_sqlite(url):
        return _is_free_file(sqlite.file_of(url))
    with _database(url) as database, database.reading() as connection:
        return facts.is_empty(connection)


def require_same_sort(manifest: Manifest, url: str) -> None:
    ours = "sqlite" if is_sqlite(url) else "postgresql"
    if manifest.database != ours:
        raise BackupRefused(OTHER_SORT.format(theirs=manifest.database, ours=ours))
    if is_sqlite(url):
        return
    with _database(url) as database, database.reading() as connection:
        postgresql.require_tools(connection)
        schema = postgresql.current_schema(connection)
    if schema != manifest.schema:
        raise BackupRefused(OTHER_SCHEMA.format(theirs=manifest.schema, ours=schema))


@contextmanager
def records(backup: Backup, url: str) -> Iterator[Database]:
    """The records as they were; verified, and with SQLite under nobody's name until the end."""
    if not is_sqlite(url):
        with _schema(backup, url), _database(url) as database:
            yield database
        return
    file = sqlite.file_of(url)
    with _beside(backup, file) as draft:
        with _database(sqlite.url_of(draft)) as database:
            yield database
        _name(draft, file)  # the last connection has written SQLite's log back


@contextmanager
def keystore(backup: Backup, url: str) -> Iterator[None]:
    """The keystore in its place; gone again where what follows fails."""
    if not is_sqlite(url):
        with _schema(backup, url):
            yield
        return
    file = sqlite.file_of(url)
    with _beside(backup, file) as draft:
        _name(draft, file)
    try:
        yield
    except BaseException:
        sqlite.remove(file)
        raise


@contextmanager
def _beside(backup: Backup, file: Path) -> Iterator[Path]:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with checking.unsealed(backup, file.parent) as draft:
        yield draft


def _name(draft: Path, file: Path) -> None:
    """A link, unlike a rename, replaces nothing that came meanwhile."""
    if not _is_free_file(file):
        raise BackupRefused(TAKEN)
    sqlite.remove(file)
    os.link(draft, file)
    sync_folder(file.parent)


def _is_free_file(file: Path) -> bool:
    if not file.exists():
        return True
    with sqlite.connected(file) as connection:
        return facts.is_empty(connection)


@contextmanager
def _schema(backup: Backup, url: str) -> Iterator[None]:
    checking.require_whole_dump(backup)
    postgresql.restored(url, backup.content(), schema=backup.manifest.schema)
    try:
        yield
    except BaseException:
        with _database(url) as database:
            _empty(database)
        raise


def _empty(database: Database) -> None:
    """Take out again all that is there: the place was free."""
    found = MetaData()
    with database.reading() as connection:
        found.reflect(connection)
    database.run(lambda transaction: found.drop_all(transaction.lock()))


@contextmanager
def _database(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()

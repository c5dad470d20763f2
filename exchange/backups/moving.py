"""An installation's records moved to another database, SQLite's or PostgreSQL's, and its keystore
if that is asked for. Whole or not at all: the target is written in one transaction.

While it lasts nobody writes to the source. Every table is read again from the target before the
end, and must come to the same count and checksum.
"""

from collections.abc import Mapping
from itertools import chain

from sqlalchemy import Connection, MetaData, inspect

import models.tables.installation  # noqa: F401 - makes all of the platform's tables known
from crypto.keystore_tables import metadata as of_keystore
from crypto.keystore_tables import open_database, writing
from crypto.sqlite_files import make_private
from exchange.backups import facts, landing
from exchange.backups.refusing import BackupRefused
from models.metadata.catalog import Catalog
from models.tables import copying
from models.tables.base import Base
from models.tables.copying import Sum
from models.tables.session import Database, Transaction

TAKEN = "the target is not empty; records are moved to an empty database only"
STRANGE_TABLES = "the database has tables that no definition knows, and that would stay: {names}"
STRANGE_COLUMNS = "{table} has columns that no definition knows, and that would stay: {names}"
DIFFERENT = "{table} came to be another: {source} became {target}"
Sums = Mapping[str, Sum]


def require_free(*urls: str | None) -> None:
    """BackupRefused where one of the targets holds something; harmless to ask."""
    if not all(landing.is_free(url) for url in urls if url):
        raise BackupRefused(TAKEN)


def move_records(source: Database, target_url: str, catalog: Catalog) -> Sums:
    """By table. BackupRefused, and the target as empty as it was, where anything differs."""
    require_free(target_url)
    make_private(target_url)
    target = Database(target_url)
    known = (Base.metadata, catalog.tables.metadata)

    def held(reading: Transaction) -> Sums:
        connection = reading.lock()
        _require_known(connection, known)
        _keep_others_out(connection, known)
        return target.run(lambda moving: _moved(connection, moving.lock(), known))

    try:
        return source.run(held)
    finally:
        target.dispose()


def move_keystore(source_url: str, target_url: str) -> Sums:
    """The same for data keys, wrapped as they are: the root key stays the same. The old keystore
    is left as it is; whoever keeps it keeps what will be erased."""
    require_free(target_url)
    make_private(target_url)
    engines = open_database(source_url), open_database(target_url)
    try:
        with writing(engines[0]) as reading, writing(engines[1]) as moving:
            _keep_others_out(reading, (of_keystore,))
            return _moved(reading, moving, (of_keystore,))
    finally:
        for engine in engines:
            engine.dispose()


def _moved(source: Connection, target: Connection, known: tuple[MetaData, ...]) -> Sums:
    if not facts.is_empty(target):
        raise BackupRefused(TAKEN)
    sums = {}
    for metadata in known:
        metadata.create_all(target)
        for table in copying.plain_tables(metadata):
            later = copying.pointing_home(metadata.tables[table.name])
            read = copying.copy(source, target, table, later=later)
            written = copying.summed(target, table)
            if read != written:
                message = DIFFERENT.format(table=table.name, source=read, target=written)
                raise BackupRefused(message)
            sums[table.name] = read
    return sums


def _keep_others_out(connection: Connection, known: tuple[MetaData, ...]) -> None:
    copying.hold(connection, [*chain.from_iterable(one.sorted_tables for one in known)])


def _require_known(connection: Connection, known: tuple[MetaData, ...]) -> None:
    """What no definition knows would be lost without a word."""
    tables = {name: one for metadata in known for name, one in metadata.tables.items()}
    inspector = inspect(connection)
    there = inspector.get_table_names()
    if strange := sorted(set(there) - set(tables)):
        raise BackupRefused(STRANGE_TABLES.format(names=", ".join(strange)))
    for name in there:
        columns = {one["name"] for one in inspector.get_columns(name)}
        if odd := sorted(columns - set(tables[name].columns.keys())):
            raise BackupRefused(STRANGE_COLUMNS.format(table=name, names=", ".join(odd)))

"""The keystore's tables and how its database is opened; it holds no key and unwraps none.

The keystore is a database of its own, never part of the records' database nor of its backups: a
destroyed key must not come back with a restored backup.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, StrEnum
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    create_engine,
    event,
    make_url,
)

from crypto.sqlite_files import write_ahead


class Purpose(IntEnum):
    """What a data key is for; the number is part of what its wrapping authenticates."""

    MONTH = 1
    RECORD = 2
    INDEX = 3
    PLATFORM = 4
    BACKUP = 5


class KeyState(StrEnum):
    """`active` seals and opens, `decrypt` only opens. `destroyed` keeps nothing but its id, and so
    does `replaced`, with which nothing was lost: a rotation had sealed all anew."""

    ACTIVE = "active"
    DECRYPT = "decrypt"
    DESTROYED = "destroyed"
    REPLACED = "replaced"


metadata = MetaData()

keystore_value = Table(
    "keystore_value",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger),
    Column("content", LargeBinary),
)

data_key = Table(
    "data_key",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("purpose", SmallInteger, nullable=False),
    Column("entity_number", BigInteger, nullable=False),
    Column("period", Integer, nullable=False),
    Column("wrapped", LargeBinary),
    Column("state", String(10), nullable=False),
    Column("created_on", DateTime(timezone=True), nullable=False),
    Column("destroyed_on", DateTime(timezone=True)),
    Index("data_key_by_period", "purpose", "entity_number", "period"),
)

erased_record = Table(
    "erased_record",
    metadata,
    Column("record_id", LargeBinary(16), primary_key=True),
    Column("entity_number", BigInteger, nullable=False),
    Column("erased_on", DateTime(timezone=True), nullable=False),
    Column("emptied", String(4000)),
    Index("erased_record_by_entity", "entity_number", "record_id"),
)
"""What was deleted, by id, or made nobody's, by the names of what was emptied (with a comma
between): so that a backup that is put back brings none of it with it."""

# One active key per bucket, also when two processes make it at once. Record keys are as many as
# there are records, and each backup has its own.
_MANY = (Purpose.RECORD.value, Purpose.BACKUP.value)
_ONE_ACTIVE = (data_key.c.state == "active") & data_key.c.purpose.not_in(_MANY)
Index(
    "data_key_one_active",
    data_key.c.purpose,
    data_key.c.entity_number,
    data_key.c.period,
    unique=True,
    sqlite_where=_ONE_ACTIVE,
    postgresql_where=_ONE_ACTIVE,
)

key_succession = Table(
    "key_succession",
    metadata,
    Column("old_id", BigInteger, primary_key=True, autoincrement=False),
    Column("new_id", BigInteger, nullable=False, index=True),
)
"""While a rotation goes on: which key takes the place of which record key. Whoever destroys one of
the two destroys both, so that erasing a record meanwhile erases it."""


def open_database(url: str) -> Engine:
    """Make the keystore's engine."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, isolation_level="READ COMMITTED")
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for single statements, each of which is a transaction of itself."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction. On SQLite it takes the write lock at its beginning, so that a read followed
    by a write never fails half-way."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def _prepare_sqlite(connection: SQLiteConnection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `writing` says
    connection.execute("PRAGMA busy_timeout = 10000")
    write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA cache_size = -1024")  # small pages, read by and by

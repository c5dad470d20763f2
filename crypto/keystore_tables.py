"""The keystore's two tables and how its database is opened; it holds no key and unwraps none.

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


class KeyState(StrEnum):
    """`active` seals and opens, `decrypt` only opens, `destroyed` keeps nothing but its id."""

    ACTIVE = "active"
    DECRYPT = "decrypt"
    DESTROYED = "destroyed"


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

# One active key per bucket, also when two processes make it at once. Record keys are as many as
# there are records.
_ONE_ACTIVE = (data_key.c.state == "active") & (data_key.c.purpose != Purpose.RECORD.value)
Index(
    "data_key_one_active",
    data_key.c.purpose,
    data_key.c.entity_number,
    data_key.c.period,
    unique=True,
    sqlite_where=_ONE_ACTIVE,
    postgresql_where=_ONE_ACTIVE,
)


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

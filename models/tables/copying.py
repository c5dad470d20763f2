"""Tables copied from one database to another, whatever sort each is, and compared by checksum.

Values go as they are kept, sealed ones sealed. Each row has one canonical form in which the two
sorts of databases agree; a table's checksum is the sum of its rows' digests, so that no order is
needed, and none need be the same. It knows no record and no key.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    MetaData,
    Table,
    TypeDecorator,
    bindparam,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement, Executable

from models.tables.batches import insert_batch

BATCH = 1000
_BITS = 256
_MARK = "of_"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows, and what their digests come to."""

    rows: int
    checksum: str

    def __str__(self) -> str:
        return f"{self.rows} rows, checksum {self.checksum[:16]}"


def plain_tables(metadata: MetaData) -> list[Table]:
    """The same tables with their columns as the database knows them, parents first."""
    plain = MetaData()
    return [
        Table(one.name, plain, *(_plain_column(column) for column in one.columns))
        for one in metadata.sorted_tables
    ]


def pointing_home(table: Table) -> list[str]:
    """The columns that refer to the table itself: a row may come before the one it names."""
    return [
        column.name
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def hold(connection: Connection, tables: Sequence[Table]) -> None:
    """Nobody else writes to these tables until the transaction ends. SQLite keeps all others out
    as soon as a write transaction has begun."""
    if connection.dialect.name != "sqlite" and tables:
        connection.execute(_Lock(tables))


def copy(
    source: Connection, target: Connection, table: Table, *, later: Sequence[str] = ()
) -> Sum:
    """All rows into a table that is there and empty; what was read. The columns of `later` are
    filled when all rows are there."""
    adding, pointers = _Adding(), []
    rows = _read(source, table)
    while batch := list(islice(rows, BATCH)):
        for row in batch:
            adding.add(row, table)
            if any(row[name] is not None for name in later):
                pointers.append({_MARK + name: value for name, value in row.items()})
                row |= dict.fromkeys(later)
        insert_batch(target, table, batch)
    if pointers:
        _point(target, table, later, pointers)
    return adding.sum


def summed(connection: Connection, table: Table) -> Sum:
    adding = _Adding()
    for row in _read(connection, table):
        adding.add(row, table)
    return adding.sum


def canonical(values: Iterable[object]) -> bytes:
    """One spelling for one row, told apart from every other: each value with its sort and its
    length before it."""
    return b"".join(_spelt(value) for value in values)


@dataclass
class _Adding:
    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, row: Mapping[str, Any], table: Table) -> None:
        digest = hashlib.sha256(canonical(row[column.name] for column in table.columns)).digest()
        self.rows += 1
        self.total = (self.total + int.from_bytes(digest, "big")) % (1 << _BITS)

    @property
    def sum(self) -> Sum:
        return Sum(self.rows, f"{self.total:064x}")


class _Lock(Executable, ClauseElement):
    """LOCK TABLE, which SQLAlchemy has no expression for."""

    inherit_cache = False

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tables


@compiles(_Lock)
def _lock(element: _Lock, compiler: SQLCompiler, **_: object) -> str:
    names = ", ".join(compiler.preparer.format_table(one) for one in element.tables)
    return f"LOCK TABLE {names} IN SHARE MODE"


def _point(
    target: Connection, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    keys = [column for column in table.columns if column.primary_key]
    statement = update(table).where(*(key == bindparam(_MARK + key.name) for key in keys))
    values: dict[str, Any] = {name: bindparam(_MARK + name) for name in names}
    target.execute(statement.values(values), list(rows))


def _plain_column(column: "Column[Any]") -> "Column[Any]":
    kind = column.type
    kept = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return Column(column.name, kept, primary_key=column.primary_key)


def _read(connection: Connection, table: Table) -> Iterator[Row]:
    timed = [
        column.name
        for column in table.columns
        if isinstance(column.type, DateTime) and column.type.timezone
    ]
    found = connection.execute(select(table), execution_options={"yield_per": BATCH})
    for one in found.mappings():
        row = dict(one)
        for name in timed:
            row[name] = _aware(row[name])
        yield row


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite keeps the time of UTC and no zone."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _spelt(value: object) -> bytes:
    sort, text = _sorted_out(value)
    return sort + len(text).to_bytes(8, "big") + text


def _sorted_out(value: object) -> tuple[bytes, bytes]:
    for kind, sort, spell in _SPELLINGS:
        if isinstance(value, kind):
            return sort, spell(value)
    raise TypeError(f"no value of a table: {type(value).__name__}")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


# bool before int, and datetime before date, which they are as well
_SPELLINGS: tuple[tuple[Any, bytes, Callable[[Any], bytes]], ...] = (
    (type(None), b"n", lambda _: b""),
    (bool, b"b", lambda value: b"1" if value else b"0"),
    (int, b"i", lambda value: str(value).encode()),
    (float, b"f", lambda value: repr(value).encode()),
    (str, b"s", str.encode),
    ((bytes, memoryview), b"y", bytes),
    (UUID, b"u", lambda value: value.bytes),
    (datetime, b"t", lambda value: value.isoformat().encode()),
    (date, b"d", lambda value: value.isoformat().encode()),
    ((dict, list), b"j", _json),
)

"""Envelopes put in the place of envelopes, where the old ones still stand. The only place where
rows are written past the record service: nothing is seen and nothing is said anew.

A record's version, its dates and its audit stay as they are. Whoever changed a row meanwhile keeps
their change; the next pass comes by.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, or_, select, text, update

from crypto.envelope import FORMAT
from models.records.rekeying.places import Place, Row
from models.tables.session import Transaction

Change = tuple[Row, Mapping[str, Any]]
"""A row as it was read, and what is to stand in it."""

BATCH = 1000
LONGEST_WAIT = text("SET LOCAL lock_timeout = '3s'")
"""All who write wait behind who waits for a whole table; so this one gives way and tries again."""


def rows_below(
    connection: Connection, place: Place, *, boundary: int, after: str = ""
) -> Sequence[Row]:
    """Up to BATCH rows beyond `after` with a value that names a key below the boundary."""
    table, header = place.table, bytes([FORMAT]) + boundary.to_bytes(8, "big")
    # an envelope begins with its format and its key's id, so envelopes are in the keys' order
    below = [table.c[name] < header for name in place.envelopes]
    if place.data_key is not None:
        below.append(table.c[place.data_key] < boundary)
    return _page(connection, place, or_(*below), after=after)


def sealed_rows(connection: Connection, place: Place, *, after: str = "") -> Sequence[Row]:
    """Up to BATCH rows beyond `after` that hold an envelope."""
    holds = or_(*(place.table.c[name].is_not(None) for name in place.envelopes))
    return _page(connection, place, holds, after=after)


def swap(transaction: Transaction, place: Place, changes: Sequence[Change]) -> int:
    """Write to each row what changes of it, if its envelopes and its key are those that were read;
    how many rows it were."""
    if not changes:
        return 0
    names = place.envelopes + (() if place.data_key is None else (place.data_key,))
    columns = {name: place.table.c[name] for name in names}
    key = place.table.c[place.key]
    statement = (
        update(place.table)
        .where(key == bindparam("of_row", type_=key.type))
        .where(
            *(
                column.is_not_distinct_from(bindparam(f"old_{name}", type_=column.type))
                for name, column in columns.items()
            )
        )
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    bound = [
        {"of_row": row[place.key]}
        | {f"old_{name}": row[name] for name in names}
        | {f"new_{name}": change.get(name, row[name]) for name in names}
        for row, change in changes
    ]
    return transaction.write(statement, bound).rowcount


def hold_all(transaction: Transaction, tables: Sequence[Table]) -> Connection:
    """Let nobody write into these tables until the transaction ends, and see what was written
    before. On SQLite the write lock is for all; elsewhere each table is locked."""
    connection = transaction.lock()
    if connection.dialect.name == "postgresql":
        connection.execute(LONGEST_WAIT)
        quoted = connection.dialect.identifier_preparer.format_table
        for name in sorted({quoted(table) for table in tables}):
            statement = f"LOCK TABLE {name} IN SHARE MODE"
            connection.exec_driver_sql(statement)  # nosemgrep: sql-from-strings - a name of ours
    return connection


def _page(
    connection: Connection, place: Place, which: ColumnElement[bool], *, after: str
) -> Sequence[Row]:
    key = place.table.c[place.key]
    columns = [place.table.c[name] for name in place.columns]
    statement = select(*columns).where(which, place.condition).order_by(key).limit(BATCH)
    if after:
        statement = statement.where(key > place.key_of(after))
    return connection.execute(statement).mappings().all()

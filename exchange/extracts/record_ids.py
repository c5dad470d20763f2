"""Which records an extract is of: their ids at the moment of the request, packed, in its order.

Sixteen bytes a record, five hundred in a row of the table; neither reading nor writing them holds
all at once. It knows no state.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from uuid import UUID

from sqlalchemy import delete, select

from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import table_of, utc_now
from models.tables.extracts import ExtractRecords
from models.tables.session import Database, Transaction

IN_A_ROW = 500
ROWS_AT_ONCE = 100
"""In one transaction: nobody else writes to SQLite meanwhile."""
ID_LENGTH = 16


def keep(engine: RecordEngine, caller: Caller, query: Query, extract_id: UUID) -> int:
    """Keep the ids of the records that the caller's query finds now; how many they are.

    Raises as a stream does. What is kept of a request that was never made is tidied away.
    """
    rows, kept = _packed(_found(engine, caller, query)), 0
    for first in count(0, ROWS_AT_ONCE):
        some = list(islice(rows, ROWS_AT_ONCE))
        if not some:
            return kept
        _write(engine.database, extract_id, some, first=first)
        kept += sum(map(len, some)) // ID_LENGTH
    raise AssertionError("unreachable")


def kept(database: Database, extract_id: UUID) -> Iterator[tuple[UUID, ...]]:
    """The ids, up to five hundred at a time."""
    for number in count():
        statement = select(ExtractRecords.ids).where(
            ExtractRecords.extract_id == extract_id, ExtractRecords.number == number
        )
        with database.reading() as connection:
            packed = connection.scalar(statement)
        if packed is None:
            return
        yield tuple(
            UUID(bytes=packed[start : start + ID_LENGTH])
            for start in range(0, len(packed), ID_LENGTH)
        )


def forget(transaction: Transaction, extract_id: UUID) -> None:
    transaction.write(delete(ExtractRecords).where(ExtractRecords.extract_id == extract_id))


def _found(engine: RecordEngine, caller: Caller, query: Query) -> Iterator[list[UUID]]:
    primary_id = engine.catalog.entity(query.entity).primary_id
    inner = tuple(replace(link, columns=()) for link in query.links if link.inner)
    only_ids = replace(query, columns=(primary_id,), links=inner)
    for rows in engine.stream(caller, only_ids):
        yield [row[0] for row in rows]


def _packed(found: Iterator[list[UUID]]) -> Iterator[bytes]:
    """In rows of five hundred."""
    waiting = bytearray()
    for ids in found:
        waiting += b"".join(one.bytes for one in ids)
        while len(waiting) >= IN_A_ROW * ID_LENGTH:
            yield bytes(waiting[: IN_A_ROW * ID_LENGTH])
            del waiting[: IN_A_ROW * ID_LENGTH]
    if waiting:
        yield bytes(waiting)


def _write(database: Database, extract_id: UUID, rows: list[bytes], *, first: int) -> None:
    now = utc_now()
    made = [
        {"extract_id": extract_id, "number": number, "ids": ids, "created_on": now}
        for number, ids in enumerate(rows, start=first)
    ]
    table = table_of(ExtractRecords)
    database.run(lambda transaction: transaction.insert(table, made), durable=False)

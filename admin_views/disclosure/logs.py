"""What the log says of many records, read in bulk: entries that name several of them, as those of
a list somebody read, are fetched and put into words once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union

from admin_views.audit.entries import Entry, show
from models.records.store import chunks
from models.tables.audit import AuditListed
from models.tables.base import table_of
from models.tables.record_data import AuditEntry
from models.tables.session import Transaction

ENTRY, LISTED = table_of(AuditEntry), table_of(AuditListed)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Log:
    """Of one record: the newest entries, and how many there are."""

    entries: tuple[Entry, ...] = ()
    count: int = 0


def logs_of(
    transaction: Transaction, records: Sequence[UUID], *, most: int | None
) -> Mapping[UUID, Log]:
    """By record; `most` entries of each, None: all."""
    numbers, counts = defaultdict[UUID, list[int]](list), dict[UUID, int]()
    for some in chunks(records, AT_ONCE):
        for row in transaction.read(_ranked(some, most)):
            numbers[row.record_id].append(row.sequence)
            counts[row.record_id] = row.total
    shown = _shown(transaction, {number for of_one in numbers.values() for number in of_one})
    return {
        record: Log(tuple(shown[number] for number in of_one), counts[record])
        for record, of_one in numbers.items()
    }


def _ranked(records: Sequence[UUID], most: int | None) -> Any:
    """An entry may be about a record and list it, too: it counts once."""
    named = union(
        select(ENTRY.c.record_id, ENTRY.c.sequence).where(ENTRY.c.record_id.in_(records)),
        select(LISTED.c.record_id, LISTED.c.sequence).where(LISTED.c.record_id.in_(records)),
    ).subquery()
    of_record, newest = named.c.record_id, named.c.sequence.desc()
    place = func.row_number().over(partition_by=of_record, order_by=newest)
    total = func.count().over(partition_by=of_record)
    ranked = select(named, place.label("place"), total.label("total")).subquery()
    found = select(ranked.c.record_id, ranked.c.sequence, ranked.c.total)
    ordered = found.order_by(ranked.c.record_id, ranked.c.sequence.desc())
    return ordered if most is None else ordered.where(ranked.c.place <= most)


def _shown(transaction: Transaction, numbers: Iterable[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for some in chunks(sorted(numbers), AT_ONCE):
        rows = transaction.read(select(ENTRY).where(ENTRY.c.sequence.in_(some))).all()
        found |= {entry.sequence: entry for entry in show(transaction, rows)}
    return found

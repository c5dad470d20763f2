"""One record's history, told by the log alone: all that was done to it, every list it was seen on,
every value shown, its erasure; it asks for no record.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from admin_views.audit.entries import Entry, show
from admin_views.audit.finding import ENTRY, find, unled
from admin_views.audit.names import entity_name
from admin_views.audit.questions import Question
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.tables.base import utc_now
from models.tables.extracts import Extract
from models.tables.session import Transaction

AT_ONCE = 500
"""Entries on a page, which is printed whole."""


@dataclass(frozen=True, slots=True)
class History:
    entity_name: str
    entries: tuple[Entry, ...]
    older: int | None
    """Ask with `before` set to this for what came before; None at the beginning."""
    is_newest: bool
    began_on: datetime
    erased_on: datetime | None
    extracts: int
    """Of the entity, taken in the record's time: any of them may hold it."""


def read_history(
    service: RecordService, entity: str, record: UUID, *, before: int | None
) -> History:
    """Raises RecordNotFound where the log knows no such record of that entity."""
    began_on = _first(service.transaction, record, unled(ENTRY.c.entity) == entity)
    if began_on is None:
        raise RecordNotFound("an entry about the record")
    erased_on = _first(service.transaction, record, unled(ENTRY.c.action) == "delete")
    question = Question(record=record, before=before)
    rows = find(service.transaction, question, most=AT_ONCE + 1)
    shown = show(service.transaction, rows[:AT_ONCE])
    return History(
        entity_name(entity),
        shown,
        shown[-1].sequence if len(rows) > AT_ONCE else None,
        before is None,
        began_on,
        erased_on,
        _extracts(service.transaction, entity, began_on, until=erased_on),
    )


def _first(
    transaction: Transaction, record: UUID, condition: ColumnElement[bool]
) -> datetime | None:
    statement = select(ENTRY.c.created_on).where(ENTRY.c.record_id == record, condition)
    found: datetime | None = transaction.read(
        statement.order_by(ENTRY.c.sequence).limit(1)
    ).scalar()
    return found


def _extracts(
    transaction: Transaction, entity: str, since: datetime, *, until: datetime | None
) -> int:
    statement = select(func.count()).where(
        Extract.entity == entity,
        Extract.requested_on.between(since, until or utc_now()),
        Extract.downloaded_on.is_not(None),
    )
    return int(transaction.read(statement).scalar_one())

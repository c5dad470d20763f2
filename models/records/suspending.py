"""Suspension of use (利用停止): all that is held on the person of a request, with what depends on
it, is kept from everybody but who handles the request, and so is what arrives later.

It knows no page; who may suspend is decided above it.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from models.records import holdings
from models.records.person_requests import person_of
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import table_of, utc_now
from models.tables.requests import FrozenRecord, PersonRequest

SUSPENDER = Caller.system("suspending the use of what is held on a person")
"""The platform looks: what the handler may not read is in use as well."""


def suspend(service: RecordService, request: Any, *, handler: UUID) -> list[UUID]:
    """Suspend what is not suspended yet because of this request, a row of the register; which
    records that is."""
    person = person_of(service, request)
    found = holdings.find(service, SUSPENDER, email=person["email"], phone=person["phone"])
    mine = FrozenRecord.request_id == request.id
    if request.suspended_on is None:
        begun = {"suspended_on": utc_now(), "suspended_by": handler}
        this = update(PersonRequest).where(PersonRequest.id == request.id)
        service.transaction.write(this.values(**begun))
    known = set(service.transaction.read(select(FrozenRecord.record_id).where(mine)).scalars())
    rows = [
        {
            "record_id": record_id,
            "entity": one.entity.logical_name,
            "request_id": request.id,
            "handler_id": handler,
            "frozen_on": utc_now(),
        }
        for one in holdings.with_dependants(service, found)
        for record_id in one.ids
        if record_id not in known
    ]
    if rows:
        service.transaction.write(insert(FrozenRecord), rows)
    return [row["record_id"] for row in rows]


def standing(service: RecordService) -> list[UUID]:
    """Requests because of which records are suspended."""
    which = select(PersonRequest.id).where(PersonRequest.suspended_on.is_not(None))
    return list(service.transaction.read(which).scalars())


def suspend_later_ones(service: RecordService, request: UUID) -> int:
    """What arrived since the suspension began, if it still stands; how many records."""
    table = table_of(PersonRequest)
    this = table.c.id == request, table.c.suspended_on.is_not(None)
    row = service.transaction.read(select(table).where(*this)).first()
    ids = [] if row is None else suspend(service, row, handler=row.suspended_by)
    if ids:
        note(service, SUSPENDER, request, ids)
    return len(ids)


def note(service: RecordService, caller: Caller, request: UUID, ids: Iterable[UUID]) -> None:
    records = [one.hex for one in ids]
    service.audit(caller, "freeze_records", request=request.hex, records=records)


def release(service: RecordService, request: UUID) -> bool:
    """Let everybody reach them again who could before, unless another request suspends them;
    whether they were suspended."""
    ended = {"suspended_on": None, "suspended_by": None}
    this = PersonRequest.id == request, PersonRequest.suspended_on.is_not(None)
    service.transaction.write(delete(FrozenRecord).where(FrozenRecord.request_id == request))
    return (
        service.transaction.write(update(PersonRequest).where(*this).values(**ended)).rowcount > 0
    )


def hand_over(service: RecordService, request: UUID, *, handler: UUID) -> bool:
    """Another handles the request from now on; whether there was a suspension."""
    mine = update(FrozenRecord).where(FrozenRecord.request_id == request)
    service.transaction.write(mine.values(handler_id=handler))
    this = PersonRequest.id == request, PersonRequest.suspended_on.is_not(None)
    to = update(PersonRequest).where(*this).values(suspended_by=handler)
    return service.transaction.write(to).rowcount > 0


def count(service: RecordService, request: UUID) -> tuple[int, int]:
    """How many records are suspended because of the request, and how many of them because of
    another, too."""
    mine = select(FrozenRecord.record_id).where(FrozenRecord.request_id == request)
    others = FrozenRecord.request_id != request, FrozenRecord.record_id.in_(mine)
    also = select(func.count(FrozenRecord.record_id.distinct())).where(*others)
    all_ = select(func.count()).select_from(mine.subquery())
    found = [service.transaction.read(one).scalar_one() for one in (all_, also)]
    return int(found[0]), int(found[1])

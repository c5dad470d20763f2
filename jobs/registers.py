"""The registers of the office itself, every night: a suspension of use (利用停止) reaches what
arrived since, and entries that were dealt with so many years ago are erased, as the organization
says.

It knows no page. What is open, or still keeps a record from use or from erasure, stays.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from models.metadata.attribute_types import LOCAL_ZONE
from models.records import suspending
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import months_after, today
from models.tables.applicants import REQUESTED, SubjectRequest
from models.tables.incidents import CLOSED, Incident
from models.tables.organization import Organization
from models.tables.requests import RECEIVED, PersonRequest
from models.tables.retention import LegalHold

REGISTRAR = Caller.system("entries of registers that are not kept any longer")
WITHIN = timedelta(days=2)
"""So soon after its day an entry is gone: it goes in the night after."""


def keep_registers(engine: RecordEngine) -> None:
    """Each suspension in a transaction of its own, since looking for a person takes a while."""
    for request in engine.run(suspending.standing):
        engine.run(partial(suspending.suspend_later_ones, request=request))
    end_old(engine)


def end_old(engine: RecordEngine) -> dict[str, int]:
    """How many entries of each register are gone."""
    return engine.run(_end_old)


def overdue(service: RecordService) -> int:
    """Entries that should be gone by now."""
    over = _over(service, on=today() - WITHIN)
    counts = (select(func.count()).select_from(t).where(which) for t, which in over.values())
    return sum(int(service.transaction.read(one).scalar_one()) for one in counts)


def _end_old(service: RecordService) -> dict[str, int]:
    gone: dict[str, Any] = {
        # nosemgrep: record-written-elsewhere - the platform's own registers
        name: service.transaction.write(delete(table).where(which)).rowcount
        for name, (table, which) in _over(service, on=today()).items()
    }
    if any(gone.values()):
        service.audit(REGISTRAR, "end_registers", **gone)
    return gone


def _over(service: RecordService, *, on: date) -> Mapping[str, tuple[Any, ColumnElement[bool]]]:
    """By register: the entries whose years are over on a day; no register where they are kept for
    good."""
    years = service.transaction.read(select(Organization.registers_kept_years)).scalar_one()
    if not years:
        return {}
    day = months_after(on, -12 * years)
    before = datetime.combine(day, time(), LOCAL_ZONE)
    answered = func.coalesce(SubjectRequest.decided_on, SubjectRequest.requested_on) < before
    lifted = or_(
        LegalHold.lifted_on < before,
        and_(LegalHold.lifted_on.is_(None), LegalHold.until < day),
    )
    decided = and_(
        PersonRequest.state != RECEIVED,
        PersonRequest.decided_on < before,
        PersonRequest.suspended_on.is_(None),
    )
    return {
        "persons_requests": (PersonRequest, decided),
        "applicants_requests": (
            SubjectRequest,
            and_(SubjectRequest.state != REQUESTED, answered),
        ),
        "incidents": (Incident, and_(Incident.state == CLOSED, Incident.closed_on < before)),
        "legal_holds": (LegalHold, lifted),
    }

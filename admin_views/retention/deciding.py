"""Approve an erasure or not, put a record on hold or let it go, say what was done about a proof
that failed: in one's own name only.

Each is one UPDATE that names the state it starts from; its row count says who came first.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from admin_views.retention.second_person import is_first
from jobs.outbox import enqueue
from jobs.retention.handlers import CARRY_OUT
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    Problem,
    RecordNotFound,
    ValidationFailed,
)
from models.metadata.labels import Label
from models.records.erasing import holds
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Miscellaneous, Privilege
from models.tables.base import new_id, utc_now
from models.tables.retention import (
    APPROVED,
    LONGEST_REASON,
    PROPOSED,
    REJECTED,
    UNPROVED,
    Erasure,
    LegalHold,
)

REASON, UNTIL = Label("理由", "Reason"), Label("期限", "Until")


def approve(
    service: RecordService, caller: Caller, identifier: UUID, *, at_once: bool = True
) -> None:
    """Let it be carried out, `at_once` or the next night. Raises AccessDenied, RecordNotFound,
    ConcurrencyConflict; AccessDenied also for whoever has a part in it: another approves."""
    if is_first(service, caller, identifier):
        raise AccessDenied("approving an erasure one has a part in", caller=caller)
    row = _decide(service, caller, identifier, state=APPROVED)
    if at_once:
        enqueue(service.transaction, kind=CARRY_OUT, name=row.rule, due_on=utc_now())
    service.audit(caller, "approve_erasure", **_about(row))


def reject(service: RecordService, caller: Caller, identifier: UUID, *, reason: str) -> None:
    """Leave its records; the next night they are proposed again unless they are held. Raises as
    `approve`; ValidationFailed without a reason."""
    require_reason(reason)
    row = _decide(service, caller, identifier, state=REJECTED, reason=reason)
    service.audit(caller, "reject_erasure", **_about(row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What is to be held, why, and until which day, if one is known."""

    entity: str
    record_id: UUID
    reason: str
    until: date | None = None


def hold(service: RecordService, caller: Caller, wanted: Hold) -> None:
    """Keep a record that the caller can read from going. Raises RecordNotFound, AccessDenied,
    ValidationFailed, ConcurrencyConflict (held already)."""
    require_own_name(caller)
    entity, record_id = wanted.entity, wanted.record_id
    service.retrieve(caller, entity, record_id, columns=["versionnumber"])
    require_reason(wanted.reason)
    if wanted.until is not None and wanted.until < today():
        raise ValidationFailed([Problem("until", "day_past", UNTIL)])
    # who deletes it meanwhile is waited for: then there is nothing to hold
    definition = service.catalog.entity(entity)
    if not service.unit.store.held(caller, Privilege.READ, definition, [record_id]):
        raise RecordNotFound(entity)
    if holds.held_themselves(service.unit, [record_id]):
        raise ConcurrencyConflict("legal hold")
    now = utc_now()
    # one that has run out stands in the way of the next
    ended = update(LegalHold).where(
        LegalHold.record_id == record_id, LegalHold.lifted_on.is_(None)
    )
    service.transaction.write(ended.values(lifted_on=now, lifted_by_name=""))
    row = {
        "id": new_id(),
        **asdict(wanted),
        "placed_by": caller.id,
        "placed_by_name": caller.name,
        "placed_on": now,
        "lifted_by_name": "",
    }
    service.transaction.write(insert(LegalHold), [row])
    service.audit(caller, "hold_record", entity=entity, record_id=record_id, purpose=wanted.reason)


def lift(service: RecordService, caller: Caller, identifier: UUID, *, reason: str) -> None:
    """End a hold. Raises AccessDenied, RecordNotFound, ConcurrencyConflict (ended already),
    ValidationFailed without a reason."""
    require_own_name(caller)
    require_reason(reason)
    row = service.transaction.read(
        select(LegalHold.__table__).where(LegalHold.id == identifier)
    ).first()
    if row is None:
        raise RecordNotFound("legal hold")
    this = LegalHold.id == identifier, LegalHold.lifted_on.is_(None)
    lifted = {
        "lifted_on": utc_now(),
        "lifted_by": caller.id,
        "lifted_by_name": caller.name,
        "lifted_reason": reason,
    }
    if service.transaction.write(update(LegalHold).where(*this).values(**lifted)).rowcount != 1:
        raise ConcurrencyConflict("legal hold")
    service.audit(caller, "lift_hold", entity=row.entity, record_id=row.record_id, purpose=reason)


def settle(service: RecordService, caller: Caller, identifier: UUID, *, reason: str) -> None:
    """Say what was done about a proof that failed, which ends the alarm; the certificate stays as
    it is. Raises AccessDenied, ConcurrencyConflict (proved, or settled), ValidationFailed."""
    require_own_name(caller)
    require_reason(reason)
    now = {
        "settled_on": utc_now(),
        "settled_by_name": caller.name,
        "settled_reason": reason,
    }
    this = Erasure.id == identifier, Erasure.state == UNPROVED, Erasure.settled_on.is_(None)
    if service.transaction.write(update(Erasure).where(*this).values(**now)).rowcount != 1:
        raise ConcurrencyConflict("erasure")
    service.audit(caller, "settle_erasure", erasure=identifier.hex, purpose=reason)


def require_own_name(caller: Caller) -> None:
    if caller.id is None or caller.supporter is not None:
        raise AccessDenied("deciding on erasures in another's name", caller=caller)
    if not caller.may(Miscellaneous.ERASE):
        raise AccessDenied(str(Miscellaneous.ERASE), caller=caller)


def _decide(
    service: RecordService, caller: Caller, identifier: UUID, *, state: str, reason: str = ""
) -> Any:
    require_own_name(caller)
    row = service.transaction.read(
        select(Erasure.__table__).where(Erasure.id == identifier)
    ).first()
    if row is None:
        raise RecordNotFound("erasure")
    decided = {"decided_by": caller.id, "decided_by_name": caller.name, "decided_on": utc_now()}
    statement = (
        update(Erasure)
        .where(Erasure.id == identifier, Erasure.state == PROPOSED)
        .values(state=state, reason=reason, **decided)
    )
    if service.transaction.write(statement).rowcount != 1:
        raise ConcurrencyConflict("erasure")
    return row


def require_reason(reason: str) -> None:
    if not reason:
        raise ValidationFailed([Problem("reason", "required", REASON)])
    if len(reason) > LONGEST_REASON:
        told: dict[str, object] = {"maximum": LONGEST_REASON, "length": len(reason)}
        raise ValidationFailed([Problem("reason", "too_long", REASON, told)])
    if not reason.isprintable():
        raise ValidationFailed([Problem("reason", "control_characters", REASON)])


def _about(row: Any) -> dict[str, Any]:
    return {"entity": row.entity, "rule": row.rule, "erasure": row.id.hex, "count": row.count}

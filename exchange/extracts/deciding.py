"""Approving and rejecting: by another person, who is not the requester's colleague at the same
contractor, in person.

That the person showed once more who they are is the page's to see to.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exchange.extracts import entries, record_ids
from exchange.extracts.seeing import visible
from exchange.extracts.states import Step, take
from models.metadata.errors import AccessDenied, Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Miscellaneous, Privilege
from models.tables.base import utc_now
from models.tables.extracts import LONGEST_STATEMENT, Extract
from models.tables.principals import SystemUser
from models.tables.session import Transaction

REASON = Label("却下の理由", "Reason for the rejection")


class Objection(StrEnum):
    """Why a caller may not decide on a request."""

    NONE = ""
    NO_RIGHT = "no_right"
    OWN = "own"
    SAME_CONTRACTOR = "same_contractor"
    SUPPORT = "support"
    OVER = "over"


def objection(transaction: Transaction, caller: Caller, extract: Any) -> Objection:
    """Who decides must hold the privilege, may read the entity at all, and be somebody else."""
    if not caller.may(Miscellaneous.APPROVE_EXPORT) or not caller.has(
        extract.entity, Privilege.READ
    ):
        return Objection.NO_RIGHT
    if caller.supporter is not None:
        return Objection.SUPPORT
    if caller.id is None or caller.id == extract.requested_by:
        return Objection.OWN
    if caller.contractor is not None and caller.contractor in _contractors(transaction, extract):
        return Objection.SAME_CONTRACTOR
    return Objection.OVER if extract.keep_until < today() else Objection.NONE


def approve(service: RecordService, caller: Caller, extract_id: UUID) -> None:
    """Raises RecordNotFound, AccessDenied, ConcurrencyConflict (decided already)."""
    extract = _decidable(service, caller, extract_id)
    take(
        service.transaction,
        extract_id,
        Step.APPROVE,
        Extract.requested_by != caller.id,
        decided_by=caller.id,
        decided_by_name=caller.name,
        decided_on=utc_now(),
        queued_on=utc_now(),
    )
    _note(service, caller, "approve_extract", extract)


def reject(service: RecordService, caller: Caller, extract_id: UUID, *, reason: str) -> None:
    """Raises as `approve`, and ValidationFailed where no reason is given."""
    extract = _decidable(service, caller, extract_id)
    _require_reason(reason)
    take(
        service.transaction,
        extract_id,
        Step.REJECT,
        Extract.requested_by != caller.id,
        decided_by=caller.id,
        decided_by_name=caller.name,
        decided_on=utc_now(),
        reason=reason.strip(),
    )
    record_ids.forget(service.transaction, extract_id)
    _note(service, caller, "reject_extract", extract, reason=reason.strip())


def _decidable(service: RecordService, caller: Caller, extract_id: UUID) -> Any:
    extract = visible(service, caller, extract_id)
    against = objection(service.transaction, caller, extract)
    if against:
        raise AccessDenied(f"deciding on an extract: {against}", caller=caller)
    return extract


def _contractors(transaction: Transaction, extract: Any) -> set[UUID | None]:
    """Whose account the requester's was at the request, and whose it is now."""
    statement = select(SystemUser.contractor_id).where(SystemUser.id == extract.requested_by)
    return {extract.contractor_id, transaction.read(statement).scalar()}


def _note(
    service: RecordService, caller: Caller, action: str, extract: Any, **details: str
) -> None:
    by = extract.requested_by_name
    entries.note(service, caller, action, extract=extract, requested_by=by, **details)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationFailed([Problem("reason", "required", REASON)])
    if len(reason) > LONGEST_STATEMENT:
        parameters: dict[str, object] = {"maximum": LONGEST_STATEMENT, "length": len(reason)}
        raise ValidationFailed([Problem("reason", "too_long", REASON, parameters)])

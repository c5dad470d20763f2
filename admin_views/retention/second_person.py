"""Who may not approve an erasure: whoever brought a record of it to its end, or let it go from a
hold. Where a rule wants approval, it is another person's.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.record_data import AuditEntry
from models.tables.retention import ErasureRecord, LegalHold

GIVE_A_STATUS = ("create", "update", "merge")
CHANGED_ITS_STATUS = '%"statuscode"%'
"""As an entry's body names the attributes of an update."""


def is_first(service: RecordService, caller: Caller, identifier: UUID) -> bool:
    """Whether the caller has a part in it, so that somebody else has to approve."""
    return _closed_one(service, caller, identifier) or _let_one_go(service, caller, identifier)


def _closed_one(service: RecordService, caller: Caller, identifier: UUID) -> bool:
    """Gave one of the records a status, whatever it was; the audit log knows."""
    theirs = and_(
        AuditEntry.record_id == ErasureRecord.record_id,
        or_(AuditEntry.caller_id == caller.id, AuditEntry.supporter_id == caller.id),
        AuditEntry.action.in_(GIVE_A_STATUS),
        AuditEntry.body.like(CHANGED_ITS_STATUS),
    )
    return _is_any(service, identifier, exists(select(AuditEntry.sequence).where(theirs)))


def _let_one_go(service: RecordService, caller: Caller, identifier: UUID) -> bool:
    theirs = and_(LegalHold.record_id == ErasureRecord.record_id, LegalHold.lifted_by == caller.id)
    return _is_any(service, identifier, exists(select(LegalHold.id).where(theirs)))


def _is_any(service: RecordService, identifier: UUID, of_a_record: ColumnElement[bool]) -> bool:
    of_this = ErasureRecord.erasure_id == identifier
    statement = select(exists().where(of_this, of_a_record))
    return bool(service.transaction.read(statement).scalar())

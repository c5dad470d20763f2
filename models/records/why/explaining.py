"""The explanation itself: every question that must be answered with yes, one after the other.

For those who may manage users; that it was asked is audited.
"""

from collections.abc import Iterator

from models.records.auditing import Act
from models.records.unit import UnitOfWork
from models.records.why import account, attribute, record, roles
from models.records.why.asking import OnRecords, Subject, Why, on_records, subject_of
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.findings import Explanation, Section
from models.security.privileges import Miscellaneous


def explain(unit: UnitOfWork, caller: Caller, why: Why) -> Explanation:
    """AccessDenied, RecordNotFound (no such user), DefinitionError (what cannot be asked)."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    subject = subject_of(unit, why.user)
    asked = on_records(unit.catalog, why)
    explanation = Explanation(tuple(_sections(subject, why, asked)))
    _note(unit, caller, subject, why=why)
    return explanation


def _sections(subject: Subject, why: Why, asked: OnRecords | None) -> Iterator[Section]:
    yield from account.sections(subject)
    if isinstance(why.privilege, Miscellaneous):
        yield from account.contract_privilege(subject, why.privilege)
        yield roles.miscellaneous(subject, why.privilege)
    if asked is None:
        return
    yield from account.contract_entity(subject, asked.entity)
    yield roles.on_entity(subject, asked)
    if asked.record is not None:
        yield from record.sections(subject, asked, asked.record)
    if asked.attribute is not None:
        yield from attribute.sections(subject, asked, asked.attribute)


def _note(unit: UnitOfWork, caller: Caller, subject: Subject, *, why: Why) -> None:
    details: dict[str, object] = {"account": subject.user.email, "privilege": str(why.privilege)}
    if why.attribute:
        details["attributes"] = [why.attribute]
    act = Act(
        action="explain_access",
        entity=why.entity or None,
        record_id=why.record,
        details=details,
    )
    unit.auditing.act(caller, act)

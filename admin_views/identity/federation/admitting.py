"""Whether a person whom the provider has identified is let in, as whom, and with which roles.

One transaction decides it and notes it: the account, the roles that the groups give, the audit.
Roles given by hand are not touched.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from admin_views.identity.auditing import itself
from admin_views.identity.federation.evidence import Evidence
from admin_views.identity.federation.group_roles import Granted, granted
from admin_views.identity.federation.identities import account_of, mark_used
from admin_views.identity.federation.joining import PROVIDER, join
from admin_views.identity.federation.reasons import Reason
from admin_views.identity.holdings import lock_people
from admin_views.identity.under_contract import problems_of
from extensions import engine, of_this_request
from models.records.service import RecordService
from models.security.admission import why_shut
from models.tables.principals import (
    BY_HAND,
    BY_PROVIDER,
    BusinessUnit,
    PrincipalRole,
    Role,
    SystemUser,
)

NO_GROUPS = Granted({}, {})


def admit(evidence: Evidence, *, address: str | None) -> UUID | Reason:
    """The account to sign in with, its roles as the groups say now; or why not."""
    try:
        return engine().run(lambda service: _admit(service, evidence, address))
    except IntegrityError:  # an administrator has just made an account of the same address
        return engine().run(lambda service: _admit(service, evidence, address))


def _admit(service: RecordService, evidence: Evidence, address: str | None) -> UUID | Reason:
    lock_people(service)
    account_id = account_of(service.transaction, evidence.issuer, evidence.subject)
    gives = granted(service.transaction, evidence.issuer, evidence.groups)
    found = (
        _newcomer(service, evidence, gives)
        if account_id is None
        else _known(service, evidence, gives, account_id)
    )
    if isinstance(found, Reason):
        _note_refusal(service, found, account_id)
    elif shut := why_shut(service.transaction.connection, found, address=address):
        _note_refusal(service, shut, found)
        return Reason.INACTIVE
    else:
        mark_used(service, evidence.issuer, evidence.subject)
    return found


def _newcomer(service: RecordService, evidence: Evidence, gives: Granted) -> UUID | Reason:
    reason = _why_not(evidence, gives)
    if reason is not None:
        return reason
    account_id = join(service, evidence, gives)
    if isinstance(account_id, UUID):
        _set_roles(service, account_id, gives)
    return account_id


def _known(
    service: RecordService, evidence: Evidence, gives: Granted, account_id: UUID
) -> UUID | Reason:
    account = select(SystemUser.__table__).where(SystemUser.id == account_id)
    row = service.transaction.read(account.with_for_update()).one()
    reason = _why_not(evidence, gives)
    if reason is None and row.businessunit_id not in gives.units and _holds_by_hand(service, row):
        reason = Reason.OTHER_UNIT
    _set_roles(service, account_id, gives if reason is None else NO_GROUPS)
    if reason is None and _are_too_wide(service, account_id):
        reason = Reason.NOT_UNDER_CONTRACT
        _set_roles(service, account_id, NO_GROUPS)
    return account_id if reason is None else reason


def _are_too_wide(service: RecordService, account_id: UUID) -> bool:
    """Whether a contractor's account now holds what none may have."""
    return any(problem.attribute == "roles" for problem in problems_of(service, account_id))


def _why_not(evidence: Evidence, gives: Granted) -> Reason | None:
    if not gives.roles:
        elsewhere = evidence.are_groups_elsewhere
        return Reason.GROUPS_ELSEWHERE if elsewhere else Reason.NO_GROUP
    return Reason.SEVERAL_UNITS if len(gives.units) > 1 else None


def _holds_by_hand(service: RecordService, account: Any) -> bool:
    statement = select(PrincipalRole.role_id).where(
        PrincipalRole.principal_id == account.id, PrincipalRole.origin == BY_HAND
    )
    return service.transaction.read(statement).first() is not None


def _set_roles(service: RecordService, account_id: UUID, gives: Granted) -> None:
    """What the groups gave before and do not give now is taken away; a change is audited."""
    before, told = _given(service, account_id), _move(service, account_id, gives)
    if before == gives.roles and not told:
        return
    write = service.transaction.write
    given = (PrincipalRole.principal_id == account_id, PrincipalRole.origin == BY_PROVIDER)
    write(delete(PrincipalRole).where(*given))
    for role_id in gives.roles:
        row = {"principal_id": account_id, "role_id": role_id, "origin": BY_PROVIDER}
        write(insert(PrincipalRole), row)
    service.audit(
        of_this_request(PROVIDER),
        "change_group_roles",
        record_id=account_id,
        roles=sorted(gives.roles.values()),
        roles_before=sorted(before.values()),
        **told,
    )


def _move(service: RecordService, account_id: UUID, gives: Granted) -> dict[str, str]:
    """To the groups' business unit, whoever holds no role by hand; what the audit tells of it."""
    held = select(SystemUser.businessunit_id, BusinessUnit.name).join(
        BusinessUnit, BusinessUnit.id == SystemUser.businessunit_id
    )
    before = service.transaction.read(held.where(SystemUser.id == account_id)).one()
    if not gives.units or before.businessunit_id in gives.units:
        return {}
    [(unit, name)] = gives.units.items()
    moved = update(SystemUser).where(SystemUser.id == account_id).values(businessunit_id=unit)
    service.transaction.write(moved)
    return {"business_unit": name, "business_unit_before": before.name}


def _given(service: RecordService, account_id: UUID) -> dict[UUID, str]:
    statement = (
        select(Role.id, Role.name)
        .join(PrincipalRole, PrincipalRole.role_id == Role.id)
        .where(PrincipalRole.principal_id == account_id, PrincipalRole.origin == BY_PROVIDER)
    )
    return {row.id: row.name for row in service.transaction.read(statement)}


def _note_refusal(service: RecordService, reason: str, account_id: UUID | None) -> None:
    """In the account's name where there is one; nothing of what the provider told otherwise."""
    caller = of_this_request(PROVIDER)
    if account_id is not None:
        account = select(SystemUser.id).where(SystemUser.id == account_id)
        caller = itself(service, service.transaction.read(account).one())
    service.audit(
        caller, "sign_in_failed", outcome="refused", factor="provider", reason=str(reason)
    )

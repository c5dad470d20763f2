"""What an account is given: roles, which add up, a business unit, profiles, teams, a manager.

What they grant is reckoned by `models/security`, anew for every request; so a change holds from
the account's next request on.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from admin_views.identity.holdings import (
    BUSINESS_UNIT,
    CONTRACTOR,
    MANAGER,
    PROFILES,
    ROLES,
    TEAMS,
    Holding,
    lock_people,
)
from admin_views.identity.own_rights import own_rights_kept
from admin_views.identity.session_list import forget_sessions
from admin_views.identity.under_contract import problems_of
from extensions import engine
from models.metadata.errors import Problem, RecordNotFound, ValidationFailed
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.principals import BY_HAND, PrincipalRole, Role, SystemUser

Stated = Mapping[str, Collection[str]]
"""Names of what shall be held, by its kind; what is not stated stays as it is."""
OF_ACCOUNTS: Mapping[str, Holding] = {
    "roles": ROLES,
    "business_unit": BUSINESS_UNIT,
    "profiles": PROFILES,
    "teams": TEAMS,
    "manager": MANAGER,
    "contractor": CONTRACTOR,
}


def change_rights(caller: Caller, user_id: UUID, stated: Stated) -> None:
    """Give the account what is stated, in the place of what it held of that kind; roles that come
    from the identity provider's groups stay.

    The audit names what was given and what was before, since it may read what the one who gives
    it may not. Raises AccessDenied, RecordNotFound, ValidationFailed.
    """
    engine().run(lambda service: give(service, caller, user_id, stated=stated))


def give(service: RecordService, caller: Caller, user_id: UUID, *, stated: Stated) -> None:
    """As `change_rights`, within a unit of work."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    lock_people(service)
    _require_account(service, user_id)
    with own_rights_kept(service, caller):
        changed = put(service, user_id, stated, kinds=OF_ACCOUNTS)
        if "business_unit" in changed:
            changed |= _end_roles_of_groups(service, user_id)
        _refuse_ring(service, user_id)
        if problems := problems_of(service, user_id):
            raise ValidationFailed(problems)
    if "contractor" in changed:
        forget_sessions(service.transaction, user_id)  # a contractor's has one at a time
    if changed:
        service.audit(caller, "change_rights", record_id=user_id, **changed)


def put(
    service: RecordService, holder: UUID, stated: Stated, *, kinds: Mapping[str, Holding]
) -> dict[str, Any]:
    """Store what is stated; of what changed, the names now and before, for the audit."""
    changed: dict[str, Any] = {}
    problems = []
    for kind, names in stated.items():
        holding = kinds[kind]
        before = holding.names(service, holder)
        if not holding.put(service, holder, names):
            problems.append(Problem(kind, "choose", holding.label))
            continue
        now = holding.names(service, holder)
        if now != before:
            changed |= {kind: list(now), f"{kind}_before": list(before)}
    if problems:
        raise ValidationFailed(problems)
    return changed


def names_held(service: RecordService, user_id: UUID) -> dict[str, tuple[str, ...]]:
    """What the account holds, by name."""
    return {kind: one.names(service, user_id) for kind, one in OF_ACCOUNTS.items()}


def _require_account(service: RecordService, user_id: UUID) -> None:
    found = service.transaction.read(select(SystemUser.id).where(SystemUser.id == user_id))
    if found.first() is None:
        raise RecordNotFound("account")


def _end_roles_of_groups(service: RecordService, user_id: UUID) -> dict[str, Any]:
    """What a provider's groups gave, they gave in the unit of before: it does not move along."""
    given = (PrincipalRole.principal_id == user_id, PrincipalRole.origin != BY_HAND)
    statement = select(Role.name).join(PrincipalRole, PrincipalRole.role_id == Role.id)
    names = service.transaction.read(statement.where(*given).order_by(Role.name)).scalars().all()
    service.transaction.write(delete(PrincipalRole).where(*given))
    return {"group_roles_before": list(names)} if names else {}


def _refuse_ring(service: RecordService, user_id: UUID) -> None:
    """Nobody is above themselves, through however many others."""
    managed = select(SystemUser.id, SystemUser.manager_id).where(
        SystemUser.manager_id.is_not(None)
    )
    above = {row.id: row.manager_id for row in service.transaction.read(managed)}
    one, seen = above.get(user_id), set()
    while one is not None and one not in seen:
        if one == user_id:
            raise ValidationFailed([Problem("manager", "ring", MANAGER.label)])
        seen.add(one)
        one = above.get(one)

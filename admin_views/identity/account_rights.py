"""What an account is given: its role, and the business unit it works in.

What a role grants is reckoned by `models/security`, anew for every request; so a change holds from
the account's next request on.
"""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Executable, delete, insert, select, update

from extensions import engine
from models.metadata.errors import Problem, RecordNotFound, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import sought
from models.tables.principals import BY_HAND, BusinessUnit, PrincipalRole, Role, SystemUser

ROLE, BUSINESS_UNIT = Label("ロール", "Role"), Label("部署", "Business unit")


@dataclass(frozen=True, slots=True)
class Named:
    """A role or a business unit; without an id where there is none of the name."""

    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Rights:
    role: Named
    unit: Named

    @property
    def problems(self) -> list[Problem]:
        found = []
        if self.role.id is None:
            found.append(Problem("role", "choose", ROLE))
        if self.unit.id is None:
            found.append(Problem("business_unit", "choose", BUSINESS_UNIT))
        return found


def change_rights(
    caller: Caller, user_id: UUID, *, role: str, business_unit: str | None = None
) -> None:
    """Give the account this role instead of any other; a unit of None stays as it is. Roles that
    come from the identity provider's groups stay, too.

    The audit names the role given, since it may read what the one who gives it may not.
    """
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)

    def work(service: RecordService) -> None:
        before = _lock(service, user_id)
        unit = before["business_unit"] if business_unit is None else business_unit
        rights = find_rights(service, role=role, business_unit=unit)
        if rights.problems:
            raise ValidationFailed(rights.problems)
        now = {"role": rights.role.name, "business_unit": rights.unit.name}
        changed = {f"{name}_before": before[name] for name in now if before[name] != now[name]}
        if changed:
            _store(service, user_id, rights, is_moved="business_unit_before" in changed)
            service.audit(caller, "change_role", record_id=user_id, **now, **changed)

    engine().run(work)


def find_rights(service: RecordService, *, role: str, business_unit: str) -> Rights:
    """By the role's name and the unit's name or id."""
    unit = BusinessUnit.name == sought(business_unit)
    with suppress(ValueError):
        unit = BusinessUnit.id == UUID(business_unit)
    return Rights(
        _named(service, select(Role.id, Role.name).where(Role.name == sought(role))),
        _named(service, select(BusinessUnit.id, BusinessUnit.name).where(unit)),
    )


def _named(service: RecordService, statement: Executable) -> Named:
    row = service.transaction.read(statement).first()
    return Named(None, "") if row is None else Named(row.id, row.name)


def _lock(service: RecordService, user_id: UUID) -> dict[str, str]:
    """The account's role and unit by name; nobody else changes them until the work is done."""
    service.transaction.lock()
    read = service.transaction.read
    account = select(SystemUser.businessunit_id).where(SystemUser.id == user_id)
    unit_id = read(account.with_for_update()).scalar()
    if unit_id is None:
        raise RecordNotFound("account")
    roles = (
        select(Role.name)
        .join(PrincipalRole, PrincipalRole.role_id == Role.id)
        .where(PrincipalRole.principal_id == user_id, PrincipalRole.origin == BY_HAND)
        .order_by(Role.name)
    )
    unit = select(BusinessUnit.name).where(BusinessUnit.id == unit_id)
    return {
        "role": ", ".join(read(roles).scalars()),
        "business_unit": read(unit).scalar_one(),
    }


def _store(service: RecordService, user_id: UUID, rights: Rights, *, is_moved: bool) -> None:
    """What a provider's groups gave, they gave in the unit of before: it does not move along."""
    write = service.transaction.write
    account = update(SystemUser).where(SystemUser.id == user_id)
    write(account.values(businessunit_id=rights.unit.id))
    replaced = delete(PrincipalRole).where(PrincipalRole.principal_id == user_id)
    write(replaced if is_moved else replaced.where(PrincipalRole.origin == BY_HAND))
    write(insert(PrincipalRole), {"principal_id": user_id, "role_id": rights.role.id})

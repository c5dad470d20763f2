"""Which group of the provider gives which role in which business unit: kept as data, per issuer.

A group that is not named gives nothing. Whoever may manage users says so, and the audit keeps it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select

from admin_views.identity.holdings import BUSINESS_UNIT, ROLES, lock_people
from extensions import engine
from models.metadata.errors import Problem, RecordNotFound, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id
from models.tables.federation import GroupRole
from models.tables.principals import BusinessUnit, Role
from models.tables.session import Transaction

GROUP, ROLE = Label("グループ", "Group"), Label("ロール", "Role")
LONGEST_GROUP = 255


@dataclass(frozen=True, slots=True)
class Mapping:
    id: UUID
    group: str
    role: str
    role_label: str
    business_unit: str


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person's groups give together."""

    roles: dict[UUID, str]
    units: dict[UUID, str]


def mappings(transaction: Transaction, issuer: str, *, language: str = "en") -> list[Mapping]:
    shown = Role.display_name_en if language == "en" else Role.display_name_ja
    statement = (
        select(
            GroupRole.id,
            GroupRole.group_name,
            Role.name.label("role"),
            shown.label("role_label"),
            BusinessUnit.name.label("unit"),
        )
        .join(Role, Role.id == GroupRole.role_id)
        .join(BusinessUnit, BusinessUnit.id == GroupRole.businessunit_id)
        .where(GroupRole.issuer == issuer)
        .order_by(GroupRole.group_name, Role.name)
    )
    return [
        Mapping(row.id, row.group_name, row.role, row.role_label or row.role, row.unit)
        for row in transaction.read(statement)
    ]


def granted(transaction: Transaction, issuer: str, groups: Iterable[str]) -> Granted:
    """By all groups the person is in; names are compared to the letter."""
    held = frozenset(groups)
    statement = (
        select(
            GroupRole.group_name,
            GroupRole.role_id,
            Role.name.label("role"),
            GroupRole.businessunit_id,
            BusinessUnit.name.label("unit"),
        )
        .join(Role, Role.id == GroupRole.role_id)
        .join(BusinessUnit, BusinessUnit.id == GroupRole.businessunit_id)
        .where(GroupRole.issuer == issuer)
    )
    rows = [row for row in transaction.read(statement) if row.group_name in held]
    return Granted(
        {row.role_id: row.role for row in rows}, {row.businessunit_id: row.unit for row in rows}
    )


def map_group(caller: Caller, issuer: str, *, group: str, role: str, business_unit: str) -> UUID:
    """From the next sign-in on, people in the group hold the role in that unit."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    mapping_id, name = new_id(), group.strip()

    def work(service: RecordService) -> None:
        lock_people(service)
        role_id = next(iter(ROLES.found(service, [role]) or ()), None)
        unit_id = BUSINESS_UNIT.found(service, business_unit)
        found = [
            _problem_of_name(name)
            or _problem_of_second(service, issuer, group=name, role_id=role_id),
            None if role_id else Problem("role", "choose", ROLE),
            None if unit_id else Problem("business_unit", "choose", BUSINESS_UNIT.label),
        ]
        if problems := [problem for problem in found if problem]:
            raise ValidationFailed(problems)
        row = {"id": mapping_id, "issuer": issuer, "group_name": name, "role_id": role_id}
        service.transaction.write(insert(GroupRole), row | {"businessunit_id": unit_id})
        service.audit(
            caller,
            "map_group",
            record_id=mapping_id,
            group=name,
            role=role,
            business_unit=business_unit,
        )

    engine().run(work)
    return mapping_id


def unmap_group(caller: Caller, issuer: str, mapping_id: UUID) -> None:
    """People lose the role at their next sign-in, if no other group of theirs gives it."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)

    def work(service: RecordService) -> None:
        lock_people(service)
        for mapping in mappings(service.transaction, issuer):
            if mapping.id == mapping_id:
                break
        else:
            raise RecordNotFound("mapping")
        service.transaction.write(delete(GroupRole).where(GroupRole.id == mapping_id))
        told = {"role": mapping.role, "business_unit": mapping.business_unit}
        service.audit(caller, "unmap_group", record_id=mapping_id, group=mapping.group, **told)

    engine().run(work)


def _problem_of_name(name: str) -> Problem | None:
    if not name:
        return Problem("group", "required", GROUP)
    if len(name) > LONGEST_GROUP:
        sizes: dict[str, object] = {"maximum": LONGEST_GROUP, "length": len(name)}
        return Problem("group", "too_long", GROUP, sizes)
    return None if name.isprintable() else Problem("group", "control_characters", GROUP)


def _problem_of_second(
    service: RecordService, issuer: str, *, group: str, role_id: UUID | None
) -> Problem | None:
    """One role of a group in two units would let nobody in."""
    same = (GroupRole.issuer == issuer, GroupRole.group_name == group)
    statement = select(GroupRole.id).where(*same, GroupRole.role_id == role_id)
    found = service.transaction.read(statement).first()
    return Problem("group", "role_given", GROUP) if found else None

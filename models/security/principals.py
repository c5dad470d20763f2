"""From the tables of users, teams and roles to Callers; read anew for every request.

A change of role, team or profile therefore holds from the next request on, everywhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from models.metadata.components import FormDefinition
from models.metadata.errors import DefinitionError
from models.security.caller import (
    AccessLevel,
    Caller,
    FieldRights,
    Miscellaneous,
    Privilege,
    Unmasked,
)
from models.tables.principals import (
    BusinessUnit,
    FieldPermission,
    PrincipalRole,
    ProfileMember,
    Role,
    RolePrivilege,
    SystemUser,
    Team,
    TeamMembership,
)

MISCELLANEOUS_ENTITY = ""


def load_caller(connection: Connection, user_id: UUID) -> Caller | None:
    """The user's Caller of this moment; None for an unknown or inactive account."""
    user = connection.execute(select(SystemUser).where(SystemUser.id == user_id)).first()
    if user is None or not user.active:
        return None
    teams = frozenset(
        connection.scalars(
            select(TeamMembership.team_id).where(TeamMembership.systemuser_id == user_id)
        )
    ) | frozenset(_default_teams(connection, user.businessunit_id))
    roles = _roles(connection, {user_id, *teams})
    levels, miscellaneous = _privileges(connection, roles)
    return Caller(
        id=user_id,
        kind="user",
        name=user.email,
        business_unit=user.businessunit_id,
        units_below=units_below(connection, user.businessunit_id),
        teams=teams,
        roles=frozenset(roles.values()),
        privileges=levels,
        miscellaneous=miscellaneous,
        field_rights=_field_rights(connection, {user_id, *teams, *roles}),
        language=user.language,
        contractor=user.contractor_id,
    )


DEFAULT_TEAM = (
    select(Team.id, Team.businessunit_id)
    .join(BusinessUnit, BusinessUnit.id == Team.businessunit_id)
    .where(BusinessUnit.name == bindparam("unit"), Team.is_default)
)


def public_caller(connection: Connection, form: FormDefinition) -> Caller:
    """Anyone, through `form`; what they send in is owned by its unit's default team."""
    attributes = set(form.attributes)
    confirmation = form.confirmation
    attributes |= {form.purpose_attribute} if form.purpose_attribute else set()
    if confirmation is not None:
        attributes |= {"statuscode"}
        attributes |= {confirmation.language} if confirmation.language else set()
    caller = Caller.public(
        form=form.name,
        entity=form.entity,
        attributes=frozenset(attributes),
    )
    return owning(connection, caller, form.owning_unit)


def owning(connection: Connection, caller: Caller, unit_name: str) -> Caller:
    """The caller, whose new records the business unit's default team owns."""
    found = connection.execute(DEFAULT_TEAM, {"unit": unit_name}).first()
    if found is None:
        raise DefinitionError(f"there is no business unit {unit_name!r}")
    return replace(caller, owner=found.id, business_unit=found.businessunit_id)


def units_below(connection: Connection, unit: UUID) -> frozenset[UUID]:
    """The business unit and all its children."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    for row in connection.execute(select(BusinessUnit.id, BusinessUnit.parent_id)):
        children[row.parent_id].append(row.id)
    found, waiting = set(), [unit]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children[one]
    return frozenset(found)


def _default_teams(connection: Connection, unit: UUID) -> Iterable[UUID]:
    """Every user is a member of its business unit's default team."""
    return connection.scalars(select(Team.id).where(Team.businessunit_id == unit, Team.is_default))


def _roles(connection: Connection, principals: set[UUID]) -> dict[UUID, str]:
    statement = select(Role.id, Role.name).join(PrincipalRole, PrincipalRole.role_id == Role.id)
    rows = connection.execute(statement.where(PrincipalRole.principal_id.in_(principals)))
    return {row.id: row.name for row in rows}


def _privileges(
    connection: Connection, roles: Iterable[UUID]
) -> tuple[dict[tuple[str, Privilege], AccessLevel], frozenset[Miscellaneous]]:
    """Roles add up: the widest level wins, nothing is taken away."""
    levels: dict[tuple[str, Privilege], AccessLevel] = {}
    miscellaneous = set()
    statement = select(RolePrivilege.__table__).where(RolePrivilege.role_id.in_(list(roles)))
    for row in connection.execute(statement):
        if row.entity == MISCELLANEOUS_ENTITY:
            miscellaneous.add(Miscellaneous(row.privilege))
            continue
        key = (row.entity, Privilege(row.privilege))
        levels[key] = max(levels.get(key, AccessLevel.NONE), AccessLevel(row.access_level))
    return levels, frozenset(miscellaneous)


def _field_rights(
    connection: Connection, principals: set[UUID]
) -> dict[tuple[str, str], FieldRights]:
    statement = select(FieldPermission.__table__).join(
        ProfileMember, ProfileMember.profile_id == FieldPermission.profile_id
    )
    found: dict[tuple[str, str], FieldRights] = {}
    for row in connection.execute(statement.where(ProfileMember.principal_id.in_(principals))):
        key = (row.entity, row.attribute)
        found[key] = _union(found.get(key, FieldRights()), row)
    return found


def _union(held: FieldRights, row: Any) -> FieldRights:
    return FieldRights(
        read=held.read or row.can_read,
        unmasked=max(held.unmasked, Unmasked(row.can_read_unmasked)),
        create=held.create or row.can_create,
        update=held.update or row.can_update,
    )

"""What roles and field security profiles grant a user: each grant with where it comes from.

A user's own roles count from the user's business unit, a team's roles from the team and its unit.
It adds up nothing: `principals` makes one caller of the grants, `explaining` tells them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from models.metadata.labels import Label
from models.security.privileges import AccessLevel, FieldRights, Miscellaneous, Privilege, Unmasked
from models.tables.principals import (
    FieldPermission,
    FieldSecurityProfile,
    PrincipalRole,
    ProfileMember,
    Role,
    RolePrivilege,
    Team,
    TeamMembership,
)

MISCELLANEOUS_ENTITY = ""


@dataclass(frozen=True, slots=True)
class MemberOf:
    """A team of the user's: one joined, or the default team of its business unit."""

    id: UUID
    name: str
    unit: UUID
    is_access_team: bool


@dataclass(frozen=True, slots=True)
class HeldRole:
    id: UUID
    name: str
    label: Label
    """What people call it."""
    team: MemberOf | None
    """The team that holds it; None where the user does."""


@dataclass(frozen=True, slots=True)
class PrivilegeGrant:
    role: HeldRole
    entity: str
    privilege: Privilege
    level: AccessLevel


@dataclass(frozen=True, slots=True)
class MiscellaneousGrant:
    role: HeldRole
    privilege: Miscellaneous


@dataclass(frozen=True, slots=True)
class FieldGrant:
    profile: str
    holder: Label
    """Which role or team brings the profile; nothing for the user itself."""
    entity: str
    attribute: str
    rights: FieldRights


def teams_of(connection: Connection, user_id: UUID, *, unit: UUID) -> list[MemberOf]:
    joined = select(TeamMembership.team_id).where(TeamMembership.systemuser_id == user_id)
    default = and_(Team.businessunit_id == unit, Team.is_default)
    rows = connection.execute(select(Team.__table__).where(or_(Team.id.in_(joined), default)))
    return [MemberOf(row.id, row.name, row.businessunit_id, row.is_access_team) for row in rows]


def roles_of(connection: Connection, user_id: UUID, teams: list[MemberOf]) -> list[HeldRole]:
    """An access team holds no role, whatever the tables say."""
    holders = {user_id: None, **{team.id: team for team in teams if not team.is_access_team}}
    statement = select(Role.__table__, PrincipalRole.principal_id).join(
        PrincipalRole, PrincipalRole.role_id == Role.id
    )
    statement = statement.distinct()  # a role may be held by hand and by a provider's group
    rows = connection.execute(statement.where(PrincipalRole.principal_id.in_(list(holders))))
    return [HeldRole(row.id, row.name, label_of(row), holders[row.principal_id]) for row in rows]


def label_of(role: Any) -> Label:
    """By a role's row; its name where it has no other."""
    return Label(role.display_name_ja, role.display_name_en) or Label(role.name)


def privileges_of(
    connection: Connection, roles: list[HeldRole]
) -> Iterator[PrivilegeGrant | MiscellaneousGrant]:
    ids = {role.id for role in roles}
    rows = connection.execute(
        select(RolePrivilege.__table__).where(RolePrivilege.role_id.in_(ids))
    ).all()
    for role in roles:
        for row in rows:
            if row.role_id != role.id:
                continue
            if row.entity == MISCELLANEOUS_ENTITY:
                yield MiscellaneousGrant(role, Miscellaneous(row.privilege))
            else:
                level = AccessLevel(row.access_level)
                yield PrivilegeGrant(role, row.entity, Privilege(row.privilege), level)


def field_grants_of(
    connection: Connection, user_id: UUID, *, teams: list[MemberOf], roles: list[HeldRole]
) -> list[FieldGrant]:
    holders = {user_id: Label("")} | {team.id: Label(team.name) for team in teams}
    holders |= {role.id: role.label for role in roles}
    statement = (
        select(FieldPermission.__table__, ProfileMember.principal_id, FieldSecurityProfile.name)
        .join(ProfileMember, ProfileMember.profile_id == FieldPermission.profile_id)
        .join(FieldSecurityProfile, FieldSecurityProfile.id == FieldPermission.profile_id)
    )
    rows = connection.execute(statement.where(ProfileMember.principal_id.in_(list(holders))))
    return [
        FieldGrant(row.name, holders[row.principal_id], row.entity, row.attribute, _rights(row))
        for row in rows
    ]


def profiles_on(connection: Connection, entity: str, attribute: str) -> list[FieldGrant]:
    """What each profile there is would grant on an attribute, whoever holds it."""
    statement = (
        select(FieldPermission.__table__, FieldSecurityProfile.name)
        .join(FieldSecurityProfile, FieldSecurityProfile.id == FieldPermission.profile_id)
        .where(FieldPermission.entity == entity, FieldPermission.attribute == attribute)
        .order_by(FieldSecurityProfile.name)
    )
    rows = connection.execute(statement)
    nobody = Label("")
    return [FieldGrant(row.name, nobody, entity, attribute, _rights(row)) for row in rows]


def _rights(row: Any) -> FieldRights:
    return FieldRights(
        read=row.can_read,
        unmasked=Unmasked(row.can_read_unmasked),
        create=row.can_create,
        update=row.can_update,
    )

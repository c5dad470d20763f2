"""Teams as their pages show them: unit, kind, what they hold, who is in them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from admin_views.people.account_reading import roles_held
from admin_views.people.choices import Choice
from models.metadata.errors import RecordNotFound
from models.tables.principals import (
    BusinessUnit,
    FieldSecurityProfile,
    ProfileMember,
    SystemUser,
    Team,
    TeamMembership,
)
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class ShownTeam:
    id: UUID
    name: str
    business_unit: str
    kind: str
    """`default` (a business unit's own), `owner`, `access`."""
    roles: tuple[Choice, ...]
    profiles: tuple[str, ...]
    members: int
    """Active accounts."""


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    email: str
    full_name: str
    is_active: bool
    is_contracted: bool


def read_teams(transaction: Transaction, *, language: str) -> list[ShownTeam]:
    """Those that were made first, then the default ones; each by name."""
    roles, profiles = roles_held(transaction, language), _profiles_held(transaction)
    counted = _counts(transaction)
    statement = select(Team.__table__, BusinessUnit.name.label("business_unit")).join(
        BusinessUnit, BusinessUnit.id == Team.businessunit_id
    )
    return [
        ShownTeam(
            row.id,
            row.name,
            row.business_unit,
            _kind(row),
            tuple(roles[row.id]),
            tuple(profiles[row.id]),
            counted.get(row.id, 0),
        )
        for row in transaction.read(statement.order_by(Team.is_default, Team.name))
    ]


def read_team(transaction: Transaction, team_id: UUID, *, language: str) -> ShownTeam:
    for team in read_teams(transaction, language=language):
        if team.id == team_id:
            return team
    raise RecordNotFound("team")


def read_members(transaction: Transaction, team_id: UUID) -> list[Member]:
    """Active ones first, by name."""
    statement = (
        select(
            SystemUser.id,
            SystemUser.email,
            SystemUser.full_name,
            SystemUser.active,
            SystemUser.contractor_id,
        )
        .join(Team, _is_in(Team.id))
        .where(Team.id == team_id)
        .order_by(SystemUser.active.desc(), SystemUser.full_name, SystemUser.email)
    )
    return [
        Member(row.id, row.email, row.full_name, row.active, row.contractor_id is not None)
        for row in transaction.read(statement)
    ]


def _is_in(team: Any) -> ColumnElement[bool]:
    """A user in a team: by joining it, or by working in the unit whose default team it is."""
    joined = (
        select(TeamMembership.team_id)
        .where(TeamMembership.systemuser_id == SystemUser.id, TeamMembership.team_id == team)
        .exists()
    )
    works_there = Team.is_default & (Team.businessunit_id == SystemUser.businessunit_id)
    return or_(joined, works_there)


def _kind(row: Any) -> str:
    if row.is_default:
        return "default"
    return "access" if row.is_access_team else "owner"


def _counts(transaction: Transaction) -> dict[UUID, int]:
    statement = (
        select(Team.id, func.count().label("members"))
        .join(SystemUser, _is_in(Team.id))
        .where(SystemUser.active)
        .group_by(Team.id)
    )
    return {row.id: row.members for row in transaction.read(statement)}


def _profiles_held(transaction: Transaction) -> dict[UUID, list[str]]:
    statement = (
        select(ProfileMember.principal_id, FieldSecurityProfile.name)
        .join(FieldSecurityProfile, FieldSecurityProfile.id == ProfileMember.profile_id)
        .order_by(FieldSecurityProfile.name)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in transaction.read(statement):
        found[row.principal_id].append(row.name)
    return found

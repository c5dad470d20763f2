"""Whom a record can be assigned to: the users and teams within the caller's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from models.metadata.definitions import EntityDefinition
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.security.reach import Reach
from models.tables.principals import SystemUser, Team
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class Candidate:
    id: UUID
    name: str
    is_team: bool


def candidates(
    transaction: Transaction, caller: Caller, *, entity: EntityDefinition
) -> tuple[Candidate, ...]:
    """Teams, then active users; those whom assigning reaches."""
    reaches = [one.reach(entity.logical_name, Privilege.ASSIGN) for one in caller.acting]
    teams = select(Team.id, Team.name, Team.businessunit_id).where(~Team.is_access_team)
    users = select(
        SystemUser.id, SystemUser.full_name.label("name"), SystemUser.businessunit_id
    ).where(SystemUser.active)
    return (
        *_found(transaction, teams.order_by(Team.name), reaches=reaches, is_team=True),
        *_found(transaction, users.order_by(SystemUser.full_name), reaches=reaches, is_team=False),
    )


def _found(
    transaction: Transaction,
    statement: Select[UUID, str, UUID],
    *,
    reaches: Sequence[Reach],
    is_team: bool,
) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(row["id"], row["name"], is_team)
        for row in transaction.read(statement).mappings()
        if all(reach.holds(owner=row["id"], unit=row["businessunit_id"]) for reach in reaches)
    )

"""Whom a record can be assigned to: the users and teams within the caller's reach."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from models.metadata.definitions import EntityDefinition
from models.security.caller import AccessLevel, Caller, Privilege
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
    """Teams, then active users; those of the units the access level of assigning reaches."""
    reach = _reach(caller, caller.level(entity.logical_name, Privilege.ASSIGN))
    teams = select(Team.id, Team.name, Team.businessunit_id)
    users = select(
        SystemUser.id, SystemUser.full_name.label("name"), SystemUser.businessunit_id
    ).where(SystemUser.active)
    return (
        *_found(transaction, teams.order_by(Team.name), reach=reach, is_team=True),
        *_found(transaction, users.order_by(SystemUser.full_name), reach=reach, is_team=False),
    )


def _reach(caller: Caller, level: AccessLevel) -> frozenset[UUID] | None:
    """The business units reached; None for all."""
    if level is AccessLevel.GLOBAL:
        return None
    if level is AccessLevel.DEEP:
        return caller.units_below
    return frozenset({caller.business_unit} if caller.business_unit else ())


def _found(
    transaction: Transaction,
    statement: Select[UUID, str, UUID],
    *,
    reach: frozenset[UUID] | None,
    is_team: bool,
) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(row["id"], row["name"], is_team)
        for row in transaction.read(statement).mappings()
        if reach is None or row["businessunit_id"] in reach
    )

"""Who stands below whom: business units below a unit, users below a manager."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection, select

from models.tables.principals import BusinessUnit, SystemUser, Team, TeamMembership


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


def reports_of(
    connection: Connection, user_id: UUID, *, units: frozenset[UUID], depth: int
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Principals of the direct reports, and of those below them down to `depth` levels in all:
    users and the teams they are members of.

    Source: CDS's manager hierarchy. A report counts only in the manager's own business unit or
    one below it, so that a manager elsewhere gains nothing.
    """
    if depth < 1:
        return frozenset(), frozenset()
    people = connection.execute(
        select(SystemUser.id, SystemUser.manager_id, SystemUser.businessunit_id)
    ).all()
    reporting: dict[UUID, list[UUID]] = defaultdict(list)
    for one in people:
        if one.manager_id is not None and one.businessunit_id in units:
            reporting[one.manager_id].append(one.id)
    direct, further = _levels(reporting, user_id, depth=depth)
    homes = {one.id: one.businessunit_id for one in people}
    return _with_teams(connection, direct, homes), _with_teams(connection, further, homes)


def _levels(
    reporting: Mapping[UUID, list[UUID]], user_id: UUID, *, depth: int
) -> tuple[set[UUID], set[UUID]]:
    """Whoever is met twice (managers in a ring) counts where they were met first."""
    direct = set(reporting.get(user_id, ())) - {user_id}
    further: set[UUID] = set()
    level = direct
    for _ in range(depth - 1):
        level = {below for one in level for below in reporting.get(one, ())}
        level -= direct | further | {user_id}
        further |= level
    return direct, further


def _with_teams(
    connection: Connection, users: Iterable[UUID], homes: Mapping[UUID, UUID]
) -> frozenset[UUID]:
    found = set(users)
    joined = select(TeamMembership.team_id).where(TeamMembership.systemuser_id.in_(found))
    units = {homes[user] for user in found}
    default = select(Team.id).where(Team.businessunit_id.in_(units), Team.is_default)
    teams = set(connection.scalars(joined)) | set(connection.scalars(default)) if found else set()
    return frozenset(found | teams)

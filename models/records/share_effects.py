"""What a share lets its receiver do in truth: never more than the receiver's role and contract
allow. The receiver is asked as the caller it is now; nothing is decided here.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, union

from models.metadata.definitions import EntityDefinition
from models.records.sharing import Rights, Share
from models.records.unit import UnitOfWork
from models.security.principals import load_caller
from models.tables.principals import SystemUser, Team, TeamMembership

MOST_MEMBERS = 20
"""Of a larger team nothing is told: each member is a caller to be reckoned."""


def without_effect(
    unit: UnitOfWork, entity: EntityDefinition, record_id: UUID, *, share: Share
) -> Rights:
    """The rights of the share that nobody gains by it: the receiver, or no member of the team."""
    people = _people(unit, share.principal)
    if not 0 < len(people) <= MOST_MEMBERS:
        return frozenset()
    useless = set(share.rights)
    for user in people:
        caller = load_caller(unit.transaction.connection, user)
        if caller is not None:
            useless -= {
                privilege
                for privilege in useless
                if unit.store.visible_ids(caller, privilege, entity, [record_id])
            }
    return frozenset(useless)


def _people(unit: UnitOfWork, principal: UUID) -> Sequence[UUID]:
    """The user, or the team's members; nobody for everyone."""
    itself = select(SystemUser.id).where(SystemUser.id == principal)
    joined = select(TeamMembership.systemuser_id).where(TeamMembership.team_id == principal)
    working = (
        select(SystemUser.id)
        .join(Team, Team.businessunit_id == SystemUser.businessunit_id)
        .where(Team.id == principal, Team.is_default)
    )
    statement = union(itself, joined, working).limit(MOST_MEMBERS + 1)
    return list(unit.transaction.read(statement).scalars())

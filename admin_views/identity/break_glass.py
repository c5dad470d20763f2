"""The account for emergencies: whatever happens at its door is told to all who manage users.

It signs in like any other, so that it works when nothing else does; that it is used is what must
not pass unseen. How it is made and kept: docs/break-glass.md.
"""

from uuid import UUID

from sqlalchemy import or_, select

from jobs import letters
from jobs.letter_texts import Letter
from jobs.letters import Texts
from models.records.service import RecordService
from models.security.principals import load_caller
from models.security.privileges import Miscellaneous
from models.tables.principals import (
    PrincipalRole,
    RolePrivilege,
    SystemUser,
    Team,
    TeamMembership,
)


def tell_managers(service: RecordService, user_id: UUID, letter: Letter, *, texts: Texts) -> None:
    """Send the letter to all who manage users, if the account is one for emergencies."""
    statement = select(SystemUser.email).where(SystemUser.id == user_id, SystemUser.is_break_glass)
    email = service.transaction.read(statement).scalar()
    if email is None:
        return
    to = [one for one in managers(service) if one != user_id]
    texts = {**texts, "account": email}
    letters.post(service.transaction, service.keyring, letter, to=to, texts=texts)


def managers(service: RecordService) -> list[UUID]:
    """All who may manage users now: by a role of their own or of a team."""
    connection = service.transaction.connection
    held = select(PrincipalRole.principal_id).join(
        RolePrivilege, RolePrivilege.role_id == PrincipalRole.role_id
    )
    holders = held.where(RolePrivilege.privilege == Miscellaneous.MANAGE_USERS.value)
    members = select(TeamMembership.systemuser_id).where(TeamMembership.team_id.in_(holders))
    units = select(Team.businessunit_id).where(Team.is_default, Team.id.in_(holders))
    candidates = select(SystemUser.id).where(
        or_(
            SystemUser.id.in_(holders),
            SystemUser.id.in_(members),
            SystemUser.businessunit_id.in_(units),
        )
    )
    ids = connection.scalars(candidates).all()
    callers = [(user_id, load_caller(connection, user_id)) for user_id in ids]
    manages = Miscellaneous.MANAGE_USERS
    return [user_id for user_id, caller in callers if caller and caller.may(manages)]

"""Who is in a team. Somebody who joins or leaves is audited like any change of that account's
rights, with the teams of before. A business unit's default team has all who work there.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from admin_views.identity.holdings import MEMBERS, ROLES, TEAMS, lock_people
from admin_views.identity.own_rights import own_rights_kept
from admin_views.identity.under_contract import problems_of
from admin_views.teams.stated import row_of
from extensions import engine
from models.metadata.errors import Problem, ValidationFailed
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.principals import SystemUser, TeamMembership

Names = Collection[str]
"""Addresses of accounts."""


def change_members(caller: Caller, team_id: UUID, *, joining: Names, leaving: Names) -> None:
    """Take some into the team and others out of it; nobody themselves.

    Raises AccessDenied, RecordNotFound, ValidationFailed.
    """
    engine().run(
        lambda service: join_and_leave(service, caller, team_id, joining=joining, leaving=leaving)
    )


def join_and_leave(
    service: RecordService, caller: Caller, team_id: UUID, *, joining: Names, leaving: Names
) -> None:
    """As `change_members`, within a unit of work."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    lock_people(service)
    team = row_of(service, team_id)
    members = set(MEMBERS.names(service, team_id))
    _refuse_unknown(service, team, members, joining=joining, leaving=leaving)
    after = (members | set(joining)) - set(leaving)
    moved = _ids(service, after ^ members)
    before = {one: TEAMS.names(service, one) for one in moved}
    with own_rights_kept(service, caller):
        MEMBERS.put(service, team_id, after)
        require_none_supervised(service, team, control="joining")
    for one, teams in before.items():
        told: dict[str, Any] = {
            "teams": list(TEAMS.names(service, one)),
            "teams_before": list(teams),
        }
        service.audit(caller, "change_rights", record_id=one, **told)


def require_none_supervised(
    service: RecordService, team: Mapping[str, Any], *, control: str
) -> None:
    """ValidationFailed where a contractor's account would hold what no contractor may, by the
    team."""
    joined = select(TeamMembership.systemuser_id).where(TeamMembership.team_id == team["id"])
    places: ColumnElement[bool] = SystemUser.id.in_(joined)
    if team["is_default"]:
        places = or_(places, SystemUser.businessunit_id == team["businessunit_id"])
    statement = select(SystemUser.id).where(places, SystemUser.contractor_id.is_not(None))
    contracted = list(service.transaction.read(statement).scalars())
    found = [problem for one in contracted for problem in problems_of(service, one)]
    if any(problem.code == "not_under_contract" for problem in found):
        label = ROLES.label if control == "roles" else MEMBERS.label
        raise ValidationFailed([Problem(control, "supervising_team", label)])


def _refuse_unknown(
    service: RecordService,
    team: Mapping[str, Any],
    members: set[str],
    *,
    joining: Names,
    leaving: Names,
) -> None:
    problems = []
    if team["is_default"]:
        problems.append(Problem("joining", "members_of_unit", MEMBERS.label))
    elif MEMBERS.found(service, joining, holder=team["id"]) is None:
        problems.append(Problem("joining", "choose", MEMBERS.label))
    elif not set(leaving) <= members:
        problems.append(Problem("leaving", "choose", MEMBERS.label))
    if problems:
        raise ValidationFailed(problems)


def _ids(service: RecordService, addresses: Names) -> list[UUID]:
    statement = select(SystemUser.id).where(SystemUser.email.in_(addresses))
    return list(service.transaction.read(statement.order_by(SystemUser.email)).scalars())

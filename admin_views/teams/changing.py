"""Teams made and changed, each time audited with what was before. What a team holds, each of its
members holds from the next request on, in every process; so nobody changes a team of their own to
another effect on themselves.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from admin_views.identity.account_rights import Stated, put
from admin_views.identity.holdings import BUSINESS_UNIT, ROLES, lock_people
from admin_views.identity.own_rights import own_rights_kept
from admin_views.teams.members import require_none_supervised
from admin_views.teams.stated import (
    ACCESS,
    NAME,
    OWNER,
    NewTeam,
    as_named,
    kinds_held_by,
    problems_of_name,
    problems_of_place,
    row_of,
)
from extensions import engine
from models.metadata.errors import Problem, ValidationFailed
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id
from models.tables.principals import BusinessUnit, Team

Changes = dict[str, Any]
LABELS = {"name": NAME, "business_unit": BUSINESS_UNIT.label}


def create(caller: Caller, team: NewTeam, held: Stated) -> UUID:
    """Raises AccessDenied, ValidationFailed."""
    return engine().run(lambda service: add(service, caller, team, held=held))


def add(service: RecordService, caller: Caller, team: NewTeam, *, held: Stated) -> UUID:
    """As `create`, within a unit of work."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    lock_people(service)
    name = as_named(team.name)
    _refuse(
        [
            *problems_of_name(service, name),
            *problems_of_place(service, team.business_unit, team.kind),
        ]
    )
    team_id = new_id()
    row = {
        "id": team_id,
        "name": name,
        "businessunit_id": BUSINESS_UNIT.found(service, team.business_unit),
        "is_access_team": team.kind == ACCESS,
    }
    service.transaction.write(insert(Team), row)
    given = _held(service, row, held)
    told = {"team": name, "kind": team.kind, "business_unit": [team.business_unit], **given}
    service.audit(caller, "create_team", record_id=team_id, **told)
    return team_id


def change(caller: Caller, team_id: UUID, stated: Stated) -> None:
    """Put what is stated in the place of what was: name, business unit, roles, profiles.

    A business unit's default team keeps name and place; records a team owns stay in the unit they
    are in. Raises AccessDenied, RecordNotFound, ValidationFailed.
    """
    engine().run(lambda service: amend(service, caller, team_id, stated=stated))


def amend(service: RecordService, caller: Caller, team_id: UUID, *, stated: Stated) -> None:
    """As `change`, within a unit of work."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    lock_people(service)
    before = row_of(service, team_id)
    with own_rights_kept(service, caller):
        changed = _placed(service, before, stated) | _held(service, before, stated)
        require_none_supervised(service, before, control="roles")
    if changed:
        told = {"team": before["name"], **changed}
        service.audit(caller, "change_team", record_id=team_id, **told)


def _placed(service: RecordService, before: Changes, stated: Stated) -> Changes:
    """Store name and business unit; of what changed, now and before."""
    unit = _unit_name(service, before["businessunit_id"])
    now = {
        "name": as_named("".join(stated.get("name", [before["name"]]))),
        "business_unit": "".join(stated.get("business_unit", [unit])),
    }
    was = {"name": before["name"], "business_unit": unit}
    changed = [name for name in now if now[name] != was[name]]
    if not changed:
        return {}
    if before["is_default"]:
        _refuse([Problem(one, "read_only", LABELS[one]) for one in changed])
    _refuse(
        [
            *problems_of_name(service, now["name"], besides=before["id"]),
            *problems_of_place(service, now["business_unit"], OWNER),
        ]
    )
    values = {
        "name": now["name"],
        "businessunit_id": BUSINESS_UNIT.found(service, now["business_unit"]),
    }
    service.transaction.write(update(Team).where(Team.id == before["id"]).values(**values))
    told = {"name": "team", "business_unit": "business_unit"}
    found = {told[name]: now[name] for name in changed}
    return found | {f"{told[name]}_before": was[name] for name in changed}


def _unit_name(service: RecordService, unit: UUID) -> str:
    statement = select(BusinessUnit.name).where(BusinessUnit.id == unit)
    return str(service.transaction.read(statement).scalar())


def _held(service: RecordService, team: Changes, stated: Stated) -> Changes:
    """Store roles and profiles; of what changed, now and before."""
    kinds = kinds_held_by(team)
    if stated.get("roles") and "roles" not in kinds:
        raise ValidationFailed([Problem("roles", "role_of_access_team", ROLES.label)])
    given = {kind: names for kind, names in stated.items() if kind in kinds}
    return put(service, team["id"], given, kinds=kinds)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise ValidationFailed(problems)

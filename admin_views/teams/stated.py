"""What is stated of a team, and what is wrong with it: name, business unit, kind.

It stores nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from admin_views.identity.holdings import BUSINESS_UNIT, PROFILES, ROLES, Holding
from models.metadata.errors import Problem, RecordNotFound
from models.metadata.labels import Label
from models.records.service import RecordService
from models.tables.base import sought
from models.tables.principals import Team

NAME, KIND = Label("名称", "Name"), Label("種類", "Kind")
LONGEST_NAME = 100
OWNER, ACCESS = "owner", "access"
OF_OWNER_TEAMS: Mapping[str, Holding] = {"roles": ROLES, "profiles": PROFILES}
OF_ACCESS_TEAMS: Mapping[str, Holding] = {"profiles": PROFILES}
"""An access team holds no role: it has what is shared with it, as far as its members' roles go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTeam:
    name: str
    business_unit: str
    kind: str
    """`owner` (owns records, holds roles) or `access` (records are shared with it)."""


def kinds_held_by(team: Mapping[str, Any]) -> Mapping[str, Holding]:
    return OF_ACCESS_TEAMS if team["is_access_team"] else OF_OWNER_TEAMS


def row_of(service: RecordService, team_id: UUID) -> dict[str, Any]:
    statement = select(Team.__table__).where(Team.id == team_id)
    row = service.transaction.read(statement).mappings().first()
    if row is None:
        raise RecordNotFound("team")
    return dict(row)


def as_named(name: str) -> str:
    return " ".join(name.split())


def problems_of_name(
    service: RecordService, name: str, *, besides: UUID | None = None
) -> Iterator[Problem]:
    if not name:
        yield Problem("name", "required", NAME)
    elif len(name) > LONGEST_NAME:
        parameters: dict[str, object] = {"maximum": LONGEST_NAME, "length": len(name)}
        yield Problem("name", "too_long", NAME, parameters)
    elif not name.isprintable():
        yield Problem("name", "control_characters", NAME)
    else:
        others = select(Team.id).where(Team.name == sought(name), Team.id != besides)
        if service.transaction.read(others).first():
            yield Problem("name", "duplicate", NAME)


def problems_of_place(service: RecordService, unit: str, kind: str) -> Iterator[Problem]:
    if BUSINESS_UNIT.found(service, unit) is None:
        yield Problem("business_unit", "choose", BUSINESS_UNIT.label)
    if kind not in {OWNER, ACCESS}:
        yield Problem("kind", "choose", KIND)

"""Contracts made and changed, each time audited with what was before. They hold from the next
request of every account on, in every process: callers are reckoned anew for each.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from admin_views.contractors.networks import read_networks
from admin_views.contractors.scope import Scope, problems_of, stored, told
from admin_views.identity.holdings import lock_people
from admin_views.language import read_day
from extensions import engine
from models.metadata.errors import (
    ConcurrencyConflict,
    Problem,
    RecordNotFound,
    ValidationFailed,
)
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id, sought
from models.tables.principals import Contractor

NAME = Label("名称", "Name")
FIRST_DAY, LAST_DAY = Label("開始日", "First day"), Label("終了日", "Last day")
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a contract says, as it was stated."""

    name: str
    starts_on: str
    """A day written as 2026-04-01."""
    ends_on: str
    scope: Scope = field(default_factory=dict)
    networks: str = ""
    """One a line; none for any."""


def create(caller: Caller, terms: Terms) -> UUID:
    """Raises AccessDenied, ValidationFailed."""
    return engine().run(lambda service: add(service, caller, terms))


def add(service: RecordService, caller: Caller, terms: Terms) -> UUID:
    """As `create`, within a unit of work."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    lock_people(service)
    row = _checked(service, terms) | {"id": new_id()}
    service.transaction.write(insert(Contractor), row)
    service.audit(caller, "create_contractor", record_id=row["id"], **_told(row))
    return UUID(str(row["id"]))


def change(caller: Caller, contractor_id: UUID, terms: Terms, *, version: int) -> None:
    """Put these terms in the place of those of that version. Raises as `create`, RecordNotFound,
    and ConcurrencyConflict if another change came first."""
    engine().run(lambda service: amend(service, caller, contractor_id, terms, version=version))


def amend(
    service: RecordService, caller: Caller, contractor_id: UUID, terms: Terms, *, version: int
) -> None:
    """As `change`, within a unit of work."""
    require_miscellaneous(caller, Miscellaneous.MANAGE_USERS)
    lock_people(service)
    before = row_of(service, contractor_id)
    row = _checked(service, terms, besides=contractor_id)
    this = Contractor.id == contractor_id, Contractor.version == version
    statement = update(Contractor).where(*this).values(**row, version=version + 1)
    if service.transaction.write(statement).rowcount != 1:
        raise ConcurrencyConflict("contractor")
    if changed := _changed(_told(before), _told(row)):
        service.audit(caller, "change_contractor", record_id=contractor_id, **changed)


def row_of(service: RecordService, contractor_id: UUID) -> dict[str, Any]:
    statement = select(Contractor.__table__).where(Contractor.id == contractor_id)
    row = service.transaction.read(statement).mappings().first()
    if row is None:
        raise RecordNotFound("contractor")
    return dict(row)


def _checked(
    service: RecordService, terms: Terms, *, besides: UUID | None = None
) -> dict[str, Any]:
    """The row of these terms; ValidationFailed with all that is wrong."""
    name = " ".join(terms.name.split())
    days, wrong_days = _days(terms)
    networks, wrong_networks = read_networks(terms.networks)
    problems = [
        *_problems_of_name(service, name, besides),
        *wrong_days,
        *problems_of(service.catalog, terms.scope),
        *wrong_networks,
    ]
    if problems:
        raise ValidationFailed(problems)
    scope = json.dumps(stored(terms.scope))
    return {"name": name, **days, "scope": scope, "networks": "\n".join(networks)}


def _problems_of_name(
    service: RecordService, name: str, besides: UUID | None
) -> Iterable[Problem]:
    if not name:
        yield Problem("name", "required", NAME)
    elif len(name) > LONGEST_NAME:
        parameters: dict[str, object] = {"maximum": LONGEST_NAME, "length": len(name)}
        yield Problem("name", "too_long", NAME, parameters)
    elif not name.isprintable():
        yield Problem("name", "control_characters", NAME)
    else:
        others = select(Contractor.id).where(Contractor.name == sought(name))
        if service.transaction.read(others.where(Contractor.id != besides)).first():
            yield Problem("name", "duplicate", NAME)


def _days(terms: Terms) -> tuple[dict[str, date], list[Problem]]:
    days: dict[str, date] = {}
    problems = []
    for control, text, label in (
        ("starts_on", terms.starts_on, FIRST_DAY),
        ("ends_on", terms.ends_on, LAST_DAY),
    ):
        day = read_day(text)
        if day is None:
            code = "date" if text.strip() else "required"
            problems.append(Problem(control, code, label))
        else:
            days[control] = day
    if not problems and days["ends_on"] < days["starts_on"]:
        problems.append(Problem("ends_on", "ends_before_it_begins", LAST_DAY))
    return days, problems


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """For the audit."""
    return {
        "contractor": row["name"],
        "starts_on": row["starts_on"].isoformat(),
        "ends_on": row["ends_on"].isoformat(),
        "scope": told(json.loads(row["scope"])),
        "networks": row["networks"].split(),
    }


def _changed(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What is otherwise, now and before; and always whose contract it is."""
    different = [name for name in now if now[name] != before[name]]
    found = {name: now[name] for name in different}
    found |= {f"{name}_before": before[name] for name in different}
    return {"contractor": now["contractor"], **found} if different else {}

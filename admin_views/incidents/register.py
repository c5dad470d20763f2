"""The register of incidents: entered, amended, asked about, reported, closed. Each step is
audited; what is closed stays as it is, and whoever worked from an older page overwrites nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from admin_views.incidents.facts import Facts
from admin_views.incidents.law import ITEMS
from admin_views.incidents.rights import may_ask_log, require_keeper
from admin_views.incidents.suspicion import Suspicion
from admin_views.incidents.texts import HAPPENED, Texts, open_texts, seal_texts, tidied
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import (
    AccessDenied,
    ConcurrencyConflict,
    RecordNotFound,
    ValidationFailed,
)
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.fiscal import year_of
from models.tables.base import new_id, table_of, utc_now
from models.tables.incidents import CLOSED, FINAL, OPEN, PRELIMINARY, Incident
from models.tables.organization import THE_ONE, Organization

TABLE = table_of(Incident)


@dataclass(frozen=True, slots=True)
class Step:
    """On to a state, from one of those before it; noted with who took it."""

    state: str
    before: tuple[str, ...]
    column: str
    act: str


STEPS: Mapping[str, Step] = {
    "preliminary": Step(PRELIMINARY, (OPEN,), "preliminary", "send_preliminary_report"),
    "final": Step(FINAL, (OPEN, PRELIMINARY), "final", "send_final_report"),
    "close": Step(CLOSED, (OPEN, PRELIMINARY, FINAL), "closed", "close_incident"),
}


def enter(service: RecordService, caller: Caller, facts: Facts) -> UUID:
    """Raises AccessDenied."""
    require_keeper(caller)
    identifier, now = new_id(), utc_now()
    year = year_of(facts.known_on.astimezone(LOCAL_ZONE).date())
    row = {
        "id": identifier,
        "year": year,
        "number": _next_number(service, year),
        **_columns(facts),
        "texts": seal_texts(service, identifier, {HAPPENED: facts.happened}),
        "entered_on": now,
        "entered_by_name": caller.name,
    }
    service.transaction.write(insert(Incident), row)
    service.audit(caller, "enter_incident", record_id=identifier, **_told(row))
    return identifier


def amend(
    service: RecordService, caller: Caller, incident: UUID, facts: Facts, *, version: int
) -> None:
    """Raises AccessDenied, RecordNotFound, ConcurrencyConflict (closed, or another version)."""
    require_keeper(caller)
    before = row_of(service, incident)
    texts = open_texts(service, incident, before.texts) | {HAPPENED: facts.happened}
    row = _columns(facts) | {"texts": seal_texts(service, incident, texts)}
    _change(service, incident, row, version=version)
    service.audit(caller, "change_incident", record_id=incident, **_told(row))


def ask(
    service: RecordService, caller: Caller, incident: UUID, asked: Suspicion, *, version: int
) -> None:
    """Ask the access log about it from now on. Raises as `amend`."""
    require_keeper(caller)
    if not may_ask_log(caller):
        raise AccessDenied("asking the access log about an incident", caller=caller)
    _change(service, incident, {"suspicion": json.dumps(asked.stored())}, version=version)
    service.audit(caller, "ask_about_incident", record_id=incident, **_asked(asked))


def write_report(
    service: RecordService, caller: Caller, incident: UUID, items: Texts, *, version: int
) -> None:
    """Put these items in the place of those of before. Raises as `amend`, ValidationFailed."""
    require_keeper(caller)
    before, problems = row_of(service, incident), []
    texts = open_texts(service, incident, before.texts)
    for name, label in ITEMS.items():
        texts[name], wrong = tidied(items.get(name, ""), name=name, label=label)
        problems += wrong
    if problems:
        raise ValidationFailed(problems)
    _change(service, incident, {"texts": seal_texts(service, incident, texts)}, version=version)
    service.audit(caller, "draft_incident_report", record_id=incident)


def take(service: RecordService, caller: Caller, incident: UUID, step: str) -> None:
    """Raises AccessDenied, RecordNotFound, ConcurrencyConflict (taken before)."""
    require_keeper(caller)
    if step not in STEPS:
        raise RecordNotFound("no such step")
    row_of(service, incident)
    wanted = STEPS[step]
    values: dict[str, object] = {
        "state": wanted.state,
        "version": TABLE.c.version + 1,
        f"{wanted.column}_on": utc_now(),
        f"{wanted.column}_by_name": caller.name,
    }
    this = TABLE.c.id == incident, TABLE.c.state.in_(wanted.before)
    if service.transaction.write(update(Incident).where(*this).values(**values)).rowcount != 1:
        raise ConcurrencyConflict("incident")
    service.audit(caller, wanted.act, record_id=incident)


def row_of(service: RecordService, incident: UUID) -> Any:
    row = service.transaction.read(select(TABLE).where(TABLE.c.id == incident)).first()
    if row is None:
        raise RecordNotFound("incident")
    return row


def _next_number(service: RecordService, year: int) -> int:
    """Within the fiscal year; who enters another at the same moment waits."""
    connection = service.transaction.lock()
    one = select(Organization.id).where(Organization.id == THE_ONE)
    connection.execute(one.with_for_update()).all()
    last = connection.scalar(select(func.max(TABLE.c.number)).where(TABLE.c.year == year))
    return int(last or 0) + 1


def _change(
    service: RecordService, incident: UUID, values: Mapping[str, object], *, version: int
) -> None:
    this = TABLE.c.id == incident, TABLE.c.version == version, TABLE.c.state != CLOSED
    changed = {**values, "version": version + 1}
    if service.transaction.write(update(Incident).where(*this).values(**changed)).rowcount != 1:
        raise ConcurrencyConflict("incident")


def _columns(facts: Facts) -> dict[str, Any]:
    return {
        "known_on": facts.known_on,
        "kinds": json.dumps(facts.kinds),
        "protected": facts.protected,
        "contractor_id": facts.contractor,
    }


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """For the audit: what was stated, without its words."""
    return {
        "known_on": row["known_on"].isoformat(),
        "kinds": json.loads(row["kinds"]),
        "protected": row["protected"],
    }


def _asked(asked: Suspicion) -> dict[str, Any]:
    return {f"asked_{name}": text for name, text in asked.stored().items()}

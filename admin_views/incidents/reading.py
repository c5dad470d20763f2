"""Incidents as the pages show them: by number, with their clock, their state, what was counted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from admin_views.incidents.affected import Affected, count_affected
from admin_views.incidents.facts import Facts
from admin_views.incidents.law import MANY, MOST_UNREPORTED, Clock, duty
from admin_views.incidents.register import TABLE, row_of
from admin_views.incidents.suspicion import Suspicion, kept
from admin_views.incidents.texts import HAPPENED, open_texts
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security import contracts
from models.tables.incidents import CLOSED, OPEN, PRELIMINARY
from models.tables.principals import Contractor, SystemUser
from models.tables.session import Transaction

NUMBER = Label("{year}年度 第{number}号", "No. {number} of fiscal {year}")


@dataclass(frozen=True, slots=True)
class Shown:
    """An incident without its words."""

    row: Any
    kinds: tuple[str, ...]
    clock: Clock

    @property
    def is_closed(self) -> bool:
        return bool(self.row.state == CLOSED)

    @property
    def duty(self) -> str:
        return duty(self.kinds, self.row.protected)

    @property
    def next_due(self) -> date | None:
        """By when the next report is due; None where none is, or none is asked for."""
        if self.duty == "none":
            return None
        due = {OPEN: self.clock.preliminary_on, PRELIMINARY: self.clock.final_on}
        return due.get(self.row.state)

    @property
    def is_overdue(self) -> bool:
        due = self.next_due
        return due is not None and due < contracts.today()

    def number(self, language: str) -> str:
        return NUMBER.text(language).format(year=self.row.year, number=self.row.number)


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident whole."""

    shown: Shown
    facts: Facts
    texts: dict[str, str]
    suspicion: Suspicion
    affected: Affected
    contractor: str

    @property
    def seems_many(self) -> bool:
        """Whether the log counts more records than go unreported, and nobody has said so."""
        return self.affected.most > MOST_UNREPORTED and MANY not in self.facts.kinds


def read_incidents(transaction: Transaction) -> list[Shown]:
    """The newest first."""
    order = TABLE.c.known_on.desc(), TABLE.c.id.desc()
    return [_shown(row) for row in transaction.read(select(TABLE).order_by(*order))]


def read_incident(service: RecordService, incident: UUID) -> Opened:
    """Raises RecordNotFound."""
    row = row_of(service, incident)
    texts = open_texts(service, incident, row.texts)
    shown, suspicion = _shown(row), kept(row.suspicion)
    facts = Facts(
        known_on=row.known_on,
        kinds=shown.kinds,
        protected=row.protected,
        contractor=row.contractor_id,
        happened=texts.get(HAPPENED, ""),
    )
    affected = count_affected(service.transaction, suspicion) if suspicion else Affected()
    names = {str(one): name for one, name in contractors_of(service.transaction)}
    contractor = names.get(str(row.contractor_id), "")
    return Opened(shown, facts, texts, suspicion, affected, contractor)


def waiting(transaction: Transaction) -> Iterator[Shown]:
    """Those with a report that is due, the most urgent first."""
    undone = select(TABLE).where(TABLE.c.state.in_((OPEN, PRELIMINARY)))
    found = [_shown(row) for row in transaction.read(undone)]
    due = [(one.next_due, one) for one in found if one.next_due is not None]
    return (one for _, one in sorted(due, key=lambda pair: pair[0]))


def count_known(
    transaction: Transaction, contractor: UUID, *, since: datetime, until: datetime
) -> int:
    """Incidents at a contractor's work that became known in that time."""
    within = TABLE.c.known_on >= since, TABLE.c.known_on < until
    statement = select(func.count()).where(TABLE.c.contractor_id == contractor, *within)
    return int(transaction.read(statement).scalar_one())


def contractors_of(transaction: Transaction) -> list[tuple[UUID, str]]:
    rows: Any = transaction.read(select(Contractor.id, Contractor.name).order_by(Contractor.name))
    return [(row.id, row.name) for row in rows]


def accounts_of(transaction: Transaction) -> list[tuple[UUID, str]]:
    """The inactive ones too."""
    statement = select(SystemUser.id, SystemUser.email, SystemUser.full_name)
    rows: Any = transaction.read(statement.order_by(SystemUser.email))
    return [(row.id, f"{row.email} {row.full_name}".strip()) for row in rows]


def _shown(row: Any) -> Shown:
    kinds = tuple(json.loads(row.kinds))
    return Shown(row, kinds, Clock.of(row.known_on, kinds))

"""A month of the log in figures: counted by its index of times, kept with the sign-off as JSON.

They name accounts by their ids, and nobody's data. It knows no words.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text

from admin_views.audit.finding import ENTRY, SUPPORTED, bounds, unled
from admin_views.audit.inspections.months import Month
from admin_views.audit.office_hours import is_outside
from admin_views.audit.questions import Question
from exchange.extracts.ledger import overdue_count
from models.records.service import RecordService
from models.tables.audit import AuditCheckpoint
from models.tables.session import Transaction

REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class Counted:
    action: str
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class Revealed:
    """How many masked values an account had shown; `account` is its id in hexadecimal."""

    account: str
    count: int


@dataclass(frozen=True, slots=True)
class Vouched:
    """The newest verification of the chain as it was when a month was signed off."""

    completed_on: datetime
    entries: int
    checkpoints: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Figures:
    acts: tuple[Counted, ...] = ()
    reveals: tuple[Revealed, ...] = ()
    outside_hours: int = 0
    supported: int = 0
    """What was done in support sessions."""
    checkpoints: int = 0
    overdue: int = field(default=0, compare=False)
    """Copies of extracts that were to be deleted by the day of counting: they may be, later."""
    vouched: Vouched | None = field(default=None, compare=False)

    @property
    def entries(self) -> int:
        return self.of()

    def of(self, actions: Iterable[str] = (), outcome: str = "") -> int:
        """How many of these acts with this outcome; of all, where none are named."""
        wanted = frozenset(actions)
        return sum(
            one.count
            for one in self.acts
            if (not wanted or one.action in wanted) and outcome in ("", one.outcome)
        )

    def stored(self) -> str:
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def read(cls, stored: str) -> "Figures":
        values = json.loads(stored)
        values["acts"] = tuple(Counted(**one) for one in values["acts"])
        values["reveals"] = tuple(Revealed(**one) for one in values["reveals"])
        if values["vouched"] is not None:
            on = datetime.fromisoformat(values["vouched"].pop("completed_on"))
            values["vouched"] = Vouched(on, **values["vouched"])
        return cls(**values)


def count_month(service: RecordService, month: Month) -> Figures:
    return _Counting.of(service.transaction, month).figures(overdue=overdue_count(service))


@dataclass(frozen=True, slots=True)
class _Counting:
    """One month's entries: by their times, and by the numbers between which they lie."""

    transaction: Transaction
    month: Month
    numbers: tuple[int, int]

    @classmethod
    def of(cls, transaction: Transaction, month: Month) -> "_Counting":
        question = Question(since=month.begins, until=month.ends)
        return cls(transaction, month, bounds(transaction, question) or (1, 0))

    def figures(self, *, overdue: int) -> Figures:
        return Figures(
            acts=self._acts(),
            reveals=self._reveals(),
            outside_hours=self._outside_hours(),
            supported=self._supported(),
            checkpoints=self._checkpoints(),
            overdue=overdue,
        )

    def _acts(self) -> tuple[Counted, ...]:
        kind = unled(ENTRY.c.action), unled(ENTRY.c.outcome)
        counted = select(*kind, func.count()).where(*self._within(ENTRY.c.created_on))
        statement = counted.group_by(*kind).order_by(*kind)
        rows: Any = self.transaction.read(statement)
        return tuple(Counted(*row) for row in rows)

    def _reveals(self) -> tuple[Revealed, ...]:
        """Led by the act: they are few beside the rest."""
        shown = select(ENTRY.c.caller_id, func.count()).where(
            ENTRY.c.action == REVEAL,
            ENTRY.c.sequence.between(*self.numbers),
            *self._within(unled(ENTRY.c.created_on)),
        )
        rows: Any = self.transaction.read(shown.group_by(ENTRY.c.caller_id))
        found = [Revealed(one.hex if one else "", number) for one, number in rows]
        return tuple(sorted(found, key=lambda one: (-one.count, one.account)))

    def _outside_hours(self) -> int:
        on = ENTRY.c.created_on
        outside = and_(unled(ENTRY.c.caller_id).is_not(None), is_outside(on))
        return self._number(select(func.count()).where(*self._within(on), outside))

    def _supported(self) -> int:
        within = self._within(unled(ENTRY.c.created_on))
        return self._number(select(func.count()).where(text(SUPPORTED), *within))

    def _checkpoints(self) -> int:
        on = AuditCheckpoint.created_on
        return self._number(select(func.count()).where(*self._within(on)))

    def _within(self, moment: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return moment >= self.month.begins, moment < self.month.ends

    def _number(self, statement: Any) -> int:
        return int(self.transaction.read(statement).scalar_one())

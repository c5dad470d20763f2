"""What a contractor's accounts did with personal data in a month, as the audit has it; and what
the audit tells of the accounts themselves. For who may read the audit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from admin_views.audit.finding import ENTRY, bounds, unled
from admin_views.audit.office_hours import is_outside
from admin_views.audit.questions import Question
from admin_views.reports.subject import Subject
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.session import Transaction

ENDED = "deactivate_account"


@dataclass(frozen=True, slots=True)
class Handling:
    acts: Mapping[tuple[str, str], int]
    """By act and outcome, of what the accounts did."""
    outside_hours: int
    ended: int
    """Accounts that somebody ended in the month."""

    def of(self, actions: Iterable[str] = (), outcome: str = "") -> int:
        """How many of these acts with this outcome; of all, where none are named."""
        wanted = frozenset(actions)
        return sum(
            count
            for (action, found), count in self.acts.items()
            if (not wanted or action in wanted) and outcome in ("", found)
        )


def read_handling(service: RecordService, caller: Caller, subject: Subject) -> Handling | None:
    """None for who may not read the audit."""
    if not caller.may(Miscellaneous.READ_AUDIT):
        return None
    month = subject.month
    question = Question(since=month.begins, until=month.ends)
    numbers = bounds(service.transaction, question) or (1, 0)
    counting = _Counting(service.transaction, subject, numbers)
    return Handling(counting.acts(), counting.outside_hours(), counting.ended())


@dataclass(frozen=True, slots=True)
class _Counting:
    transaction: Transaction
    subject: Subject
    numbers: tuple[int, int]

    def acts(self) -> dict[tuple[str, str], int]:
        kind = unled(ENTRY.c.action), unled(ENTRY.c.outcome)
        statement = select(*kind, func.count()).where(*self._by_accounts()).group_by(*kind)
        rows: Any = self.transaction.read(statement)
        return {(action, outcome): count for action, outcome, count in rows}

    def outside_hours(self) -> int:
        outside = and_(*self._by_accounts(), is_outside(ENTRY.c.created_on))
        return self._number(select(func.count()).where(outside))

    def ended(self) -> int:
        these = ENTRY.c.record_id.in_(self._accounts())
        done = ENTRY.c.action == ENDED, unled(ENTRY.c.outcome) == "ok"
        which = func.count(func.distinct(ENTRY.c.record_id))
        return self._number(select(which).where(these, *done, *self._within()))

    def _by_accounts(self) -> list[Any]:
        return [ENTRY.c.caller_id.in_(self._accounts()), *self._within()]

    def _within(self) -> tuple[Any, ...]:
        month, on = self.subject.month, unled(ENTRY.c.created_on)
        return ENTRY.c.sequence.between(*self.numbers), on >= month.begins, on < month.ends

    def _accounts(self) -> tuple[UUID, ...]:
        return self.subject.account_ids

    def _number(self, statement: Any) -> int:
        return int(self.transaction.read(statement).scalar_one())

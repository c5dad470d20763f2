"""Recurring system jobs: rules of RFC 5545, reckoned in the office's time zone.

Of each recurrence one row waits, for the next occurrence; what was missed is not made up for.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from dateutil.rrule import rrulestr
from sqlalchemy import Row, select, update

from jobs.outbox import enqueue
from jobs.platform_recurrences import PLATFORM
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.components import Recurrence
from models.metadata.errors import DefinitionError
from models.tables.base import utc_now
from models.tables.customizations import Environment
from models.tables.record_data import SystemJob
from models.tables.session import Transaction

PART = r"[A-Z]+=[A-Z0-9,+-]+"
RULE = re.compile(rf"(?:RRULE:)?{PART}(?:;{PART})*")
NOT_OURS = re.compile(r"FREQ=SECONDLY|COUNT=|INTERVAL=0*(?![0-9])")
"""A job every second is a busy loop; a count would begin again with every occurrence; an interval
of nothing would never end."""
WITHIN_A_DAY = re.compile(r"FREQ=(?:HOURLY|MINUTELY)")
FIRST_DAY = datetime(2001, 1, 1, tzinfo=LOCAL_ZONE)
"""A Monday, the first of a month and of a year. What a rule leaves open is as on this day: weekly
is on Mondays, monthly on the first, both at midnight; every other week counts from here."""
OPEN = ("READY", "LOCKED")


def next_occurrence(rule: str, *, after: datetime) -> datetime | None:
    """The first moment of `rule` later than `after`; None when there is none.

    Depends on nothing else, so that occurrences do not drift with the time jobs take. Intervals
    of hours and minutes count from midnight. Raises DefinitionError.
    """
    if not RULE.fullmatch(rule) or NOT_OURS.search(rule):
        raise DefinitionError(f"{rule!r} is no rule of RFC 5545 that a job can follow")
    start = FIRST_DAY
    if WITHIN_A_DAY.search(rule):
        today = after.astimezone(LOCAL_ZONE)
        start = today.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        found: datetime | None = rrulestr(rule, dtstart=start).after(after)
    except (ValueError, TypeError) as error:
        raise DefinitionError(f"{rule!r} is no rule of RFC 5545") from error
    return found


def check(recurrences: Sequence[Recurrence], kinds: Collection[str]) -> None:
    """Raise DefinitionError where a solution's recurrence could not be scheduled, or not be done;
    or where it takes what is the platform's own."""
    taken = {one.name for one in PLATFORM} | {one.kind for one in PLATFORM}
    for recurrence in recurrences:
        where = f"recurrence {recurrence.name}"
        for stated in (recurrence.name, recurrence.kind):
            if stated in taken:
                raise DefinitionError(f"{stated!r} is the platform's own job", where=where)
        if recurrence.kind not in kinds:
            raise DefinitionError(f"there is no job kind {recurrence.kind!r}", where=where)
        try:
            occurrence = next_occurrence(recurrence.rule, after=utc_now())
        except DefinitionError as error:
            raise DefinitionError(str(error), where=where) from error
        if occurrence is None:
            raise DefinitionError(f"{recurrence.rule!r} never happens again", where=where)


def ensure(transaction: Transaction, recurrences: Sequence[Recurrence]) -> None:
    """One waiting job for each recurrence, at its rule; those no longer stated are cancelled.

    Harmless to repeat: workers do after each recurring job, and when the metadata changes.
    """
    _one_at_a_time(transaction)
    waiting = _open_jobs(transaction)
    for recurrence in recurrences:
        known = waiting.pop(recurrence.name, None)
        if known is not None and _is_at_work(known, recurrence):
            continue
        if known is not None:
            _cancel(transaction, known)
        _schedule(transaction, recurrence)
    for row in waiting.values():
        _cancel(transaction, row)


def _is_at_work(known: Row[Any], recurrence: Recurrence) -> bool:
    """It is being done (what comes next is seen to then), or waits as stated."""
    as_stated = (known.recurrence, known.kind) == (recurrence.rule, recurrence.kind)
    return as_stated or known.state == "LOCKED"


def _schedule(transaction: Transaction, recurrence: Recurrence) -> None:
    due_on = next_occurrence(recurrence.rule, after=utc_now())
    if due_on is not None:
        enqueue(
            transaction,
            kind=recurrence.kind,
            name=recurrence.name,
            due_on=due_on,
            recurrence=recurrence.rule,
        )


def _one_at_a_time(transaction: Transaction) -> None:
    """Two workers must not both find that a job is missing."""
    transaction.lock().execute(select(Environment.id).with_for_update()).all()


def _open_jobs(transaction: Transaction) -> dict[str, Row[Any]]:
    statement = select(SystemJob.__table__).where(
        SystemJob.recurrence.is_not(None), SystemJob.state.in_(OPEN)
    )
    return {row.name: row for row in transaction.lock().execute(statement)}


def _cancel(transaction: Transaction, row: Row[Any]) -> None:
    transaction.write(
        update(SystemJob)
        .where(SystemJob.id == row.id, SystemJob.state == "READY")
        .values(state="COMPLETED", status="CANCELED", completed_on=utc_now())
    )

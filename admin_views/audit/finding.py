"""Finding entries: each question is led by one index, whatever else it asks for beside.

The numbers come first, from indexes that end with them; the entries of one page are fetched
afterwards. What does not lead is written so that no planner without statistics follows it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, text, union_all

from admin_views.audit.office_hours import is_outside
from admin_views.audit.questions import Question, Who
from models.tables.audit import AuditListed
from models.tables.base import table_of
from models.tables.record_data import NOT_OK, AuditEntry
from models.tables.session import Transaction

ENTRY, LISTED = table_of(AuditEntry), table_of(AuditListed)
ARMS = 100
"""Searches in one statement; SQLite joins 500 at most."""
LOOKED_THROUGH = 1000
"""Entries around a moment whose numbers are looked at: clocks are set back now and then, so that
the order of times is not quite the order of numbers."""
LAST = 2**63 - 1
SUPPORTED = "supporter_id IS NOT NULL"
"""In the words of its index."""
Numbers = Select[tuple[int]]
Item = TypeVar("Item")


def find(transaction: Transaction, question: Question, *, most: int) -> list[Any]:
    """The newest entries that fit, whole rows."""
    within = bounds(transaction, question)
    if within is None:
        return []
    found: set[int] = set()
    for some in _batches(_searches(question), ARMS):
        arms = [_newest(one, question, bounds=within, most=most) for one in some]
        found.update(transaction.read(_joined(arms)).scalars())
    return _rows(transaction, sorted(found, reverse=True)[:most])


def _rows(transaction: Transaction, numbers: Sequence[int]) -> list[Any]:
    rows: list[Any] = []
    for some in _batches(numbers, ARMS):
        statement = select(ENTRY).where(ENTRY.c.sequence.in_(some))
        rows += transaction.read(statement.order_by(ENTRY.c.sequence.desc()))
    return rows


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _searches(question: Question) -> Iterator[tuple[Numbers, str]]:
    """One for each value of the index that leads, with what it leads by."""
    plain = select(ENTRY.c.sequence)
    if question.record is not None:
        yield plain.where(ENTRY.c.record_id == question.record), "record"
        on = LISTED.join(ENTRY, ENTRY.c.sequence == LISTED.c.sequence)
        listed = select(LISTED.c.sequence).select_from(on)
        yield listed.where(LISTED.c.record_id == question.record), "record"
    elif question.who is not None:
        yield plain.where(*_of(question.who)), "who"
    elif question.subjects is not None:
        for one in sorted(question.subjects):
            yield plain.where(ENTRY.c.subject_id == one), "subjects"
    elif question.actions:
        for action in question.actions:
            yield plain.where(ENTRY.c.action == action), "actions"
    elif question.outcome not in ("", "ok"):
        yield plain.where(text(NOT_OK), ENTRY.c.outcome == question.outcome), "outcome"
    else:
        yield plain, ""


def _newest(
    search: tuple[Numbers, str],
    question: Question,
    *,
    bounds: tuple[int, int],
    most: int,
) -> Numbers:
    statement, lead = search
    [number] = statement.selected_columns
    is_sorted = lead != "who" or question.who is None or question.who.side == "caller"
    place = number if is_sorted else unled(number)  # the supporters' index is small, and no more
    narrowed = statement.where(*_beside(question, lead), place.between(*bounds))
    return narrowed.order_by(place.desc()).limit(most)


def _joined(arms: Sequence[Numbers]) -> Any:
    if len(arms) == 1:
        return arms[0]
    return union_all(*(select(one.subquery()) for one in arms))


def _beside(question: Question, lead: str) -> Iterable[ColumnElement[bool]]:
    """What is asked for and does not lead."""
    if question.who is not None and lead != "who":
        yield _unled_who(question.who)
    if question.subjects is not None and lead != "subjects":
        yield unled(ENTRY.c.subject_id).in_(sorted(question.subjects))
    if question.actions and lead != "actions":
        yield unled(ENTRY.c.action).in_(question.actions)
    if question.outcome and lead != "outcome":
        yield unled(ENTRY.c.outcome) == question.outcome
    if question.since is not None:
        yield unled(ENTRY.c.created_on) >= question.since
    if question.until is not None:
        yield unled(ENTRY.c.created_on) < question.until
    if question.is_outside_hours:
        yield and_(unled(ENTRY.c.caller_id).is_not(None), is_outside(ENTRY.c.created_on))


def _of(who: Who) -> tuple[ColumnElement[bool], ...]:
    if who.side == "caller":
        return (ENTRY.c.caller_id == who.account,)
    supported: tuple[ColumnElement[bool], ...] = (text(SUPPORTED),)  # type: ignore[assignment]
    return supported if who.account is None else (*supported, _is_supporter(who.account))


def _is_supporter(account: UUID) -> ColumnElement[bool]:
    return ENTRY.c.supporter_id == account


def _unled_who(who: Who) -> ColumnElement[bool]:
    column = ENTRY.c.caller_id if who.side == "caller" else ENTRY.c.supporter_id
    found: ColumnElement[bool] = unled(column).is_not_distinct_from(who.account)
    if who.side == "supporter" and who.account is None:
        found = unled(column).is_not(None)
    return found


def unled(column: Any) -> Any:
    """The column's value, so that no index on it is taken for what it costs to go through it."""
    return func.coalesce(column, column)


def bounds(transaction: Transaction, question: Question) -> tuple[int, int] | None:
    """The numbers between which the entries of the period lie; None where there are none."""
    low, high = 0, LAST if question.before is None else question.before - 1
    on = ENTRY.c.created_on
    if question.since is not None:
        first = _edge(transaction, on >= question.since, order=on.asc(), of=func.min)
        if first is None:
            return None
        low = first
    if question.until is not None:
        last = _edge(transaction, on < question.until, order=on.desc(), of=func.max)
        if last is None:
            return None
        high = min(high, last)
    return low, high


def _edge(
    transaction: Transaction, condition: ColumnElement[bool], *, order: Any, of: Any
) -> int | None:
    near = select(ENTRY.c.sequence).where(condition).order_by(order).limit(LOOKED_THROUGH)
    number: int | None = transaction.read(select(of(near.subquery().c.sequence))).scalar()
    return number

"""The ledger of extracts (持ち出し台帳), and what of it waits for a person.

It shows what stands in the table, to whom may know of it; it moves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from exchange.extracts.entries import names
from exchange.extracts.seeing import clause
from exchange.extracts.states import State
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Miscellaneous
from models.tables.extracts import Extract

MOST_ENTRIES = 1000
"""On one page, which is printed whole."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: the row, and what is reckoned from it."""

    row: Any
    columns: tuple[str, ...]
    personal: frozenset[str]
    is_overdue: bool
    """The copy was to be deleted by now, and nobody confirmed that it was."""


@dataclass(frozen=True, slots=True)
class Ledger:
    entries: tuple[Entry, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one person has to do: how many decisions, files to fetch, deletions to confirm."""

    to_decide: int
    to_fetch: int
    to_confirm: int
    overdue: int

    def __bool__(self) -> bool:
        return bool(self.to_decide or self.to_fetch or self.to_confirm)


def read_ledger(
    service: RecordService,
    caller: Caller,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Ledger:
    """The extracts asked for from `since` to before `until` that the caller may know of, the
    newest first."""
    which = [clause(caller, list(service.catalog.entities))]
    which += [] if since is None else [Extract.requested_on >= since]
    which += [] if until is None else [Extract.requested_on < until]
    return Ledger(_entries(service, which), _count(service, which))


def own_extracts(service: RecordService, caller: Caller) -> Ledger:
    """What the caller asked for or took, the newest first."""
    which = [Extract.requested_by == caller.id]
    return Ledger(_entries(service, which), _count(service, which))


def to_decide(service: RecordService, caller: Caller) -> Ledger:
    """Requests of others that wait for a decision, the oldest first."""
    if not caller.may(Miscellaneous.APPROVE_EXPORT):
        return Ledger((), 0)
    which = [*_undecided(service, caller)]
    newest_first = _entries(service, which)
    return Ledger(newest_first[::-1], _count(service, which))


def waiting_for(service: RecordService, caller: Caller) -> Waiting:
    mine = Extract.requested_by == caller.id
    may_decide = caller.may(Miscellaneous.APPROVE_EXPORT)
    return Waiting(
        to_decide=_count(service, _undecided(service, caller)) if may_decide else 0,
        to_fetch=_count(service, [mine, Extract.state == State.READY]),
        to_confirm=_count(service, [mine, _held()]),
        overdue=_count(service, [mine, _held(), Extract.keep_until < today()]),
    )


def overdue_count(service: RecordService) -> int:
    """Copies, whoever took them, whose last day is past and whose deletion nobody confirmed."""
    return _count(service, [_held(), Extract.keep_until < today()])


def entry_of(row: Any) -> Entry:
    is_held = row.state == State.DOWNLOADED and row.keep_until is not None
    return Entry(
        row,
        tuple(names(row.columns)),
        frozenset(names(row.personal)),
        is_held and row.keep_until < today(),
    )


def _undecided(service: RecordService, caller: Caller) -> list[ColumnElement[bool]]:
    return [
        clause(caller, list(service.catalog.entities)),
        Extract.state == State.REQUESTED,
        Extract.requested_by != caller.id,
    ]


def _held() -> ColumnElement[bool]:
    """A copy is about, and was taken with a day until which it may be kept."""
    return and_(Extract.state == State.DOWNLOADED, Extract.keep_until.is_not(None))


def _entries(service: RecordService, which: Sequence[ColumnElement[bool]]) -> tuple[Entry, ...]:
    statement = (
        select(Extract.__table__)
        .where(*which)
        .order_by(Extract.requested_on.desc(), Extract.id.desc())
        .limit(MOST_ENTRIES)
    )
    return tuple(entry_of(row) for row in service.transaction.read(statement))


def _count(service: RecordService, which: Sequence[ColumnElement[bool]]) -> int:
    statement = select(func.count()).select_from(Extract).where(*which)
    return int(service.transaction.read(statement).scalar_one())

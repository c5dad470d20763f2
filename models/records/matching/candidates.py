"""Pairs of likely duplicates that wait for a person: kept by a job, shown to whoever may read both
records and know what the rule compares, dismissed for good.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, insert, or_, select, tuple_

from models.metadata.definitions import EntityDefinition
from models.metadata.duplicate_rules import DuplicateRule
from models.records.auditing import Act
from models.records.changes import Change
from models.records.locking import locked_rows
from models.records.matching.finding import askable, merged_among
from models.records.service import RecordService
from models.records.store import chunks
from models.records.unit import UnitOfWork
from models.security import access, visibility
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.base import table_of, utc_now
from models.tables.matching import DuplicateCandidate, DuplicateDismissal

PAGE = 50
Pair = tuple[UUID, UUID]
CANDIDATE = table_of(DuplicateCandidate)


@dataclass(frozen=True, slots=True)
class Candidate:
    first: UUID
    second: UUID
    rules: tuple[str, ...]
    """The names of those that found it, and that the caller may know of."""


def keep(unit: UnitOfWork, rule: DuplicateRule, pairs: Sequence[Pair], *, on: datetime) -> int:
    """Put what a rule finds in the place of what it found before; how many are new."""
    of_rule = CANDIDATE.c.rule == rule.name
    both = select(CANDIDATE.c.first_id, CANDIDATE.c.second_id).where(of_rule)
    known = {(row.first_id, row.second_id) for row in unit.transaction.lock().execute(both)}
    wanted = set(_open_pairs(unit, pairs))
    for chunk in chunks(sorted(known - wanted), 200):
        this = tuple_(CANDIDATE.c.first_id, CANDIDATE.c.second_id).in_(chunk)
        unit.transaction.write(delete(DuplicateCandidate).where(of_rule, this))
    row: dict[str, Any] = {"rule": rule.name, "entity": rule.entity, "found_on": on}
    new = sorted(wanted - known)
    unit.transaction.insert(
        CANDIDATE, [row | {"first_id": first, "second_id": second} for first, second in new]
    )
    return len(new)


def forget_rules(unit: UnitOfWork, rules: Iterable[str]) -> None:
    """Of rules that are no more, nothing stays."""
    unit.transaction.write(
        delete(DuplicateCandidate).where(CANDIDATE.c.rule.not_in(sorted(rules)))
    )


def candidates(
    service: RecordService, caller: Caller, entity: EntityDefinition, *, after: Pair | None = None
) -> list[Candidate]:
    """One page and one more; the newest records first."""
    access.require(caller, Privilege.READ, entity)
    rules = [rule.name for rule in askable(service.catalog, caller, entity)]
    if not rules:
        return []
    newest = (CANDIDATE.c.second_id.desc(), CANDIDATE.c.first_id.desc())
    statement = (
        select(CANDIDATE.c.first_id, CANDIDATE.c.second_id)
        .distinct()
        .where(CANDIDATE.c.entity == entity.logical_name, CANDIDATE.c.rule.in_(rules))
        .where(*_both_reached(service.unit, caller, entity), *_beyond(after))
        .order_by(*newest)
        .limit(PAGE + 1)
    )
    pairs = [tuple(row) for row in service.transaction.read(statement)]
    return list(_with_rules(service, pairs, rules))


def dismiss(service: RecordService, caller: Caller, entity_name: str, pair: Pair) -> None:
    """Say that two records are not the same: no rule proposes them again. Needs Write on both."""
    entity = service.catalog.entity(entity_name)
    access.require(caller, Privilege.WRITE, entity)
    first, second = sorted(pair)
    batch = [Change(first, {}), Change(second, {})]
    locked_rows(service.unit.store, caller, Privilege.WRITE, entity=entity, batch=batch)
    dismissal = DuplicateDismissal
    this = dismissal.first_id == first, dismissal.second_id == second
    if service.transaction.lock().execute(select(dismissal.first_id).where(*this)).first():
        return
    row = {"first_id": first, "second_id": second, "dismissed_by": caller.id}
    service.transaction.write(insert(DuplicateDismissal), row | {"dismissed_on": utc_now()})
    same = CANDIDATE.c.first_id == first, CANDIDATE.c.second_id == second
    service.transaction.write(delete(DuplicateCandidate).where(*same))
    details = {"other": second.hex}
    act = Act(action="dismiss_duplicate", entity=entity_name, record_id=first, details=details)
    service.unit.auditing.act(caller, act)


def _open_pairs(unit: UnitOfWork, pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Without those dismissed, and without records that were merged."""
    dismissal = DuplicateDismissal
    for chunk in chunks(pairs, 200):
        these = tuple_(dismissal.first_id, dismissal.second_id).in_(chunk)
        statement = select(dismissal.first_id, dismissal.second_id).where(these)
        dismissed = {tuple(row) for row in unit.transaction.read(statement)}
        merged = merged_among(unit, [one for pair in chunk for one in pair])
        yield from (p for p in chunk if p not in dismissed and not merged & set(p))


def _both_reached(unit: UnitOfWork, caller: Caller, entity: EntityDefinition) -> list[Any]:
    table = unit.store.table(entity)
    found = []
    for name in ("first_id", "second_id"):
        one: Any = table.alias(f"the_{name}")
        reached = visibility.clause(unit.catalog, caller, Privilege.READ, entity, table=one)
        found.append(select(one.c.id).where(one.c.id == CANDIDATE.c[name], reached).exists())
    return found


def _beyond(after: Pair | None) -> list[Any]:
    if after is None:
        return []
    first, second = after
    older = CANDIDATE.c.second_id < second
    return [or_(older, and_(CANDIDATE.c.second_id == second, CANDIDATE.c.first_id < first))]


def _with_rules(
    service: RecordService, pairs: Sequence[Any], rules: Sequence[str]
) -> Iterator[Candidate]:
    these = tuple_(CANDIDATE.c.first_id, CANDIDATE.c.second_id).in_(pairs)
    statement = select(CANDIDATE.c.first_id, CANDIDATE.c.second_id, CANDIDATE.c.rule)
    rows = service.transaction.read(statement.where(these, CANDIDATE.c.rule.in_(rules))).all()
    for first, second in pairs:
        names = sorted(
            row.rule for row in rows if (row.first_id, row.second_id) == (first, second)
        )
        yield Candidate(first, second, tuple(names))

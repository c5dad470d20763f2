"""Whose data an incident is about, counted from the access log: the records of which somebody read
or revealed personal values, and what left as files.

Records stand for persons: who has two records counts twice. Which records were in a file is not
kept once it was fetched; its number is. It opens no record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy import func as sql

from admin_views.audit.finding import ENTRY, LISTED, bounds, unled
from admin_views.audit.questions import Question
from admin_views.incidents.suspicion import Suspicion
from models.tables.audit import AuditSubject
from models.tables.base import table_of
from models.tables.extracts import Extract
from models.tables.principals import SystemUser
from models.tables.session import Transaction

SEEN = ("read", "reveal")
EXTRACT = table_of(Extract)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that left with personal data."""

    id: UUID
    entity: str
    count: int
    columns: str
    """JSON: the names of its personal columns."""


@dataclass(frozen=True, slots=True)
class Affected:
    records: Mapping[str, int] = field(default_factory=dict)
    """By entity: how many were seen."""
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By entity: which were seen of them."""
    taken: tuple[Taken, ...] = ()

    @property
    def most(self) -> int:
        """No fewer than the records it is about: what was seen and taken is counted twice."""
        return sum(self.records.values()) + sum(one.count for one in self.taken)

    def __bool__(self) -> bool:
        return bool(self.records or self.taken)


def count_affected(transaction: Transaction, suspicion: Suspicion) -> Affected:
    taken = tuple(_taken(transaction, suspicion))
    seen = _seen(transaction, suspicion)
    if seen is None:
        return Affected(taken=taken)
    found = _records(seen).subquery()
    counts: Any = transaction.read(
        select(found.c.entity, sql.count()).group_by(found.c.entity).order_by(found.c.entity)
    )
    return Affected(dict(tuple(row) for row in counts), _attributes(transaction, seen), taken)


def affected_ids(
    transaction: Transaction, suspicion: Suspicion, entity: str, *, most: int
) -> list[UUID]:
    """Of the entity's records that were seen, the first of them."""
    seen = _seen(transaction, suspicion)
    if seen is None:
        return []
    found = _records([*seen, ENTRY.c.entity == entity]).subquery()
    statement = select(found.c.record_id).order_by(found.c.record_id).limit(most)
    return list(transaction.read(statement).scalars())


def _seen(transaction: Transaction, suspicion: Suspicion) -> list[ColumnElement[bool]] | None:
    """What holds of the entries that are meant; None where there can be none."""
    if not suspicion.is_of_readers:
        return None
    question = Question(since=suspicion.since, until=suspicion.until)
    numbers = bounds(transaction, question)
    if numbers is None:
        return None
    conditions = [
        ENTRY.c.sequence.between(*numbers),
        unled(ENTRY.c.action).in_(SEEN),
        unled(ENTRY.c.outcome) == "ok",
        ENTRY.c.entity.is_not(None),
    ]
    on = unled(ENTRY.c.created_on)
    conditions += [on >= suspicion.since] if suspicion.since else []
    conditions += [on < suspicion.until] if suspicion.until else []
    if suspicion.account or suspicion.contractor:
        accounts = _accounts(transaction, suspicion)
        conditions.append(or_(ENTRY.c.caller_id.in_(accounts), ENTRY.c.supporter_id.in_(accounts)))
    return conditions


def _records(conditions: Sequence[ColumnElement[bool]]) -> Any:
    """Entity and id, each once: those that an entry is about, and those of lists."""
    one = select(ENTRY.c.entity, ENTRY.c.record_id).where(
        *conditions, ENTRY.c.record_id.is_not(None)
    )
    of_lists = LISTED.join(ENTRY, ENTRY.c.sequence == LISTED.c.sequence)
    several = select(ENTRY.c.entity, LISTED.c.record_id).select_from(of_lists).where(*conditions)
    return union(one, several)


def _attributes(
    transaction: Transaction, conditions: Sequence[ColumnElement[bool]]
) -> dict[str, frozenset[str]]:
    subject = table_of(AuditSubject)
    numbers = select(ENTRY.c.subject_id).where(*conditions).distinct()
    found: dict[str, frozenset[str]] = {}
    for row in transaction.read(select(subject).where(subject.c.id.in_(numbers))):
        names = frozenset(filter(None, row.attributes.split(",")))
        found[row.entity] = found.get(row.entity, frozenset()) | names
    return found


def _taken(transaction: Transaction, suspicion: Suspicion) -> Iterator[Taken]:
    """Files that were fetched: the one that was named, or those of the accounts in the time."""
    fetched = EXTRACT.c.downloaded_on.is_not(None)
    statement = select(EXTRACT).where(EXTRACT.c.personal != "[]", fetched)
    if suspicion.extract is not None:
        statement = statement.where(EXTRACT.c.id == suspicion.extract)
    else:
        if suspicion.since:
            statement = statement.where(EXTRACT.c.downloaded_on >= suspicion.since)
        if suspicion.until:
            statement = statement.where(EXTRACT.c.downloaded_on < suspicion.until)
        if suspicion.account or suspicion.contractor:
            accounts = _accounts(transaction, suspicion)
            statement = statement.where(EXTRACT.c.requested_by.in_(accounts))
    for row in transaction.read(statement.order_by(EXTRACT.c.requested_on)):
        count = row.built if row.built is not None else row._mapping["count"]
        yield Taken(row.id, row.entity, int(count), row.personal)


def _accounts(transaction: Transaction, suspicion: Suspicion) -> list[UUID]:
    found = [suspicion.account] if suspicion.account else []
    if suspicion.contractor:
        of_contractor = SystemUser.contractor_id == suspicion.contractor
        found += transaction.read(select(SystemUser.id).where(of_contractor)).scalars()
    return found

"""Which records a retention rule finds due, held or not; and those whose day was never written.

The platform asks, not a person: how many there are is no secret, and what they say is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from models.metadata.query import LARGEST_PAGE, Condition, Filter, Operator, Order, Query
from models.metadata.retention import Action, RetentionRule
from models.records.erasing import holds
from models.records.erasing.anonymising import emptied
from models.records.service import RecordService
from models.records.tallying import Tally
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Privilege
from models.tables.retention import OPEN, Erasure, ErasureRecord

KEEPER = Caller.system("looking for records that are not kept any longer")
AHEAD = timedelta(days=30)
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things stand with one rule on a day; how many records."""

    rule: RetentionRule
    due: int
    ahead: int
    """Those that will be due within the next thirty days."""
    overdue: int
    """Due for longer than the rule allows, and not held."""
    held: int
    undated: int
    """Over, and without a day to count from: never due."""


def all_standing(service: RecordService) -> list[Standing]:
    """Of every rule, today."""
    rules = service.catalog.retention_rules.values()
    return [standing(service, rule, on=today()) for rule in rules]


def standing(service: RecordService, rule: RetentionRule, *, on: date) -> Standing:
    due = _count(service, rule, on)
    late = _count(service, rule, on - timedelta(days=rule.within_days))
    held_due, held_late = (
        _held(service, rule, one) for one in (on, on - timedelta(days=rule.within_days))
    )
    return Standing(
        rule=rule,
        due=due - held_due,
        ahead=_count(service, rule, on + AHEAD) - due,
        overdue=late - held_late,
        held=held_due,
        undated=_tally(service, rule, rule.undated),
    )


def due_ids(
    service: RecordService, rule: RetentionRule, *, on: date, most: int = BATCH
) -> list[UUID]:
    """Records that are due, not held, and not proposed already; the oldest first."""
    entity = service.catalog.entity(rule.entity)
    found: list[UUID] = []
    after: str | None = None
    while len(found) < most:
        page = service.retrieve_multiple(KEEPER, _query(service, rule, on, after=after))
        ids = [one for record in page.records if isinstance(one := record["id"], UUID)]
        taken = holds.held_among(service.unit, entity, ids) | _proposed(service, ids)
        found += [one for one in ids if one not in taken]
        after = page.next
        if after is None:
            break
    return found[:most]


def still_due(
    service: RecordService, rule: RetentionRule, ids: Sequence[UUID], *, on: date
) -> set[UUID]:
    """Those of them that are still due and not held: a person may have come between."""
    query = Query(
        entity=rule.entity,
        columns=("versionnumber",),
        filter=_due(service, rule, on),
        ids=tuple(ids),
        page_size=BATCH,
    )
    page = service.retrieve_multiple(KEEPER, query)
    due = {one for record in page.records if isinstance(one := record["id"], UUID)}
    return due - holds.held_among(service.unit, service.catalog.entity(rule.entity), due)


def date_undated(service: RecordService, rule: RetentionRule, *, most: int = BATCH) -> int:
    """Write the day into records that came into their status before the rule was there: that of
    their last change, which cannot have been earlier. How many there were."""
    entity = service.catalog.entity(rule.entity)
    query = Query(entity=rule.entity, columns=("modifiedon",), filter=rule.undated, page_size=most)
    days = {
        one["id"]: one["modifiedon"] for one in service.retrieve_multiple(KEEPER, query).records
    }
    ids = [one for one in days if isinstance(one, UUID)]
    rows = service.unit.store.locked(KEEPER, Privilege.WRITE, entity, ids)
    stamps = [(one, {rule.counted_from: days[one]}) for one in rows]
    service.unit.store.stamp(entity, stamps)
    changes = [(one, (rule.counted_from,)) for one in rows]
    service.unit.auditing.records("update", KEEPER, entity=rule.entity, changes=changes)
    return len(stamps)


def _query(service: RecordService, rule: RetentionRule, on: date, *, after: str | None) -> Query:
    return Query(
        entity=rule.entity,
        columns=("versionnumber",),
        filter=_due(service, rule, on),
        order=(Order(rule.counted_from),),
        page_size=LARGEST_PAGE,  # each page is sorted anew: no list is ordered by that day
        after=after,
    )


def _due(service: RecordService, rule: RetentionRule, on: date) -> Filter:
    """A record that was made nobody's is not due again, every night: nothing is left to empty."""
    entity = service.catalog.entity(rule.entity)
    found = rule.due(entity.attributes[rule.counted_from], on)
    if rule.action is not Action.ANONYMISE:
        return found
    left = (Condition(name, Operator.NOT_NULL) for name in emptied(entity, rule))
    return Filter((found, Filter(tuple(left), "or")))


def _count(service: RecordService, rule: RetentionRule, on: date) -> int:
    return _tally(service, rule, _due(service, rule, on))


def _tally(service: RecordService, rule: RetentionRule, filter_: Filter) -> int:
    query = Query(entity=rule.entity, filter=filter_)
    return int(service.tally(KEEPER, Tally(query=query)).get((), 0))


def _held(service: RecordService, rule: RetentionRule, on: date) -> int:
    ids = sorted(holds.all_held(service.unit, service.catalog.entity(rule.entity)))
    count = 0
    for start in range(0, len(ids), BATCH):
        some, filter_ = tuple(ids[start : start + BATCH]), _due(service, rule, on)
        query = Query(entity=rule.entity, filter=filter_, ids=some)
        count += int(service.tally(KEEPER, Tally(query=query)).get((), 0))
    return count


def _proposed(service: RecordService, ids: Sequence[UUID]) -> set[UUID]:
    statement = (
        select(ErasureRecord.record_id)
        .join(Erasure, Erasure.id == ErasureRecord.erasure_id)
        .where(ErasureRecord.record_id.in_(ids), Erasure.state.in_(OPEN))
    )
    return set(service.transaction.read(statement).scalars())

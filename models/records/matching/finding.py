"""Likely duplicates of what a person is entering, among the records that person may read.

Asked by the office's forms before they save; never for the public. A rule about values that the
caller may not ask for is not asked for them: "there is one like it" would tell the value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.duplicate_rules import DuplicateRule
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records import lifecycle, validation
from models.records.blind_search import MOST_MATCHES
from models.records.matching import codes, comparing
from models.records.service import RecordService
from models.records.unit import UnitOfWork
from models.security import column_security
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.base import utc_now
from models.tables.matching import MergedRecord

MATCHER = Caller.system("comparing records by rules for duplicates")
MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Likeness:
    """Records that a rule finds like the one entered, as the caller may see them."""

    rule: DuplicateRule
    records: tuple[Mapping[str, object], ...]
    """The newest first: `id`, the primary name, numbers, `createdon`."""


def like_new(
    service: RecordService, caller: Caller, entity_name: str, values: Mapping[str, object]
) -> list[Likeness]:
    """Of a record that is about to be created. None of one that could not be: creating tells."""
    entity = service.catalog.entity(entity_name)
    rules = askable(service.catalog, caller, entity)
    if not rules:
        return []
    first = lifecycle.first_status(service.catalog, entity)
    [record], problems = validation.new_records(
        entity, [values], caller=caller, on=utc_now(), first_status=first
    )
    return [] if problems else list(_found(service, caller, entity, (rules, record.values)))


def like_changed(
    service: RecordService,
    caller: Caller,
    entity_name: str,
    record_id: UUID,
    *,
    values: Mapping[str, object],
) -> list[Likeness]:
    """Of a record that is about to be changed, by the rules that compare what is changed."""
    entity = service.catalog.entity(entity_name)
    rules = [
        rule
        for rule in askable(service.catalog, caller, entity)
        if values.keys() & {one.attribute for one in rule.criteria}
    ]
    if not rules:
        return []
    [changed], problems = validation.changed_values(entity, [values])
    if problems or not service.unit.store.visible_ids(
        caller, Privilege.WRITE, entity, [record_id]
    ):
        return []
    present = service.retrieve(MATCHER, entity_name, record_id)
    found = _found(service, caller, entity, (rules, present | changed))
    return [
        Likeness(one.rule, others)
        for one in found
        if (others := tuple(record for record in one.records if record["id"] != record_id))
    ]


def askable(catalog: Catalog, caller: Caller, entity: EntityDefinition) -> list[DuplicateRule]:
    """The entity's rules whose answers tell the caller nothing that they may not know."""
    if not caller.has(entity.logical_name, Privilege.READ):
        return []
    rules = catalog.duplicate_rules_of(entity.logical_name)
    return [rule for rule in rules if _may_know(caller, entity, rule)]


def shown_columns(entity: EntityDefinition) -> tuple[str, ...]:
    """What a record is told by."""
    numbers = [one.logical_name for one in entity.by_type.get("AutoNumber", ())]
    names = dict.fromkeys((entity.primary_name, *numbers, "createdon"))
    return tuple(name for name in names if name and not entity.attributes[name].secured)


def merged_among(unit: UnitOfWork, ids: Sequence[UUID]) -> set[UUID]:
    """Those that were merged into another: no duplicates any more."""
    statement = select(MergedRecord.record_id).where(MergedRecord.record_id.in_(ids))
    return set(unit.transaction.read(statement).scalars())


def _may_know(caller: Caller, entity: EntityDefinition, rule: DuplicateRule) -> bool:
    """A sealed value: whoever may search by it. A secured one: whoever sees it in every record."""
    attributes = [entity.attributes[one.attribute] for one in rule.criteria]
    return all(
        column_security.can_search(caller, entity, one)
        if one.sealed
        else not one.secured or column_security.is_shown_unmasked(caller, entity, one)
        for one in attributes
    )


def _found(
    service: RecordService,
    caller: Caller,
    entity: EntityDefinition,
    asked: tuple[Sequence[DuplicateRule], dict[str, Any]],
) -> Iterator[Likeness]:
    rules, values = asked
    for rule in rules:
        parts = comparing.parts(entity, rule.criteria, values)
        if not comparing.comparable(rule, parts):
            continue
        query = _query(service, entity, rule, values)
        records = service.retrieve_multiple(caller, query).records if query else []
        alike = [
            record
            for record in records
            if comparing.parts(entity, _open(entity, rule), record)
            == comparing.parts(entity, _open(entity, rule), values)
        ]
        merged = merged_among(service.unit, [_id(record) for record in alike])
        told = [record for record in alike if record["id"] not in merged]
        if told:
            yield Likeness(rule, tuple(told[: MOST_TOLD + 1]))


def _query(
    service: RecordService, entity: EntityDefinition, rule: DuplicateRule, values: dict[str, Any]
) -> Query | None:
    """What finds the records by blind index or by codes; None where nothing is found."""
    sealed = [one.attribute for one in rule.criteria if entity.attributes[one.attribute].sealed]
    ids = None if sealed else tuple(codes.found(service.unit, entity, rule, values))
    if ids == ():
        return None
    conditions = [_same(name, values.get(name)) for name in sealed]
    waiting = service.catalog.awaited_statuses(entity.logical_name)
    if waiting:
        conditions.append(Condition("statuscode", Operator.NOT_IN, tuple(sorted(waiting))))
    if rule.active_only:
        conditions.append(Condition("statecode", Operator.EQUAL, 0))
    compared = [one.attribute for one in _open(entity, rule)]
    return Query(
        entity=entity.logical_name,
        columns=tuple(dict.fromkeys((*shown_columns(entity), *compared))),
        filter=Filter(tuple(conditions)),
        order=(Order("createdon", descending=True),),
        page_size=MOST_MATCHES,
        ids=ids,
    )


def _same(name: str, value: object) -> Condition:
    if value is None:
        return Condition(name, Operator.NULL)
    return Condition(name, Operator.EQUAL, str(value))


def _open(entity: EntityDefinition, rule: DuplicateRule) -> list[Any]:
    """The criteria on values that are not sealed."""
    return [one for one in rule.criteria if not entity.attributes[one.attribute].sealed]


def _id(record: Mapping[str, object]) -> UUID:
    return UUID(str(record["id"]))

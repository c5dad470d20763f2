"""Which records might go with a record: by what they have in common with it, most of it first.

Both are read as the caller; what a caller does not reach is not suggested.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.metadata.definitions import AttributeDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.metadata.rule_effects import holds
from models.metadata.suggestion_checking import lookups_to
from models.metadata.suggestions import SharedTrait, SuggestionRule
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Privilege

MOST_READ, MOST_SUGGESTED = 1000, 50
"""Of more candidates the newest are looked at; nobody reads a list of more than fifty."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    record: Mapping[str, Any]
    shared: frozenset[SharedTrait]
    joined: UUID | None
    """The newest record that brings both together already."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    asked: tuple[SharedTrait, ...]
    """The traits of which the record has a value."""
    found: tuple[Suggestion, ...]
    more: bool


def suggestions(
    service: RecordService, caller: Caller, rule: SuggestionRule, record_id: UUID
) -> Suggestions:
    """Raises RecordNotFound, AccessDenied."""
    columns = {trait.attribute for trait in rule.traits}
    record = service.retrieve(caller, rule.entity, record_id, columns=sorted(columns))
    conditions = {trait: _condition(service, rule, trait, record) for trait in rule.traits}
    asked = {trait: one for trait, one in conditions.items() if one is not None}
    if not asked:
        return Suggestions((), (), more=False)
    page = service.retrieve_multiple(caller, _query(service, rule, tuple(asked.values())))
    joined = dict(_joined(service, caller, rule, record_id))
    found = [
        Suggestion(
            other,
            frozenset(trait for trait, one in asked.items() if holds(one, other)),
            joined.get(other["id"]),
        )
        for other in page.records
        if other["id"] != record_id
    ]
    found.sort(key=lambda one: -len(one.shared))  # stable: the newest first among equals
    return Suggestions(
        tuple(asked), tuple(found[:MOST_SUGGESTED]), more=len(found) > MOST_SUGGESTED
    )


def _query(
    service: RecordService, rule: SuggestionRule, conditions: tuple[Condition, ...]
) -> Query:
    others = service.catalog.entity(rule.candidates)
    columns = dict.fromkeys([others.primary_name, *(trait.other for trait in rule.traits)])
    return Query(
        entity=rule.candidates,
        columns=(*columns, "statuscode", "createdon"),
        filter=Filter((rule.filter, Filter(conditions, "or"))),
        order=(Order("createdon", descending=True),),
        page_size=MOST_READ,
    )


def _condition(
    service: RecordService, rule: SuggestionRule, trait: SharedTrait, record: Mapping[str, Any]
) -> Condition | None:
    """What a candidate must have to share the trait; None if the record has no value."""
    value = record.get(trait.attribute)
    if value in (None, "", ()):
        return None
    other = service.catalog.entity(rule.candidates).attributes[trait.other]
    return Condition(trait.other, _operator(other, value), _asked(other, value))


def _operator(other: AttributeDefinition, value: object) -> Operator:
    if other.type == "MultiSelectPicklist":
        return Operator.CONTAIN_VALUES
    return Operator.IN if isinstance(value, tuple) else Operator.EQUAL


def _asked(other: AttributeDefinition, value: object) -> object:
    if other.type == "MultiSelectPicklist" and not isinstance(value, tuple):
        return (value,)
    return value


def _joined(
    service: RecordService, caller: Caller, rule: SuggestionRule, record_id: UUID
) -> Iterator[tuple[Any, UUID]]:
    """By candidate what brings both together, as far as the caller may read it; newest last."""
    if not rule.joined_by or not caller.has(rule.joined_by, Privilege.READ):
        return
    joining = service.catalog.entity(rule.joined_by)
    (mine,), (theirs,) = (lookups_to(joining, one) for one in (rule.entity, rule.candidates))
    query = Query(
        entity=rule.joined_by,
        columns=(theirs,),
        filter=Filter((Condition(mine, Operator.EQUAL, record_id),)),
        order=(Order("createdon"),),
        page_size=MOST_READ,
    )
    for one in service.retrieve_multiple(caller, query).records:
        yield one[theirs], one["id"]  # type: ignore[misc]  # every record has one

"""Business rules made ready to be asked: values typed, in an order in which one pass is enough.

Rules whose settings would chase each other are found here and refused by `business_rule_checking`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.business_rules import Action, BusinessRule, RuleBook
from models.metadata.definitions import EntityDefinition
from models.metadata.query import Condition, Filter


def rule_books(
    rules: Iterable[BusinessRule], entities: Mapping[str, EntityDefinition]
) -> Mapping[str, RuleBook]:
    """By entity. What does not fit its entity stays as it was stated: it is refused later."""
    found: dict[str, list[BusinessRule]] = {}
    for rule in rules:
        if rule.entity in entities:
            found.setdefault(rule.entity, []).append(_typed_rule(rule, entities[rule.entity]))
    return {name: RuleBook(_in_order(several)) for name, several in found.items()}


def cycle_in(rules: Iterable[BusinessRule]) -> tuple[str, ...]:
    """The names of rules that set what they ask, one another's or their own; none if none do."""
    try:
        tuple(TopologicalSorter(_waiting(rules)).static_order())
    except CycleError as error:
        return tuple(error.args[1])
    return ()


def _in_order(rules: Iterable[BusinessRule]) -> tuple[BusinessRule, ...]:
    by_name = {rule.name: rule for rule in sorted(rules, key=lambda rule: rule.name)}
    if cycle_in(by_name.values()):
        return tuple(by_name.values())
    order = TopologicalSorter(_waiting(by_name.values())).static_order()
    return tuple(by_name[name] for name in order)


def _waiting(rules: Iterable[BusinessRule]) -> dict[str, list[str]]:
    """Of each rule those that set what it asks."""
    several = tuple(rules)
    return {
        rule.name: [other.name for other in several if other.sets & rule.asks] for rule in several
    }


def _typed_rule(rule: BusinessRule, entity: EntityDefinition) -> BusinessRule:
    return replace(
        rule,
        when=_typed_filter(rule.when, entity),
        then=tuple(_typed_action(action, entity) for action in rule.then),
        otherwise=tuple(_typed_action(action, entity) for action in rule.otherwise),
    )


def _typed_filter(part: Filter, entity: EntityDefinition) -> Filter:
    return Filter(
        tuple(
            _typed_filter(one, entity) if isinstance(one, Filter) else _typed(one, entity)
            for one in part.parts
        ),
        part.kind,
    )


def _typed(condition: Condition, entity: EntityDefinition) -> Condition:
    """A list is several values, each by itself; of a MultiSelectPicklist it is one value."""
    name, value = condition.attribute, condition.value
    attribute = entity.attributes.get(name)
    is_one = attribute is not None and attribute.type == "MultiSelectPicklist"
    if isinstance(value, tuple) and not is_one:
        return replace(condition, value=tuple(_of(entity, name, one) for one in value))
    return replace(condition, value=_of(entity, name, value))


def _typed_action(action: Action, entity: EntityDefinition) -> Action:
    return replace(action, value=_of(entity, action.attribute, action.value))


def _of(entity: EntityDefinition, name: str, value: object) -> object:
    attribute = entity.attributes.get(name)
    try:
        return value if attribute is None else type_of(attribute).parse(attribute, value)
    except InvalidValue:
        return value

"""Do suggestions fit their entities? What is compared must be of one kind, and no secret."""

from models.metadata.catalog import Catalog
from models.metadata.condition_checking import check_condition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity

CHOSEN = {"Picklist", "MultiSelectPicklist"}
COMPARED = {"String", "Integer", "Boolean", "Lookup", *CHOSEN}


def check_suggestions(catalog: Catalog) -> None:
    """Raise DefinitionError at the first rule that could suggest nothing, or tell too much."""
    for rule in catalog.suggestion_rules.values():
        where = f"suggestion_rule {rule.name}"
        entity = known_entity(catalog, rule.entity, where)
        others = known_entity(catalog, rule.candidates, where)
        for condition in rule.filter.conditions:
            check_attribute_named(others, condition.attribute, where)
            _check_open(others.attributes[condition.attribute], where)
            check_condition(others, condition, where)
        for trait in rule.traits:
            check_attribute_named(entity, trait.attribute, where)
            check_attribute_named(others, trait.other, where)
            _check_pair(entity.attributes[trait.attribute], others.attributes[trait.other], where)
        if rule.joined_by:
            joining = known_entity(catalog, rule.joined_by, where)
            for target in (rule.entity, rule.candidates):
                lookups = lookups_to(joining, target)
                if len(lookups) != 1:
                    message = f"{rule.joined_by} needs one Lookup to {target}"
                    raise DefinitionError(message, where=where)
                _check_open(joining.attributes[lookups[0]], where)


def lookups_to(entity: EntityDefinition, target: str) -> list[str]:
    return [
        lookup.logical_name
        for lookup in entity.by_type.get("Lookup", ())
        if lookup.targets == (target,)
    ]


def _check_pair(one: AttributeDefinition, other: AttributeDefinition, where: str) -> None:
    for attribute in (one, other):
        _check_open(attribute, where)
    alike = one.type == other.type or {one.type, other.type} <= CHOSEN
    if not alike or one.type not in COMPARED or _meaning(one) != _meaning(other):
        message = f"{one.logical_name} and {other.logical_name} have nothing in common"
        raise DefinitionError(message, where=where)


def _meaning(attribute: AttributeDefinition) -> object:
    """What its values stand for, beside their type."""
    if attribute.type in CHOSEN and attribute.options is not None:
        return {(option.value, option.label) for option in attribute.options.options}
    return attribute.targets


def _check_open(attribute: AttributeDefinition, where: str) -> None:
    if attribute.sealed or attribute.secured:
        message = f"{attribute.logical_name} is sealed or secured: a suggestion would tell of it"
        raise DefinitionError(message, where=where)
    if attribute.is_volatile:
        message = f"{attribute.logical_name} hangs on the day: nothing is found by it"
        raise DefinitionError(message, where=where)

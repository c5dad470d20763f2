"""Do business rules fit their entities? What they ask and do must tell nobody what is secured.

A rule's effect shows what it asks: so it asks nothing that anybody may not see. And it changes
nothing that has its own way of changing: stages, status reasons, numbers, look-ups.
"""

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.business_rules import Action, BusinessRule, Does
from models.metadata.catalog import Catalog
from models.metadata.condition_checking import check_condition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity
from models.metadata.query import Condition, Operator
from models.metadata.rule_books import cycle_in

PRESENCE = {Operator.NULL, Operator.NOT_NULL}
EQUALITY = PRESENCE | {Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN}
TEXTS = EQUALITY | {Operator.BEGINS_WITH, Operator.CONTAINS}
SIZES = EQUALITY | {
    *(Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL)
}
ASKED_BY = {
    **{"String": TEXTS, "Memo": TEXTS},
    **{"Integer": SIZES, "Decimal": SIZES, "Money": SIZES},
    **{"Boolean": EQUALITY, "Picklist": EQUALITY, "Status": EQUALITY, "State": EQUALITY},
    **{"MultiSelectPicklist": PRESENCE | {Operator.CONTAIN_VALUES}},
    **{"Lookup": PRESENCE, "File": PRESENCE},
}
"""By which operators a type can be asked, alike on the form and on the server."""
SET = {
    *("String", "Memo", "Integer", "Decimal", "Money", "Boolean", "Picklist"),
    *("MultiSelectPicklist", "DateTime"),
}


def check_business_rules(catalog: Catalog) -> None:
    """Raise DefinitionError at the first rule that cannot hold, or would tell too much."""
    for rule in catalog.business_rules.values():
        where = f"business_rule {rule.name}"
        entity = known_entity(catalog, rule.entity, where)
        for condition in rule.when.conditions:
            check_attribute_named(entity, condition.attribute, where)
            _check_asked(entity, condition, where)
        for action in rule.actions:
            check_attribute_named(entity, action.attribute, where)
            _check_action(catalog, entity, action, where)
        _check_against_itself(rule, where)
    _check_cycles(catalog)


def _check_asked(entity: EntityDefinition, condition: Condition, where: str) -> None:
    attribute = entity.attributes[condition.attribute]
    if attribute.sealed or attribute.secured:
        message = f"a rule cannot ask {attribute.logical_name}: it is sealed or secured"
        raise DefinitionError(message, where=where)
    if attribute.is_derived:
        message = f"a rule cannot ask {attribute.logical_name}: it follows from what is written"
        raise DefinitionError(message, where=where)
    operators = SIZES if _is_day(attribute) else ASKED_BY.get(attribute.type, PRESENCE)
    is_set_by_platform = attribute.is_system and attribute.type not in {"Status", "State"}
    if is_set_by_platform or condition.operator not in operators:
        message = f"a rule cannot ask {attribute.logical_name} by {condition.operator}"
        raise DefinitionError(message, where=where)
    if condition.operator not in PRESENCE:
        check_condition(entity, condition, where)


def _is_day(attribute: AttributeDefinition) -> bool:
    return attribute.type == "DateTime" and attribute.behaviour == "date_only"


def _check_action(catalog: Catalog, entity: EntityDefinition, action: Action, where: str) -> None:
    attribute = entity.attributes[action.attribute]
    name = attribute.logical_name
    if attribute.is_read_only or (attribute.is_system and action.does is not Does.ERROR):
        raise DefinitionError(f"{name} is the platform's own", where=where)
    if action.does in (Does.SHOW, Does.HIDE) and attribute.is_required:
        message = f"{name} cannot be hidden: every record must have it"
        raise DefinitionError(message, where=where)
    if action.does in (Does.SET, Does.RECOMMEND):
        _check_value(catalog, entity, action, where)


def _check_value(catalog: Catalog, entity: EntityDefinition, action: Action, where: str) -> None:
    attribute = entity.attributes[action.attribute]
    name = attribute.logical_name
    stages = {process.attribute for process in catalog.processes_of(entity.logical_name)}
    has_own_way = name in stages or attribute in entity.guided_attributes
    is_moment = attribute.type == "DateTime" and not _is_day(attribute)
    if attribute.type not in SET or has_own_way or is_moment or not attribute.valid_for_update:
        raise DefinitionError(f"a rule cannot give {name} a value", where=where)
    if attribute.sealed or attribute.secured:
        raise DefinitionError(f"a rule cannot give {name} a value: it is secured", where=where)
    try:
        value = type_of(attribute).parse(attribute, action.value)
    except InvalidValue as error:
        raise DefinitionError(f"{action.value!r} is no value of {name}", where=where) from error
    if value is None and (attribute.is_required or action.does is Does.RECOMMEND):
        raise DefinitionError(f"{name} needs a value", where=where)


def _check_against_itself(rule: BusinessRule, where: str) -> None:
    """One branch does not both show and hide, nor set one attribute twice."""
    for branch in (rule.then, rule.otherwise):
        for does in Does:
            names = [one.attribute for one in branch if one.does is does]
            if does is not Does.ERROR and len(set(names)) < len(names):
                raise DefinitionError(f"one attribute stands twice by {does}", where=where)
        shown, hidden = (
            {one.attribute for one in branch if one.does is does}
            for does in (Does.SHOW, Does.HIDE)
        )
        for name in shown & hidden:
            raise DefinitionError(f"{name} is both shown and hidden", where=where)


def _check_cycles(catalog: Catalog) -> None:
    for entity in catalog.entities:
        rules = [one for one in catalog.business_rules.values() if one.entity == entity]
        cycle = cycle_in(rules)
        if cycle:
            message = f"rules set what they ask, in a circle: {' → '.join(cycle)}"
            raise DefinitionError(message, where=f"business_rule {cycle[0]}")

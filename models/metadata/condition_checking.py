"""Does a condition fit the attribute it is about? The same for views, rules and rollups."""

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import MOST_DAYS, OF_CALLER, RELATIVE, Condition, Operator

ORDERED_ONLY = {
    *(Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL),
}
ORDERED = {
    *("Integer", "Decimal", "Money", "DateTime", "String", "AutoNumber"),
    *("Picklist", "Status", "State", "Boolean"),
}
TEXTUAL = {Operator.BEGINS_WITH, Operator.CONTAINS}


def check_condition(entity: EntityDefinition, condition: Condition, where: str) -> None:
    """The value must be one of the attribute's; a list belongs to `in` and its like."""
    value, attribute = condition.value, entity.attributes[condition.attribute]
    several = condition.operator in {Operator.IN, Operator.NOT_IN, Operator.CONTAIN_VALUES}
    if isinstance(value, tuple) and not several:
        raise DefinitionError(f"{condition.operator} takes one value", where=where)
    if condition.operator in OF_CALLER:
        if attribute.type != "Owner" or value is not None:
            message = f"{condition.operator} takes no value, of an owner or a person"
            raise DefinitionError(message, where=where)
        return
    if condition.operator in RELATIVE:
        _check_days(attribute, condition, where)
        return
    for one in value if isinstance(value, tuple) else (value,):
        try:
            type_of(attribute).parse(attribute, one)
        except InvalidValue as error:
            message = f"{one!r} is no value of {attribute.logical_name}"
            raise DefinitionError(message, where=where) from error


def check_operator(attribute: AttributeDefinition, condition: Condition, where: str) -> None:
    """What no database could ask would come to light with the first record that is written."""
    operator, kind = condition.operator, attribute.type
    fits = {
        **dict.fromkeys(ORDERED_ONLY, kind in ORDERED),
        **dict.fromkeys(TEXTUAL, kind in {"String", "Memo", "AutoNumber"}),
        Operator.CONTAIN_VALUES: kind == "MultiSelectPicklist",
    }
    if not fits.get(operator, True):
        raise DefinitionError(f"{operator} asks nothing of {attribute.logical_name}", where=where)


def _check_days(attribute: AttributeDefinition, condition: Condition, where: str) -> None:
    is_number = isinstance(condition.value, int) and not isinstance(condition.value, bool)
    if attribute.type != "DateTime" or not is_number or condition.value not in MOST_DAYS:
        message = f"{condition.operator} takes days, 0 to {MOST_DAYS.stop - 1}, of a DateTime"
        raise DefinitionError(message, where=where)

"""Calculated attributes of a record, reckoned from its other values whenever one of them changes.

Pure: values in, values out. What does not fit its attribute (too long a text, a number beyond its
type) is left blank: no record is refused for a value that nobody entered.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, DecimalException
from typing import Any

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.formulas.reckoning import EXACTLY, reckon
from models.metadata.rollups import Function

Values = Mapping[str, Any]


def complete(entity: EntityDefinition, values: dict[str, Any]) -> None:
    """Write what follows into a new record: to which nothing points yet."""
    for attribute in entity.rollups:
        if attribute.rollup is not None:
            values[attribute.logical_name] = of_none(attribute, attribute.rollup.function)
    for attribute in entity.stored_calculations:
        values[attribute.logical_name] = value_of(attribute, values)


def following(
    entity: EntityDefinition, present: Values, changed: Iterable[str] | None = None
) -> dict[str, Any]:
    """What becomes otherwise in a record with these values; where `changed` is named, by that."""
    found: dict[str, Any] = {}
    values = ChainMap(found, present)  # type: ignore[arg-type]  # only `found` is written to
    touched = None if changed is None else set(changed)
    for attribute in entity.stored_calculations:
        formula, name = attribute.calculated, attribute.logical_name
        if touched is not None and formula is not None and touched.isdisjoint(formula.names):
            continue
        value = value_of(attribute, values)
        if value != present.get(name):
            found[name] = value
            if touched is not None:
                touched.add(name)
    return found


def value_of(attribute: AttributeDefinition, values: Values, today: date | None = None) -> Any:
    """What the attribute's formula comes to; None for nothing."""
    if attribute.calculated is None:
        return None
    return fitted(attribute, reckon(attribute.calculated, values, today))


def fitted(attribute: AttributeDefinition, value: object) -> object:
    """The value as the attribute keeps it, rounded; None if it does not fit."""
    try:
        if isinstance(value, Decimal):
            places = 0 if attribute.type == "Integer" else attribute.precision
            value = value.quantize(Decimal(1).scaleb(-places), context=EXACTLY)
        return type_of(attribute).parse(attribute, value)
    except (DecimalException, InvalidValue):
        return None


def of_none(attribute: AttributeDefinition, function: Function) -> object:
    """What a rollup is of no record: a count and a sum are 0, the others nothing."""
    return fitted(attribute, Decimal(0)) if function in {Function.COUNT, Function.SUM} else None

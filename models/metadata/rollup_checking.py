"""Do rollups fit both their entities? And do they tell nothing that is guarded: their value is the
same for every reader, whichever of the records behind it that reader may see."""

from collections.abc import Iterator

from models.metadata.calculations import refuse_guarded
from models.metadata.catalog import Catalog
from models.metadata.condition_checking import check_condition, check_operator
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity
from models.metadata.query import RELATIVE, Condition, Filter
from models.metadata.rollups import Function, Rollup

WHOLE, FRACTIONS = {"Integer"}, {"Decimal", "Money"}
NUMBERS = WHOLE | FRACTIONS


def check_rollups(catalog: Catalog) -> None:
    """Raise DefinitionError at the first rollup that could not be reckoned, or tells too much."""
    for entity in catalog.entities.values():
        for attribute in entity.rollups:
            if attribute.rollup is not None:
                where = f"entity {entity.logical_name} › {attribute.logical_name}"
                _check(catalog, entity, attribute, attribute.rollup, where=where)


def _check(
    catalog: Catalog,
    entity: EntityDefinition,
    attribute: AttributeDefinition,
    rollup: Rollup,
    *,
    where: str,
) -> None:
    pointing = known_entity(catalog, rollup.entity, where)
    for name in rollup.names:
        check_attribute_named(pointing, name, where)
        refuse_guarded(pointing.attributes[name], where)
        _refuse_unsettled(pointing, pointing.attributes[name], where)
    if pointing.attributes[rollup.lookup].targets != (entity.logical_name,):
        message = f"{rollup.lookup} does not point to {entity.logical_name}"
        raise DefinitionError(message, where=where)
    if rollup.attribute or rollup.function is Function.COUNT:
        _check_types(attribute, pointing.attributes.get(rollup.attribute), rollup, where=where)
    for condition in _conditions(rollup.filter):
        if condition.operator in RELATIVE:
            message = f"{condition.operator} changes with the day, a rollup does not"
            raise DefinitionError(message, where=where)
        check_operator(pointing.attributes[condition.attribute], condition, where)
        check_condition(pointing, condition, where)


def _refuse_unsettled(
    entity: EntityDefinition, attribute: AttributeDefinition, where: str
) -> None:
    """A rollup follows from what is written in the records that point, in one step."""
    name = attribute.logical_name
    if attribute.is_volatile:
        raise DefinitionError(f"{name} hangs on the day", where=where)
    if name in entity.following_rollups:
        raise DefinitionError(f"{name} follows from a rollup itself", where=where)
    if name in {"modifiedon", "modifiedby", "versionnumber"}:
        raise DefinitionError(f"{name} changes with every change", where=where)


def _check_types(
    attribute: AttributeDefinition,
    source: AttributeDefinition | None,
    rollup: Rollup,
    *,
    where: str,
) -> None:
    wanted = _results(source, rollup.function)
    if attribute.type not in wanted:
        told = f" of {source.type}" if source else ""
        message = f"{rollup.function}{told} is no {attribute.type}"
        raise DefinitionError(message, where=where)
    if source and attribute.type == "DateTime" and attribute.behaviour != source.behaviour:
        raise DefinitionError(f"{rollup.attribute} has another behaviour", where=where)


def _results(source: AttributeDefinition | None, function: Function) -> set[str]:
    """The types that can hold the function's value."""
    if function is Function.COUNT:
        return WHOLE
    if source is None or source.type not in NUMBERS | {"DateTime"}:
        return set()
    if source.type == "DateTime":
        is_picked = function in {Function.MINIMUM, Function.MAXIMUM}
        return {"DateTime"} if is_picked else set()
    is_whole = source.type in WHOLE and function is not Function.AVERAGE
    return NUMBERS if is_whole else FRACTIONS


def _conditions(part: Filter) -> Iterator[Condition]:
    for one in part.parts:
        if isinstance(one, Filter):
            yield from _conditions(one)
        else:
            yield one

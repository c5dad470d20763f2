"""How the calculated attributes of one entity hang together: which is reckoned first, which hang
on the day. Names that are not there, kinds that do not fit and circles are refused.

What hangs on the day has no column: it is reckoned when a record is read.
"""

from collections.abc import Mapping
from dataclasses import replace

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.formulas.kinds import Kind, kind_of, kind_of_attribute
from models.metadata.formulas.tree import Formula, FormulaError

Attributes = Mapping[str, AttributeDefinition]
LONGEST_CHAIN = 10
"""How many calculated attributes may follow from each other."""
NEVER_NAMED = {"modifiedon", "versionnumber"}
"""They change with every change, whatever it is of."""


def with_calculations(entity: EntityDefinition, where: str) -> EntityDefinition:
    """The entity with the order in which its calculated attributes are reckoned, and a mark at
    those that hang on the day. Raises DefinitionError."""
    attributes = entity.attributes
    order = _Order(attributes, where)
    for name, attribute in attributes.items():
        if attribute.calculated is not None:
            _check(attributes, attribute, f"{where} › {name}")
            order.visit(name, ())
    found = dict(attributes)
    for name in order.reckoned:
        if _hangs_on_the_day(found, found[name].calculated):
            found[name] = replace(found[name], is_volatile=True)
            if found[name].secured:
                message = "what hangs on the day cannot be secured"
                raise DefinitionError(message, where=f"{where} › {name}")
    return replace(entity, attributes=found, calculations=tuple(order.reckoned))


class _Order:
    """Visits attributes after all that they follow from."""

    def __init__(self, attributes: Attributes, where: str) -> None:
        self._attributes = attributes
        self._where = where
        self.reckoned: dict[str, None] = {}

    def visit(self, name: str, way: tuple[str, ...]) -> None:
        formula = self._attributes[name].calculated if name in self._attributes else None
        if formula is None or name in self.reckoned:
            return
        way = (*way, name)
        for one in formula.names:
            if one in way:
                told = " → ".join((*way[way.index(one) :], one))
                where = f"{self._where} › {way[0]}"
                raise DefinitionError(f"it follows from itself: {told}", where=where)
            if len(way) == LONGEST_CHAIN:
                message = f"{LONGEST_CHAIN} attributes at most follow from each other"
                raise DefinitionError(message, where=f"{self._where} › {way[0]}")
            self.visit(one, way)
        self.reckoned[name] = None


def _check(attributes: Attributes, attribute: AttributeDefinition, where: str) -> None:
    formula = attribute.calculated
    if formula is None:
        return
    kinds = {name: _kind_named(attributes, name, where) for name in formula.names}
    try:
        kind = kind_of(formula, kinds)
    except FormulaError as error:
        raise DefinitionError(f"calculated: {error}", where=where) from error
    if kind is not kind_of_attribute(attribute):
        message = f"the formula gives a {kind}, which is no {attribute.type} like this"
        raise DefinitionError(message, where=where)


def _kind_named(attributes: Attributes, name: str, where: str) -> Kind:
    named = attributes.get(name)
    if named is None:
        raise DefinitionError(f"there is no attribute {name!r} to calculate with", where=where)
    kind = kind_of_attribute(named)
    if kind is None or name in NEVER_NAMED:
        raise DefinitionError(f"{name} is nothing to calculate with", where=where)
    refuse_guarded(named, where)
    return kind


def refuse_guarded(attribute: AttributeDefinition, where: str) -> None:
    """What follows from a guarded value would tell it to those it is guarded from."""
    if attribute.personal or attribute.sealed or attribute.secured:
        message = (
            f"{attribute.logical_name} is personal, sealed or secured: nothing follows from it"
        )
        raise DefinitionError(message, where=where)


def _hangs_on_the_day(attributes: Attributes, formula: Formula | None) -> bool:
    if formula is None:
        return False
    return formula.asks_the_day or any(attributes[name].is_volatile for name in formula.names)

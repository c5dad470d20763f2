"""Attributes whose value follows from others: `calculated` by a formula, a `rollup` of the records
that point to one. Whether what they name is there is asked later, where more is known.
"""

from dataclasses import replace

from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError
from models.metadata.formulas.reading import read_formula
from models.metadata.formulas.tree import FormulaError
from models.metadata.parsing.queries import parse_filter
from models.metadata.parsing.stated import Stated
from models.metadata.rollups import Function, Rollup

CALCULATED = {"String", "Integer", "Decimal", "Money", "Boolean", "DateTime"}
ROLLED_UP = {"Integer", "Decimal", "Money", "DateTime"}


def with_source(attribute: AttributeDefinition, stated: Stated) -> AttributeDefinition:
    """The attribute, with where its value comes from if nobody enters it."""
    seed = stated.integer("seed", attribute.seed)
    text, part = stated.text("calculated", ""), stated.part("rollup")
    if text and part:
        message = "an attribute is calculated or a rollup, not both"
        raise DefinitionError(message, where=stated.where)
    try:
        formula = read_formula(text) if text else None
    except FormulaError as error:
        raise DefinitionError(f"calculated: {error}", where=stated.where) from error
    rollup = _rollup(part) if part else None
    is_read_only = attribute.is_read_only or bool(formula or rollup)
    return replace(
        attribute, seed=seed, calculated=formula, rollup=rollup, is_read_only=is_read_only
    )


def _rollup(stated: Stated) -> Rollup:
    rollup = Rollup(
        entity=stated.text("entity"),
        lookup=stated.text("lookup"),
        function=stated.choice("function", Function, Function.COUNT),
        attribute=stated.text("attribute", ""),
        filter=parse_filter(stated.value("filter", []), stated.where),
    )
    stated.finish()
    if not rollup.attribute and rollup.function is not Function.COUNT:
        message = f"{rollup.function} names the attribute that it is of"
        raise DefinitionError(message, where=stated.where)
    return rollup


def check_derived(attribute: AttributeDefinition, where: str) -> None:
    """What nobody enters can be neither demanded nor guarded as what people enter is."""
    if not attribute.is_derived:
        return
    taken = CALCULATED if attribute.calculated else ROLLED_UP
    if attribute.type not in taken:
        told = "calculated" if attribute.calculated else "a rollup"
        raise DefinitionError(f"a {attribute.type} is never {told}", where=where)
    if attribute.personal or attribute.sealed:
        message = "a value that follows from others is neither personal nor sealed"
        raise DefinitionError(message, where=where)
    stated = (attribute.default, attribute.minimum, attribute.maximum)
    if attribute.is_required or any(one is not None for one in stated):
        message = "nobody enters it: no required, default, minimum or maximum"
        raise DefinitionError(message, where=where)
    if not attribute.valid_for_update:
        raise DefinitionError("it changes with what it follows from", where=where)

"""Conditions that name options, and all of which must hold: plain to whoever checks them."""

from models.metadata.errors import DefinitionError
from models.metadata.parsing.queries import parse_filter
from models.metadata.parsing.stated import Stated
from models.metadata.query import Condition, Filter, Operator


def parse_options(stated: Stated, key: str) -> dict[str, frozenset[int]]:
    """By attribute the options that a record's must be one of; DefinitionError where none is
    stated, where none is left, and at anything cleverer."""
    found: dict[str, frozenset[int]] = {}
    whole = parse_filter(stated.value(key), stated.where, key=key)
    for part in whole.parts if whole.kind == "and" else (whole,):
        name, values = _options(part, key, stated.where)
        found[name] = found.get(name, values) & values
    if not found:
        raise DefinitionError(f"{key!r} says which records are meant", where=stated.where, key=key)
    if not all(found.values()):
        raise DefinitionError(f"{key!r} lets no record through", where=stated.where, key=key)
    return found


def _options(part: Condition | Filter, key: str, where: str) -> tuple[str, frozenset[int]]:
    if isinstance(part, Filter) or part.operator not in {Operator.EQUAL, Operator.IN}:
        raise DefinitionError(f"{key!r} has conditions by eq or in only", where=where, key=key)
    values = part.value if isinstance(part.value, tuple) else (part.value,)
    if not all(isinstance(one, int) for one in values):
        raise DefinitionError(
            f"{part.attribute}: options are named by number", where=where, key=key
        )
    return part.attribute, frozenset(one for one in values if isinstance(one, int))

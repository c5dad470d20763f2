"""From what an attribute's value follows, said in full: another text says another value.

Asked by those who must notice that a value became another: what is public, what was filled in.
"""

from collections.abc import Iterator

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition


def derivation(catalog: Catalog, entity: EntityDefinition, name: str) -> tuple[str, ...]:
    """What is stated of the attribute and of all that it follows from; nothing if it does not."""
    return tuple(dict.fromkeys(_stated(catalog, entity, name)))


def _stated(catalog: Catalog, entity: EntityDefinition, name: str) -> Iterator[str]:
    """It ends: calculations are in no circle, and no rollup follows from another."""
    attribute = entity.attributes[name]
    if attribute.calculated is not None:
        kept = (attribute.type, attribute.precision, attribute.max_length, attribute.behaviour)
        yield f"{name} {kept} = {attribute.calculated.text}"
        for one in attribute.calculated.names:
            yield from _stated(catalog, entity, one)
    if attribute.rollup is not None:
        yield f"{name} {attribute.type} {attribute.precision} = {attribute.rollup!r}"
        pointing = catalog.entity(attribute.rollup.entity)
        for one in attribute.rollup.names:
            yield from _stated(catalog, pointing, one)

"""The rollups of a catalog by whose records they are of, and what an index needs to answer them.

A rollup that names what is not there is refused by `checking`, which comes later.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from models.metadata.dashboards import fits_an_index
from models.metadata.definitions import EntityDefinition
from models.metadata.rollups import RolledUp


def rollups_of(entities: Iterable[EntityDefinition]) -> dict[str, tuple[RolledUp, ...]]:
    found: dict[str, list[RolledUp]] = defaultdict(list)
    for entity in entities:
        for attribute in entity.rollups:
            if attribute.rollup is not None:
                name = attribute.logical_name
                one = RolledUp(entity=entity.logical_name, attribute=name, rollup=attribute.rollup)
                found[attribute.rollup.entity].append(one)
    return {name: tuple(some) for name, some in found.items()}


def asked_by(
    rollups: Mapping[str, tuple[RolledUp, ...]], entities: Mapping[str, EntityDefinition]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By which attributes rollups find what they are of, for each entity."""
    for name, some in rollups.items():
        entity = entities.get(name)
        if entity is None:
            continue
        for one in some:
            names = tuple(n for n in one.rollup.names if fits_an_index(entity, n))
            if one.rollup.lookup in names:
                yield name, names

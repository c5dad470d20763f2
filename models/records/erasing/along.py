"""What goes along when records are deleted: by the definitions, and of given records."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Table

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.relationships import DeleteBehaviour
from models.records.store import COMPANIONS
from models.records.unit import UnitOfWork
from models.tables.base import table_of
from models.tables.record_data import SystemJob


def entities_along(catalog: Catalog, entity: EntityDefinition) -> list[EntityDefinition]:
    """The entity itself first, then all whose records can go with one of it."""
    found = {entity.logical_name: entity}
    waiting = [entity]
    for one in waiting:
        for relationship in catalog.references_to(one.logical_name):
            name = relationship.referencing
            if relationship.on_delete is DeleteBehaviour.CASCADE and name not in found:
                found[name] = catalog.entity(name)
                waiting.append(found[name])
    return list(found.values())


def records_along(
    unit: UnitOfWork, entity: EntityDefinition, ids: Sequence[UUID]
) -> Iterator[tuple[EntityDefinition, list[UUID]]]:
    """The records that go with those, entity by entity; each once."""
    seen = set(ids)
    waiting = [(entity, list(ids))]
    for one, found in waiting:
        for relationship in unit.catalog.references_to(one.logical_name):
            if relationship.on_delete is not DeleteBehaviour.CASCADE:
                continue
            referencing = unit.catalog.entity(relationship.referencing)
            pointing = unit.store.referencing(referencing, relationship.lookup, found)
            new = [each for each in pointing if each not in seen]
            if new:
                seen.update(new)
                waiting.append((referencing, new))
                yield referencing, new


def tables_along(catalog: Catalog, entity: EntityDefinition) -> list[Table]:
    """All tables from which something is deleted with a record of the entity."""
    names = {one.logical_name for one in entities_along(catalog, entity)}
    intersects = [
        catalog.tables.intersects[one.name]
        for one in catalog.many_to_many.values()
        if {one.first, one.second} & names
    ]
    beside = dict.fromkeys([*(one.class_.__table__ for one in COMPANIONS), table_of(SystemJob)])
    return [*(catalog.tables.entities[one] for one in sorted(names)), *intersects, *beside]

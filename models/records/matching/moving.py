"""What pointed to a record points to another: lookups of other records, places in N:N
relationships.

It is the platform's own act, as when a record is deleted: who merges two records need not reach
everything that points to them. Whether they may be merged was decided before.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.relationships import ManyToMany
from models.records import writing
from models.records.auditing import Act
from models.records.changes import Change
from models.records.locking import locked_rows
from models.records.store import Pair
from models.records.unit import UnitOfWork
from models.security.caller import Caller
from models.security.privileges import Privilege

MOVING = "what pointed to a merged record points to its master"


def is_pointed_to(catalog: Catalog, entity: EntityDefinition) -> bool:
    return bool(catalog.references_to(entity.logical_name)) or any(
        entity.logical_name in (one.first, one.second) for one in catalog.many_to_many.values()
    )


def move(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    way: tuple[UUID, UUID],
    *,
    on: datetime,
) -> None:
    """From the first record of `way` to the second."""
    system = replace(Caller.system(MOVING), request_id=caller.request_id)
    for reference in unit.catalog.references_to(entity.logical_name):
        referencing = unit.catalog.entity(reference.referencing)
        _move_lookups(unit, system, referencing, (reference.lookup, *way), on=on)
    for relationship in unit.catalog.many_to_many.values():
        _move_places(unit, system, relationship, (entity.logical_name, *way))


def _move_lookups(
    unit: UnitOfWork,
    system: Caller,
    referencing: EntityDefinition,
    wanted: tuple[str, UUID, UUID],
    *,
    on: datetime,
) -> None:
    lookup, source, target = wanted
    found = unit.store.referencing(referencing, lookup, [source])
    if not found:
        return
    batch = [Change(one, {}) for one in found]
    rows = locked_rows(unit.store, system, Privilege.WRITE, entity=referencing, batch=batch)
    changes: list[tuple[Any, dict[str, Any]]] = [
        (row, {lookup: None if row.id == target else target}) for row in rows
    ]
    writing.update(unit, referencing, changes, by=None, on=on)
    touched = ((row.id, (lookup,)) for row in rows)
    unit.auditing.records("update", system, entity=referencing.logical_name, changes=touched)


def _move_places(
    unit: UnitOfWork, system: Caller, relationship: ManyToMany, wanted: tuple[str, UUID, UUID]
) -> None:
    name, source, target = wanted
    sides = [side for side in ("first", "second") if getattr(relationship, side) == name]
    old = {pair for side in sides for pair in unit.store.places(relationship, side, source)}
    if not old:
        return
    new = {pair for one in old for pair in _moved(one, sides, source, target)}
    unit.store.part(relationship, old)
    missing = new - unit.store.related(relationship, new)
    if missing:
        unit.store.relate(relationship, sorted(missing))
    details = {"relationship": relationship.name, "from": source.hex}
    act = Act(action="associate", entity=name, record_id=target, details=details)
    unit.auditing.act(system, act)


def _moved(pair: Pair, sides: list[str], source: UUID, target: UUID) -> Iterator[Pair]:
    """The pair with the one in the other's place; nothing is related to itself by being moved."""
    first, second = (
        target if one == source and side in sides else one
        for side, one in zip(("first", "second"), pair, strict=True)
    )
    if first != second:
        yield first, second

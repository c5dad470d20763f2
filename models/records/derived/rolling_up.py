"""Rollups kept true in the transaction of the change: the records pointed to are locked, what
points to them is reckoned anew by its index, and what became otherwise is written.

Locked first, reckoned then: of two who change what points to one record the second waits, and sees
what the first one wrote. A difference added on would be lost or counted twice by such two. The
version number stays: nobody who edits the record meanwhile is told of a conflict.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.rollups import RolledUp, Rollup
from models.records.derived.aggregates import rolled_up
from models.records.derived.calculating import following
from models.records.store import chunks
from models.records.unit import UnitOfWork
from models.tables.session import Transaction

Values = Mapping[str, Any]
Moves = Iterable[tuple[Values | None, Values | None]]
"""Values of records before and after; None where there was none, or is none any more."""
MANY = 500


def is_pointed_from(catalog: Catalog, entity: EntityDefinition) -> bool:
    """Whether any rollup is of the entity's records."""
    return entity.logical_name in catalog.rollups


def follow(unit: UnitOfWork, entity: EntityDefinition, moves: Moves) -> None:
    """To be called once records were written or deleted, within their transaction."""
    moves = list(moves)
    wanted: dict[str, list[RolledUp]] = defaultdict(list)
    for one in unit.catalog.rollups.get(entity.logical_name, ()):
        wanted[one.entity].append(one)
    for name, some in sorted(wanted.items()):
        touched = {record_id for one in some for record_id in _touched(one.rollup, moves)}
        refresh(unit, unit.catalog.entity(name), touched, names=[one.attribute for one in some])


def refresh(
    unit: UnitOfWork, entity: EntityDefinition, ids: Iterable[UUID], *, names: Sequence[str]
) -> int:
    """Lock these records and bring what is named of their rollups up to date, with what is
    calculated from it; how many were not."""
    changed = 0
    for chunk in chunks(sorted(ids), MANY):
        unit.transaction.lock()
        rows = present(unit.transaction, unit.catalog, entity, chunk, locked=True)
        changes = differences(unit.transaction, unit.catalog, entity, rows, names=names)
        unit.store.set_derived(entity, changes)
        changed += len(changes)
    return changed


def present(
    transaction: Transaction,
    catalog: Catalog,
    entity: EntityDefinition,
    ids: Sequence[UUID],
    *,
    locked: bool,
) -> dict[UUID, Values]:
    """The records as they are; locked in the order of their ids, and so that others may go on
    pointing to them."""
    table = catalog.tables.entities[entity.logical_name]
    statement = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
    if locked:
        statement = statement.with_for_update(key_share=True)
    return {row["id"]: dict(row) for row in transaction.read(statement).mappings()}


def differences(
    transaction: Transaction,
    catalog: Catalog,
    entity: EntityDefinition,
    rows: Mapping[UUID, Values],
    *,
    names: Sequence[str] | None = None,
) -> dict[UUID, dict[str, Any]]:
    """What of these records' derived values is to become otherwise; without `names`, of all."""
    rollups = [a for a in entity.rollups if names is None or a.logical_name in names]
    reckoned = {
        a.logical_name: rolled_up(transaction, catalog, a, a.rollup, ids=list(rows))
        for a in rollups
        if a.rollup is not None and rows
    }
    found = {}
    for record_id, values in rows.items():
        new = {name: by_id[record_id] for name, by_id in reckoned.items()}
        change = {name: value for name, value in new.items() if value != values[name]}
        change |= following(entity, {**values, **change}, change if names is not None else None)
        if change:
            found[record_id] = change
    return found


def _touched(rollup: Rollup, moves: Moves) -> Iterator[UUID]:
    """To what the records point, or did, whose part in the rollup became another."""
    for before, after in moves:
        is_same = before is not None and after is not None
        if is_same and all(before[n] == after[n] for n in rollup.names):  # type: ignore[index]
            continue
        for values in (before, after):
            pointed_to = values.get(rollup.lookup) if values is not None else None
            if isinstance(pointed_to, UUID):
                yield pointed_to

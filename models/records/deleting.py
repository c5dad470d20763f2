"""Deleting: the records, what cascades from them, their index rows and their own keys.

Keys shared by a month's records live on; they end with the month (retention).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.metadata.definitions import DeleteBehaviour, EntityDefinition
from models.records import references, writing
from models.records.changes import Change, Deletion
from models.records.locking import locked_rows
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.security import access
from models.security.caller import Caller, Privilege


def delete(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    batch: Sequence[Deletion],
    *,
    on: datetime,
) -> list[StoredRow]:
    """Delete, and return the rows as they were."""
    access.require(caller, Privilege.DELETE, entity)
    rows = locked_rows(unit.store, caller, Privilege.DELETE, entity=entity, batch=batch)
    ids = [row.id for row in rows]
    spread = list(references.split_references(unit.store, unit.catalog, entity, ids))
    for relationship, referencing, found in spread:
        if relationship.on_delete is DeleteBehaviour.CASCADE:
            delete(unit, caller, referencing, [Deletion(one) for one in found], on=on)
        else:
            _remove_links(unit, referencing, relationship.lookup, found=found, on=on)
    unit.store.delete(entity, ids)
    if entity.key_bucket == "record":
        unit.doomed_keys.update(row.key_id for row in rows if row.key_id is not None)
    unit.auditing.records(
        "delete", caller, entity=entity.logical_name, changes=((one, ()) for one in ids)
    )
    return rows


def _remove_links(
    unit: UnitOfWork,
    referencing: EntityDefinition,
    lookup: str,
    *,
    found: Sequence[Any],
    on: datetime,
) -> None:
    """The platform's own act: the caller deletes a record, others' lookups to it are emptied."""
    system = Caller.system("a record that a lookup pointed to was deleted")
    batch = [Change(one, {}) for one in found]
    rows = locked_rows(unit.store, system, Privilege.WRITE, entity=referencing, batch=batch)
    change: dict[str, Any] = {lookup: None}
    writing.update(unit, referencing, [(row, change) for row in rows], by=None, on=on)
    unit.auditing.records(
        "update",
        system,
        entity=referencing.logical_name,
        changes=((r.id, (lookup,)) for r in rows),
    )

"""Assigning: records get another owner, and with them what belongs to them.

It runs no step; the record service calls it around those.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.records import owners, parental, writing
from models.records.changes import Change
from models.records.locking import locked_rows
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.security import access
from models.security.caller import Caller
from models.security.privileges import Privilege


@dataclass(frozen=True, slots=True)
class Assigning:
    """One caller's giving of records to a user or team."""

    unit: UnitOfWork
    caller: Caller
    owner: UUID
    on: datetime

    def locked(self, entity: EntityDefinition, ids: Sequence[UUID]) -> list[StoredRow]:
        """The rows, once it is known that the caller may give these to the owner."""
        access.require(self.caller, Privilege.ASSIGN, entity)
        owners.require_owned(entity)
        store, batch = self.unit.store, [Change(record_id, {}) for record_id in ids]
        rows = locked_rows(store, self.caller, Privilege.ASSIGN, entity=entity, batch=batch)
        of = [(self.owner, self.change["owningbusinessunit"])]
        access.require_owners(self.caller, Privilege.ASSIGN, entity, owners=of)
        return rows

    @property
    def change(self) -> dict[str, Any]:
        unit = owners.unit_of(self.unit.transaction.connection, self.owner)
        return {"ownerid": self.owner, "owningbusinessunit": unit}

    def write(
        self, entity: EntityDefinition, rows: Sequence[StoredRow], change: Mapping[str, Any]
    ) -> None:
        changes = [(row, dict(change)) for row in rows]
        writing.update(self.unit, entity, changes, by=self.caller.id, on=self.on)
        touched = ((row.id, list(change)) for row in rows)
        name = entity.logical_name
        self.unit.auditing.records("assign", self.caller, entity=name, changes=touched)

    def take_along(self, entity: EntityDefinition, ids: Sequence[UUID]) -> None:
        """What belongs to them, whoever owned it: else who gave the record away would go on
        reading what came of it. No step is run for these, as for what is deleted along."""
        parental.along(self.unit, self.caller, (entity, ids), self._give)

    def _give(self, entity: EntityDefinition, ids: Sequence[UUID]) -> None:
        rows = self.locked(entity, ids)
        change = self.change
        others = [row for row in rows if row.values["ownerid"] != self.owner]
        if others:
            self.write(entity, others, change)

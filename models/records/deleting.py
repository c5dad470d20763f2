"""Deleting: the records, what cascades from them, their index rows and their own keys.

Keys shared by a month's records live on; they end with the month (retention).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crypto.keyring import ErasedRecord
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import AccessDenied, Problem, RecordNotFound, ValidationFailed
from models.metadata.relationships import DeleteBehaviour, OneToMany
from models.records import writing
from models.records.changes import Change, Deletion
from models.records.erasing import holds
from models.records.locking import locked_rows
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.security import access
from models.security.caller import Caller
from models.security.privileges import Privilege

UNLINKING = "a record that a lookup pointed to was deleted"


@dataclass(frozen=True, slots=True)
class Deleting:
    """One caller's deletion and all that follows from it; `going` ends circles of lookups."""

    unit: UnitOfWork
    caller: Caller
    on: datetime
    going: set[UUID] = field(default_factory=set)

    def delete(self, entity: EntityDefinition, batch: Sequence[Deletion]) -> list[StoredRow]:
        """Delete, and return the rows as they were."""
        access.require(self.caller, Privilege.DELETE, entity)
        store = self.unit.store
        rows = locked_rows(store, self.caller, Privilege.DELETE, entity=entity, batch=batch)
        ids = [row.id for row in rows]
        self.going.update(ids)
        holds.require_none(self.unit, entity, ids)
        self._refuse_restricted(entity, ids)
        self._cascade(entity, ids)
        self._remove_links(entity, ids)
        writing.delete(self.unit, entity, rows)
        if entity.key_bucket == "record":
            self.unit.doomed_keys.update(row.key_id for row in rows if row.key_id is not None)
        self.unit.erased.extend(ErasedRecord(entity.number, one) for one in ids)
        self.unit.auditing.records(
            "delete", self.caller, entity=entity.logical_name, changes=((one, ()) for one in ids)
        )
        return rows

    def _refuse_restricted(self, entity: EntityDefinition, ids: Sequence[UUID]) -> None:
        for relationship, referencing, _ in self._pointing(entity, ids, DeleteBehaviour.RESTRICT):
            problem = Problem(relationship.lookup, "referenced", referencing.display_name)
            raise ValidationFailed([problem])

    def _cascade(self, entity: EntityDefinition, ids: Sequence[UUID]) -> None:
        """Deleting goes along only as far as the caller may delete: else nothing is deleted."""
        for _, referencing, found in self._pointing(entity, ids, DeleteBehaviour.CASCADE):
            try:
                self.delete(referencing, [Deletion(one) for one in found])
            except RecordNotFound:
                what = f"{Privilege.DELETE} on records of {referencing.logical_name} that go along"
                raise AccessDenied(what, caller=self.caller) from None

    def _remove_links(self, entity: EntityDefinition, ids: Sequence[UUID]) -> None:
        """The platform's own act: the caller deletes a record, others' lookups are emptied."""
        system = replace(Caller.system(UNLINKING), request_id=self.caller.request_id)
        behaviour = DeleteBehaviour.REMOVE_LINK
        for relationship, referencing, found in self._pointing(entity, ids, behaviour):
            store, batch = self.unit.store, [Change(one, {}) for one in found]
            rows = locked_rows(store, system, Privilege.WRITE, entity=referencing, batch=batch)
            change: dict[str, Any] = {relationship.lookup: None}
            changes = [(row, change) for row in rows]
            writing.update(self.unit, referencing, changes, by=None, on=self.on)
            self.unit.auditing.records(
                "update",
                system,
                entity=referencing.logical_name,
                changes=((row.id, (relationship.lookup,)) for row in rows),
            )

    def _pointing(
        self, entity: EntityDefinition, ids: Sequence[UUID], behaviour: DeleteBehaviour
    ) -> Iterator[tuple[OneToMany, EntityDefinition, list[UUID]]]:
        """The records that point to `ids` and are not going themselves, by relationship.

        Asked one relationship after the other: what one took along, the next does not find.
        """
        for relationship in self.unit.catalog.references_to(entity.logical_name):
            if relationship.on_delete is not behaviour:
                continue
            referencing = self.unit.catalog.entity(relationship.referencing)
            found = self.unit.store.referencing(referencing, relationship.lookup, ids)
            staying = [one for one in found if one not in self.going]
            if staying:
                yield relationship, referencing, staying

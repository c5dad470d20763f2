"""The record service: THE path. Every record is created, read, changed and deleted here.

It speaks in batches, on behalf of a caller, within one transaction; it knows no request, form,
file or mail. Each method reads as the list of its steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crypto.keyring import Keyring
from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import RecordNotFound
from models.metadata.query import Page, Query
from models.records import (
    associating,
    counting,
    lifecycle,
    owners,
    reading,
    references,
    revealing,
    tallying,
    validation,
    writing,
)
from models.records.assigning import Assigning
from models.records.auditing import Act
from models.records.changes import Change, Deletion, Values
from models.records.deleting import Deleting
from models.records.locking import locked_rows
from models.records.sharing import Sharing
from models.records.steps import Message, Operation, RecordChange, Steps
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.records.validation import NewRecord
from models.security import access, column_security
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.base import utc_now
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class RecordService:
    """Bound to one transaction; made by `RecordEngine.run`, of no use after it."""

    unit: UnitOfWork
    steps: Steps

    @property
    def catalog(self) -> Catalog:
        return self.unit.catalog

    @property
    def transaction(self) -> Transaction:
        return self.unit.transaction

    @property
    def keyring(self) -> Keyring:
        return self.unit.keyring

    def create_multiple(
        self,
        caller: Caller,
        entity_name: str,
        batch: Sequence[Values],
        *,
        keys: Mapping[UUID, int] | None = None,
    ) -> list[UUID]:
        """Create records on behalf of `caller`; the only way a record comes to be.

        `keys` names, by record id, the data key that the record's draft is sealed with already.
        Raises AccessDenied, ValidationFailed.
        """
        entity, now = self.catalog.entity(entity_name), utc_now()
        access.require(caller, Privilege.CREATE, entity)
        column_security.require_creatable(caller, entity, batch)
        first = lifecycle.first_status(self.catalog, entity)
        records, problems = validation.new_records(
            entity, batch, caller=caller, on=now, first_status=first
        )
        access.require_owners(caller, Privilege.CREATE, entity, owners=owners.of(records))
        references.require_append_of_new(caller, entity, records)
        given = [record.values for record in records]
        access.require_within_contract(caller, entity, given)
        problems += lifecycle.problems_of_new(self.catalog, caller, entity, given)
        problems += references.missing_targets(self.unit, caller, entity, batch=given)
        validation.require_none(problems)
        lifecycle.begin(self.catalog, entity, records, on=now)
        data_keys = writing.data_keys(self.unit, entity, records, known=keys or {}, on=now)
        operation = self._created(caller, entity, records, data_keys)
        self.steps.before(operation)
        writing.insert(self.unit, entity, records, data_keys, on=now)
        self._audit_values("create", operation)
        self.steps.after(operation)
        return [record.id for record in records]

    def retrieve(
        self, caller: Caller, entity_name: str, record_id: UUID, *, columns: Sequence[str] = ()
    ) -> dict[str, object]:
        """One record as the caller may see it. Raises RecordNotFound, AccessDenied."""
        query = Query(entity=entity_name, columns=tuple(columns), ids=(record_id,))
        page = self.retrieve_multiple(caller, query)
        if not page.records:
            raise RecordNotFound(entity_name)
        return page.records[0]

    def retrieve_multiple(self, caller: Caller, query: Query) -> Page:
        """One page of records as the caller may see them. Raises AccessDenied, DefinitionError."""
        access.require(caller, Privilege.READ, self.catalog.entity(query.entity))
        return reading.read_page(self.unit, caller, query)

    def count_by(self, caller: Caller, query: Query, *, by: Sequence[str]) -> counting.Counts:
        """How many records have each value of `by`. Raises AccessDenied, DefinitionError."""
        return counting.count_by(self.unit, caller, query, by=by)

    def tally(self, caller: Caller, asked: tallying.Tally) -> tallying.Totals:
        """Counts or sums by options and spans of time. Raises AccessDenied, DefinitionError."""
        return tallying.tally(self.unit, caller, asked)

    def update_multiple(self, caller: Caller, entity_name: str, batch: Sequence[Change]) -> None:
        """Change records. Raises RecordNotFound, AccessDenied, ValidationFailed or
        ConcurrencyConflict (another version than the caller knew)."""
        entity, now = self.catalog.entity(entity_name), utc_now()
        access.require(caller, Privilege.WRITE, entity)
        given = [change.values for change in batch]
        column_security.require_updatable(caller, entity, given)
        values, problems = validation.changed_values(entity, given)
        problems += references.missing_targets(self.unit, caller, entity, batch=values)
        validation.require_none(problems)
        access.require_staying_within_contract(caller, entity, values)
        rows = locked_rows(self.unit.store, caller, Privilege.WRITE, entity=entity, batch=batch)
        changes = list(zip(rows, values, strict=True))
        references.require_append(self.unit, caller, entity, changes)
        lifecycle.change(self.unit, caller, entity, changes, on=now)
        operation = self._changed(Message.UPDATE, caller, entity, rows=rows, values=values)
        self.steps.before(operation)
        writing.update(self.unit, entity, changes, by=caller.id, on=now)
        self._audit_values("update", operation)
        self.steps.after(operation)

    def delete_multiple(self, caller: Caller, entity_name: str, batch: Sequence[Deletion]) -> None:
        """Delete records and what cascades from them; record keys are destroyed with them.

        Raises RecordNotFound, AccessDenied, ConcurrencyConflict, ValidationFailed (restricted).
        """
        entity = self.catalog.entity(entity_name)
        rows = Deleting(self.unit, caller, utc_now()).delete(entity, batch)
        deleted = self._changed(Message.DELETE, caller, entity, rows=rows, values=[{}] * len(rows))
        self.steps.after(deleted)

    def assign_multiple(
        self, caller: Caller, entity_name: str, ids: Sequence[UUID], *, owner: UUID
    ) -> None:
        """Give records, and what belongs to them, to another user or team. Raises as
        update_multiple."""
        entity = self.catalog.entity(entity_name)
        assigning = Assigning(self.unit, caller, owner, utc_now())
        rows, change = assigning.locked(entity, ids), assigning.change
        operation = self._changed(
            Message.ASSIGN, caller, entity, rows=rows, values=[change] * len(rows)
        )
        self.steps.before(operation)
        assigning.write(entity, rows, change)
        assigning.take_along(entity, ids)
        self.steps.after(operation)

    def sharing(self, caller: Caller, entity_name: str, ids: Sequence[UUID]) -> Sharing:
        """The caller's sharing of these records: grant, modify, revoke, tell. Never more than the
        caller holds, nor than the receiver's role allows whenever it is used."""
        return Sharing(self.unit, caller, self.catalog.entity(entity_name), ids)

    def associate(
        self, caller: Caller, relationship: str, pairs: Sequence[tuple[UUID, UUID]]
    ) -> None:
        """Relate records of an N:N relationship's first and second entity; those that are related
        already stay so. Raises AccessDenied, RecordNotFound, DefinitionError."""
        associating.associate(self.unit, caller, relationship, pairs)

    def disassociate(
        self, caller: Caller, relationship: str, pairs: Sequence[tuple[UUID, UUID]]
    ) -> None:
        """Take apart what `associate` put together. Raises as `associate`."""
        associating.disassociate(self.unit, caller, relationship, pairs)

    def reveal(
        self, caller: Caller, entity_name: str, record_id: UUID, attribute: str, *, purpose: str
    ) -> object:
        """One masked value as it is, for a stated purpose; audited. Raises AccessDenied,
        RecordNotFound, ValidationFailed (no purpose)."""
        entity = self.catalog.entity(entity_name)
        return revealing.reveal(self.unit, caller, entity, (record_id, attribute), purpose=purpose)

    def audit(
        self,
        caller: Caller,
        action: str,
        *,
        entity: str | None = None,
        record_id: UUID | None = None,
        outcome: str = "ok",
        **details: object,
    ) -> None:
        """Note an act that changes no record; `details` never hold a personal value."""
        act = Act(
            action=action, entity=entity, record_id=record_id, outcome=outcome, details=details
        )
        self.unit.auditing.act(caller, act)

    def _created(
        self,
        caller: Caller,
        entity: EntityDefinition,
        records: Sequence[NewRecord],
        data_keys: writing.DataKeys,
    ) -> Operation:
        changes = tuple(
            RecordChange(id=record.id, key_id=key.id if key else None, values=record.values)
            for record, key in zip(records, data_keys, strict=True)
        )
        return Operation(
            message=Message.CREATE, caller=caller, entity=entity, records=changes, service=self
        )

    def _changed(
        self,
        message: Message,
        caller: Caller,
        entity: EntityDefinition,
        *,
        rows: Sequence[StoredRow],
        values: Sequence[dict[str, Any]],
    ) -> Operation:
        changes = tuple(
            RecordChange(id=row.id, key_id=row.key_id, values=change, before=row.values)
            for row, change in zip(rows, values, strict=True)
        )
        return Operation(
            message=message, caller=caller, entity=entity, records=changes, service=self
        )

    def _audit_values(self, action: str, operation: Operation) -> None:
        name, touched = operation.entity.logical_name, operation.touched
        self.unit.auditing.records(action, operation.caller, entity=name, changes=touched)

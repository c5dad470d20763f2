"""The record store: rows of entity tables, blind-index rows. The only place with their SQL.

It is told what to write; whether that is allowed was decided above it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select, tuple_, update

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import ConcurrencyConflict
from models.metadata.relationships import ManyToMany
from models.metadata.tables import DATA_KEY
from models.security import visibility
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.applicants import AddressChange, ApplicantLink, ApplicantSession
from models.tables.base import table_of
from models.tables.incoming import FiledMail
from models.tables.matching import (
    DuplicateCandidate,
    DuplicateDismissal,
    MatchCode,
    MergedRecord,
)
from models.tables.processes import StageMove
from models.tables.record_data import BlindIndexEntry
from models.tables.requests import FrozenRecord
from models.tables.session import Transaction
from models.tables.sharing import SharedRecord

COMPANIONS = (
    BlindIndexEntry.record_id,
    SharedRecord.record_id,
    StageMove.record_id,
    MatchCode.record_id,
    MergedRecord.record_id,
    *(ApplicantLink.record_id, ApplicantSession.record_id, AddressChange.record_id),
    *(FiledMail.record_id, FrozenRecord.record_id),
    *(DuplicateCandidate.first_id, DuplicateCandidate.second_id),
    *(DuplicateDismissal.first_id, DuplicateDismissal.second_id),
)
"""What goes with a record, by the column that names it."""
Pair = tuple[UUID, UUID]
"""Ids of a record of an N:N relationship's first entity and of one of its second."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it stands, locked until the transaction ends."""

    id: UUID
    key_id: int | None
    version: int
    values: dict[str, Any]
    """Sealed attributes are in their envelopes."""


class RecordStore:
    def __init__(self, catalog: Catalog, transaction: Transaction) -> None:
        self._catalog = catalog
        self._transaction = transaction

    def table(self, entity: EntityDefinition) -> Table:
        return self._catalog.tables.entities[entity.logical_name]

    def insert(
        self,
        entity: EntityDefinition,
        rows: Sequence[dict[str, Any]],
        index_rows: Sequence[dict[str, Any]],
    ) -> None:
        self._transaction.insert(self.table(entity), rows)
        self._index(index_rows)

    def locked(
        self,
        caller: Caller,
        privilege: Privilege,
        entity: EntityDefinition,
        ids: Iterable[UUID],
        *,
        stays: bool = False,
    ) -> dict[UUID, StoredRow]:
        """The rows of `ids` that the caller reaches with `privilege`, locked. What `stays` is
        locked against changes alone: else two who have each written a row that points at it would
        wait for one another."""
        table = self.table(entity)
        clause = visibility.clause(self._catalog, caller, privilege, entity, table=table)
        connection = self._transaction.lock()
        found = {}
        for chunk in chunks(sorted(set(ids)), 500):
            statement = select(table).where(table.c.id.in_(chunk), clause)
            locking = statement.with_for_update(key_share=stays)
            for row in connection.execute(locking).mappings():
                values = dict(row)
                found[row["id"]] = StoredRow(
                    values.pop("id"), values.pop(DATA_KEY), row["versionnumber"], values
                )
        return found

    def visible_ids(
        self, caller: Caller, privilege: Privilege, entity: EntityDefinition, ids: Iterable[UUID]
    ) -> set[UUID]:
        table = self.table(entity)
        clause = visibility.clause(self._catalog, caller, privilege, entity, table=table)
        found: set[UUID] = set()
        for chunk in chunks(sorted(set(ids)), 500):
            statement = select(table.c.id).where(table.c.id.in_(chunk), clause)
            found |= set(self._transaction.read(statement).scalars())
        return found

    def held(
        self, caller: Caller, privilege: Privilege, entity: EntityDefinition, ids: Iterable[UUID]
    ) -> set[UUID]:
        """As `visible_ids`; what is found cannot be deleted until the transaction ends."""
        table = self.table(entity)
        clause = visibility.clause(self._catalog, caller, privilege, entity, table=table)
        connection = self._transaction.lock()
        found: set[UUID] = set()
        for chunk in chunks(sorted(set(ids)), 500):
            statement = select(table.c.id).where(table.c.id.in_(chunk), clause)
            found |= set(connection.scalars(statement.with_for_update(read=True, key_share=True)))
        return found

    def update(
        self, entity: EntityDefinition, changes: Sequence[tuple[StoredRow, dict[str, Any]]]
    ) -> None:
        """Write changes to locked rows; one statement for each set of columns changed."""
        table = self.table(entity)
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row, values in changes:
            bound = {f"new_{name}": value for name, value in values.items()}
            by_columns[tuple(values)].append(bound | {"row_id": row.id, "known": row.version})
        for names, rows in by_columns.items():
            statement = (
                update(table)
                .where(table.c.id == bindparam("row_id"))
                .where(table.c.versionnumber == bindparam("known"))
                .values({name: bindparam(f"new_{name}") for name in names})
            )
            if self._transaction.write(statement, rows).rowcount != len(rows):
                raise ConcurrencyConflict(entity.logical_name)

    def set_derived(
        self, entity: EntityDefinition, changes: Mapping[UUID, Mapping[str, Any]]
    ) -> None:
        """Write what follows from other values to locked rows; their version stays."""
        table = self.table(entity)
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for record_id, values in changes.items():
            bound = {f"new_{name}": value for name, value in values.items()}
            by_columns[tuple(values)].append(bound | {"row_id": record_id})
        for names, rows in by_columns.items():
            new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
            statement = update(table).where(table.c.id == bindparam("row_id")).values(new)
            self._transaction.write(statement, rows)

    def stamp(
        self, entity: EntityDefinition, stamps: Sequence[tuple[UUID, dict[str, Any]]]
    ) -> None:
        """Write into locked rows what the platform keeps by itself: unsealed values that no
        version is told by."""
        table = self.table(entity)
        for record_id, values in stamps:
            self._transaction.write(update(table).where(table.c.id == record_id).values(**values))

    def reindex(
        self, stale: Mapping[int, Sequence[UUID]], index_rows: Sequence[dict[str, Any]]
    ) -> None:
        """Put new blind-index rows in the place of `stale` ones: records by attribute number."""
        entry = BlindIndexEntry
        for number, ids in stale.items():
            for chunk in chunks(ids, 500):
                of_records = entry.record_id.in_(chunk)
                self._transaction.write(
                    delete(entry).where(of_records, entry.attribute_number == number)
                )
        self._index(index_rows)

    def delete(self, entity: EntityDefinition, ids: Sequence[UUID]) -> None:
        """Rows, their blind-index rows and shares, and their places in N:N relationships."""
        table = self.table(entity)
        for chunk in chunks(ids, 500):
            self._transaction.write(delete(table).where(table.c.id.in_(chunk)))
            for column in COMPANIONS:
                self._transaction.write(delete(column.class_).where(column.in_(chunk)))
            for relationship in self._catalog.many_to_many.values():
                intersect = self._catalog.tables.intersects[relationship.name]
                for side, name in (("first", "first_id"), ("second", "second_id")):
                    if getattr(relationship, side) == entity.logical_name:
                        self._transaction.write(
                            delete(intersect).where(intersect.c[name].in_(chunk))
                        )

    def referencing(
        self, entity: EntityDefinition, lookup: str, ids: Sequence[UUID]
    ) -> list[UUID]:
        """The records of `entity` whose lookup points to one of `ids`."""
        table = self.table(entity)
        found: list[UUID] = []
        for chunk in chunks(ids, 500):
            statement = select(table.c.id).where(table.c[lookup].in_(chunk))
            found += self._transaction.lock().execute(statement).scalars()
        return found

    def related(self, relationship: ManyToMany, pairs: Iterable[Pair]) -> set[Pair]:
        """Those of `pairs` that are related."""
        first, second = self._catalog.tables.intersects[relationship.name].columns
        found: set[Pair] = set()
        for chunk in chunks(sorted(set(pairs)), 200):
            statement = select(first, second).where(tuple_(first, second).in_(chunk))
            rows = self._transaction.read(statement)
            found |= {(row.first_id, row.second_id) for row in rows}
        return found

    def places(self, relationship: ManyToMany, side: str, record_id: UUID) -> list[Pair]:
        """The pairs in which the record stands on that side ("first", "second")."""
        intersect = self._catalog.tables.intersects[relationship.name]
        statement = select(intersect).where(intersect.c[f"{side}_id"] == record_id)
        rows = self._transaction.lock().execute(statement)
        return [(row.first_id, row.second_id) for row in rows]

    def relate(self, relationship: ManyToMany, pairs: Iterable[Pair]) -> None:
        intersect = self._catalog.tables.intersects[relationship.name]
        rows = [{"first_id": first, "second_id": second} for first, second in pairs]
        self._transaction.write(insert(intersect), rows)

    def part(self, relationship: ManyToMany, pairs: Iterable[Pair]) -> None:
        intersect = self._catalog.tables.intersects[relationship.name]
        first, second = intersect.columns
        for chunk in chunks(sorted(pairs), 200):
            self._transaction.write(delete(intersect).where(tuple_(first, second).in_(chunk)))

    def _index(self, rows: Sequence[dict[str, Any]]) -> None:
        self._transaction.insert(table_of(BlindIndexEntry), rows)


def chunks(values: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]

"""Sealing and storing what was checked: keys, rows and blind-index rows of one batch.

It decides nothing; the record service calls it once everything is known to be allowed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crypto.errors import DestroyedKey
from crypto.keyring import OpenedKey
from models.metadata.definitions import EntityDefinition
from models.metadata.tables import DATA_KEY
from models.records.blind_search import index_rows
from models.records.derived import calculating, rolling_up, sequences
from models.records.lifecycle import answering
from models.records.matching import codes
from models.records.sealing import seal_values
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.records.validation import NewRecord

DataKeys = Sequence[OpenedKey | None]


def data_keys(
    unit: UnitOfWork,
    entity: EntityDefinition,
    records: Sequence[NewRecord],
    *,
    known: Mapping[UUID, int],
    on: datetime,
) -> DataKeys:
    """A key for each record, from its draft if there is one; None where nothing is sealed."""
    if not entity.sealed_attributes:
        return [None] * len(records)
    count = sum(record.id not in known for record in records)
    fresh = iter(unit.keyring.sealing_keys(entity.number, entity.key_bucket, count, on=on))
    opened = unit.keyring.opening_keys(known.values()) if known else {}
    return [
        OpenedKey(known[record.id], opened[known[record.id]])
        if record.id in known
        else next(fresh)
        for record in records
    ]


def insert(
    unit: UnitOfWork,
    entity: EntityDefinition,
    records: Sequence[NewRecord],
    keys: DataKeys,
    *,
    on: datetime,
) -> None:
    """Give the records their numbers and what is calculated, and store them."""
    sequences.number(unit, entity, records, on=on)
    for record in records if entity.has_derived else ():
        calculating.complete(entity, record.values)
    # before the records point to what they answer: two at once would wait for each other
    answering.note(unit, entity, [record.values for record in records], on=on)
    rows = []
    for record, key in zip(records, keys, strict=True):
        row = record.values
        if key is not None:
            row = seal_values(entity, row, record_id=record.id, key=key)
        rows.append({"id": record.id, DATA_KEY: key.id if key else None, **row})
    unit.used_keys.update(key.id for key in keys if key is not None)
    named = [(record.id, record.values) for record in records]
    unit.store.insert(entity, rows, _index_rows(unit, entity, named, on=on))
    codes.keep(unit, entity, named)
    if rolling_up.is_pointed_from(unit.catalog, entity):
        rolling_up.follow(unit, entity, [(None, record.values) for record in records])


def update(
    unit: UnitOfWork,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, dict[str, Any]]],
    *,
    by: UUID | None,
    on: datetime,
) -> None:
    """Store changes, and what follows from them."""
    if entity.stored_calculations:
        changes = [(row, _with_calculated(entity, row, values)) for row, values in changes]
    stamps = {"modifiedon": on, "modifiedby": by}
    written = [
        (
            row,
            _sealed(unit, entity, row, values, on=on)
            | stamps
            | {"versionnumber": row.version + 1},
        )
        for row, values in changes
    ]
    unit.store.update(entity, written)
    named = [(row.id, values) for row, values in changes]
    stale = {
        attribute.number: [one for one, values in named if attribute.logical_name in values]
        for attribute in entity.indexed_attributes
    }
    if any(stale.values()):
        unit.store.reindex(stale, _index_rows(unit, entity, named, on=on))
    answering.note(unit, entity, answering.decided(entity, changes), on=on)
    present = [(row.id, row.values | values) for row, values in changes]
    codes.renew(unit, entity, present, names={name for _, values in changes for name in values})
    if rolling_up.is_pointed_from(unit.catalog, entity):
        moves = [(row.values, row.values | values) for row, values in changes]
        rolling_up.follow(unit, entity, moves)


def delete(unit: UnitOfWork, entity: EntityDefinition, rows: Sequence[StoredRow]) -> None:
    """Delete locked rows; what pointed to them was seen to."""
    unit.store.delete(entity, [row.id for row in rows])
    if rolling_up.is_pointed_from(unit.catalog, entity):
        rolling_up.follow(unit, entity, [(row.values, None) for row in rows])


def _index_rows(
    unit: UnitOfWork,
    entity: EntityDefinition,
    named: Sequence[tuple[UUID, dict[str, Any]]],
    *,
    on: datetime,
) -> list[dict[str, Any]]:
    rows = index_rows(unit.keyring, entity, named, on=on)
    if rows:
        unit.used_keys.add(rows[0]["key_id"])  # all of a month have the same
    return rows


def _with_calculated(
    entity: EntityDefinition, row: StoredRow, values: dict[str, Any]
) -> dict[str, Any]:
    return values | calculating.following(entity, row.values | values, values)


def _sealed(
    unit: UnitOfWork,
    entity: EntityDefinition,
    row: StoredRow,
    values: dict[str, Any],
    *,
    on: datetime,
) -> dict[str, Any]:
    """The values as they are stored; a record without a key is brought one by a sealed value."""
    if not any(values.get(a.logical_name) is not None for a in entity.sealed_attributes):
        return dict(values)
    key = _present_key(unit, row)
    if key is None:
        [key] = unit.keyring.sealing_keys(entity.number, entity.key_bucket, 1, on=on)
    unit.used_keys.add(key.id)
    return seal_values(entity, values, record_id=row.id, key=key) | {DATA_KEY: key.id}


def _present_key(unit: UnitOfWork, row: StoredRow) -> OpenedKey | None:
    """The record's key; None if it has none, or none any more: what it sealed stays gone."""
    if row.key_id is None:
        return None
    try:
        return OpenedKey(row.key_id, unit.keyring.opening_key(row.key_id))
    except DestroyedKey:
        return None

"""Records made nobody's: all that is sealed is emptied, and what a rule names beside it; what was
written about them and every way to them goes, their own keys with it. The rest stays, to count.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from crypto.keyring import ErasedRecord
from models.metadata.activities import activity_attribute
from models.metadata.definitions import EntityDefinition
from models.metadata.retention import RetentionRule
from models.metadata.tables import DATA_KEY
from models.records import writing
from models.records.changes import Change, Deletion
from models.records.deleting import Deleting
from models.records.erasing import holds
from models.records.locking import locked_rows
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.applicants import AddressChange, ApplicantLink, ApplicantSession
from models.tables.base import utc_now
from models.tables.incoming import FiledMail

WAYS = (
    *(ApplicantLink.record_id, ApplicantSession.record_id, AddressChange.record_id),
    FiledMail.record_id,
)


def anonymise(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    ids: Sequence[UUID],
    *,
    names: Sequence[str],
) -> list[StoredRow]:
    """Empty `names`, and let follow what follows from them: calculated values, rollups of what the
    records point to. The rows as they were. Raises RecordNotFound, ValidationFailed (held)."""
    on = utc_now()
    batch = [Change(one, {}) for one in ids]
    rows = locked_rows(unit.store, caller, Privilege.WRITE, entity=entity, batch=batch)
    holds.require_none(unit, entity, ids)
    nothing: dict[str, Any] = dict.fromkeys((*names, DATA_KEY))
    writing.update(unit, entity, [(row, nothing) for row in rows], by=None, on=on)
    for column in WAYS:
        unit.transaction.write(delete(column.class_).where(column.in_(ids)))
    _delete_activities(unit, caller, entity, ids, on=on)
    unit.erased.extend(ErasedRecord(entity.number, one, tuple(names)) for one in ids)
    if entity.key_bucket == "record":
        unit.doomed_keys.update(row.key_id for row in rows if row.key_id is not None)
    unit.auditing.records(
        "anonymise",
        caller,
        entity=entity.logical_name,
        changes=[(one, tuple(names)) for one in ids],
    )
    return rows


def emptied(entity: EntityDefinition, rule: RetentionRule) -> tuple[str, ...]:
    """Attributes that an anonymised record has no value of."""
    sealed = [one.logical_name for one in entity.sealed_attributes]
    personal = [one.logical_name for one in entity.attributes.values() if one.personal]
    return tuple(dict.fromkeys((*sealed, *personal, *rule.clears)))


def _delete_activities(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    ids: Sequence[UUID],
    *,
    on: datetime,
) -> None:
    if not entity.activity_entity:
        return
    activity = unit.catalog.entity(entity.activity_entity)
    regarding = activity_attribute(activity.logical_name, "regarding")
    found = unit.store.referencing(activity, regarding, ids)
    if found:
        Deleting(unit, caller, on).delete(activity, [Deletion(one) for one in found])

"""Who wrote what stands in a record: everyone who changed more of it than its status since it was
last approved, as the audit knows it. Its stamps name only the last, and are emptied where the
platform writes: when a lookup's record is deleted or merged, or a job does its work.

It decides nothing. What the open transaction did counts like what was done before it.
"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.metadata.definitions import EntityDefinition
from models.records.auditing import Act
from models.records.lifecycle.awaiting import STATUS
from models.records.unit import UnitOfWork
from models.security.caller import Caller
from models.tables.record_data import AuditEntry

APPROVING = "approve_record"
STATE = "statecode"
"""Goes with the status reason."""
TOLD = (APPROVING, "create", "update")
_ids = ("caller", "supporter")
"""Who acts as another in a support session wrote it too."""


def note_approval(
    unit: UnitOfWork, caller: Caller, entity: EntityDefinition, record_id: UUID
) -> None:
    """What was written until now is over with."""
    act = Act(
        action=APPROVING,
        entity=entity.logical_name,
        record_id=record_id,
        details={"attributes": [STATUS]},
    )
    unit.auditing.act(caller, act)


def of(unit: UnitOfWork, entity: EntityDefinition, record_id: UUID) -> set[UUID]:
    found: set[UUID] = set()
    for entry in _latest_first(unit, record_id):
        if entry["action"] == APPROVING:
            break
        if any(_is_written(entity, name) for name in entry.get("attributes", ())):
            found |= {UUID(entry[one]) for one in _ids if one in entry}
    return found


def _is_written(entity: EntityDefinition, name: str) -> bool:
    """Not by the platform together with the status; what is gone from the entity is written."""
    attribute = entity.attributes.get(name)
    by_itself = attribute is not None and attribute.is_read_only
    return name not in {STATUS, STATE} and not by_itself


def _latest_first(unit: UnitOfWork, record_id: UUID) -> Iterator[dict[str, Any]]:
    yield from (one for one in unit.auditing.gathered(record_id) if one["action"] in TOLD)
    statement = (
        select(AuditEntry.body)
        .where(AuditEntry.record_id == record_id, AuditEntry.action.in_(TOLD))
        .order_by(AuditEntry.sequence.desc())
    )
    yield from map(json.loads, unit.transaction.read(statement).scalars())

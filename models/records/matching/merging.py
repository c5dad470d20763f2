"""Two records made one: the master keeps its own values or takes the other's, what pointed to the
other points to the master, and the other ends inactive. All in one transaction, once.

The caller needs Write on both, and AppendTo on the master where records may point to it. Values
may be taken without being seen: the platform reads them, and seals them under the master's key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, update

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import (
    AccessDenied,
    DefinitionError,
    Problem,
    RecordNotFound,
    ValidationFailed,
)
from models.records import writing
from models.records.auditing import Act
from models.records.changes import Change
from models.records.erasing import holds
from models.records.locking import locked_rows
from models.records.matching import moving
from models.records.matching.finding import merged_among
from models.records.sealing import SHREDDED
from models.records.service import RecordService
from models.records.store import StoredRow
from models.security import access
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.base import utc_now
from models.tables.matching import DuplicateCandidate, MergedRecord

STATUS = "statuscode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """What is to become of two records; the versions are those the caller decided by."""

    master: UUID
    other: UUID
    versions: Mapping[UUID, int] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    """The attributes of which the master gets the other's value."""


def choosable(service: RecordService, entity: EntityDefinition) -> tuple[AttributeDefinition, ...]:
    """Of which the master may get the other's value: not what the platform sets, not where it
    stands in its course, not what must be unique while there are two of them."""
    catalog = service.catalog
    fixed = {STATUS, *(name for key in entity.keys for name in key.attributes)}
    fixed |= {one.attribute for one in catalog.processes_of(entity.logical_name)}
    return tuple(
        attribute
        for name, attribute in entity.attributes.items()
        if name not in fixed
        and not (attribute.is_read_only or attribute.is_system or attribute.type == "AutoNumber")
        and attribute.valid_for_update
    )


def merge(service: RecordService, caller: Caller, entity_name: str, wanted: Merging) -> None:
    """Raises AccessDenied, RecordNotFound, ConcurrencyConflict, ValidationFailed; DefinitionError
    for an entity of which no rule says that it has duplicates."""
    entity, now = service.catalog.entity(entity_name), utc_now()
    if not service.catalog.duplicate_rules_of(entity_name):
        raise DefinitionError(f"{entity_name} has no duplicate detection rule")
    if wanted.master == wanted.other:
        raise RecordNotFound("a record is no duplicate of itself")
    rows = _locked(service, caller, entity, wanted)
    _require_mergeable(service, entity, rows)
    _take(service, caller, entity, wanted)
    moving.move(service.unit, caller, entity, (wanted.other, wanted.master), on=now)
    _end(service, caller, entity, wanted, on=now)
    _point(service, caller, entity, wanted, on=now)
    _audit(service, caller, entity, wanted)


def _locked(
    service: RecordService, caller: Caller, entity: EntityDefinition, wanted: Merging
) -> list[StoredRow]:
    store, ids = service.unit.store, {wanted.master, wanted.other}
    access.require(caller, Privilege.READ, entity)
    access.require(caller, Privilege.WRITE, entity)
    batch = [Change(one, {}, wanted.versions.get(one)) for one in sorted(ids)]
    rows = locked_rows(store, caller, Privilege.WRITE, entity=entity, batch=batch)
    if store.visible_ids(caller, Privilege.READ, entity, ids) != ids:
        raise RecordNotFound(entity.logical_name)
    if moving.is_pointed_to(service.catalog, entity):
        access.require(caller, Privilege.APPEND_TO, entity)
        master = {wanted.master}
        if store.visible_ids(caller, Privilege.APPEND_TO, entity, master) != master:
            what = f"{Privilege.APPEND_TO} on this record of {entity.logical_name}"
            raise AccessDenied(what, caller=caller)
    return rows


def _require_mergeable(
    service: RecordService, entity: EntityDefinition, rows: list[StoredRow]
) -> None:
    label = entity.display_name
    waiting = service.catalog.awaited_statuses(entity.logical_name)
    if any(row.values[STATUS] in waiting for row in rows):
        raise ValidationFailed([Problem(STATUS, "merge_waiting", label)])
    ids = [row.id for row in rows]
    if merged_among(service.unit, ids):
        raise ValidationFailed([Problem(STATUS, "merged_already", label)])
    holds.require_none(service.unit, entity, ids)


def _take(
    service: RecordService, caller: Caller, entity: EntityDefinition, wanted: Merging
) -> None:
    """By the way of every change, with all its rights and rules; the values are the platform's."""
    if not wanted.taken:
        return
    allowed = {attribute.logical_name for attribute in choosable(service, entity)}
    label = entity.display_name
    wrong = [Problem(name, "read_only", label) for name in sorted(wanted.taken - allowed)]
    if wrong:
        raise ValidationFailed(wrong)
    reader = Caller.system("merging two records")
    name, columns = entity.logical_name, tuple(sorted(wanted.taken))
    found = service.retrieve(reader, name, wanted.other, columns=columns)
    values = {column: found[column] for column in columns}
    lost = [column for column, value in values.items() if value is SHREDDED]
    if lost:
        labels = [(one, entity.attributes[one].display_name) for one in lost]
        raise ValidationFailed([Problem(one, "merge_lost", label) for one, label in labels])
    change = Change(wanted.master, values, wanted.versions.get(wanted.master))
    service.update_multiple(caller, name, [change])


def _end(
    service: RecordService,
    caller: Caller,
    entity: EntityDefinition,
    wanted: Merging,
    *,
    on: datetime,
) -> None:
    """The platform's own act: no rule of transitions holds it up, and no mail goes out for it."""
    system = replace(Caller.system("ending a merged record"), request_id=caller.request_id)
    batch = [Change(wanted.other, {})]
    rows = locked_rows(service.unit.store, system, Privilege.WRITE, entity=entity, batch=batch)
    change: dict[str, Any] = {"statecode": 1, STATUS: _end_status(service, entity)}
    writing.update(service.unit, entity, [(row, change) for row in rows], by=caller.id, on=on)


def _end_status(service: RecordService, entity: EntityDefinition) -> int:
    """As a rule states; the first inactive one. Publishing saw to it that there is one."""
    rules = service.catalog.duplicate_rules_of(entity.logical_name)
    stated = [rule.merged_status for rule in rules if rule.merged_status is not None]
    options = entity.attributes[STATUS].options
    inactive = [one.value for one in options.options if one.state] if options else []
    return [*stated, *inactive][0]


def _point(
    service: RecordService,
    caller: Caller,
    entity: EntityDefinition,
    wanted: Merging,
    *,
    on: datetime,
) -> None:
    """From the other to its master; what was merged into the other before points there too."""
    write, candidate = service.transaction.write, DuplicateCandidate
    into_other = MergedRecord.master_id == wanted.other
    write(update(MergedRecord).where(into_other).values(master_id=wanted.master))
    row = {"record_id": wanted.other, "master_id": wanted.master, "merged_by": caller.id}
    entry = row | {"entity": entity.logical_name, "merged_on": on}
    write(insert(MergedRecord), entry)
    with_other = or_(candidate.first_id == wanted.other, candidate.second_id == wanted.other)
    write(delete(DuplicateCandidate).where(with_other))


def _audit(
    service: RecordService, caller: Caller, entity: EntityDefinition, wanted: Merging
) -> None:
    """On both: of the master what it took, of the other where it went."""
    told: list[tuple[UUID, dict[str, object]]] = [
        (wanted.master, {"merged": wanted.other.hex, "attributes": sorted(wanted.taken)}),
        (wanted.other, {"master": wanted.master.hex, "attributes": ["statecode", STATUS]}),
    ]
    for record_id, details in told:
        act = Act(action="merge", entity=entity.logical_name, record_id=record_id, details=details)
        service.unit.auditing.act(caller, act)

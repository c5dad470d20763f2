"""Likely duplicates as a person is told of them: while a record is entered, and of one that was
merged. Which there are, and which the caller may know of, is decided by `models/records/matching`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request
from sqlalchemy import select

from admin_views.language import language, local_time
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import EntityDefinition
from models.metadata.query import Query
from models.records.matching import finding
from models.records.matching.finding import Likeness
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.matching import MergedRecord


@dataclass(frozen=True, slots=True)
class Told:
    """A record by what it is told by."""

    id: UUID
    name: str
    number: str
    created: str


@dataclass(frozen=True, slots=True)
class Likely:
    rule: str
    records: tuple[Told, ...]
    more: bool
    """Whether there are others that are not told."""


@dataclass(frozen=True, slots=True)
class Master:
    """What a record was merged into; without an id where the caller may not read it."""

    id: UUID | None
    name: str = ""


def like_new(entity: EntityDefinition, values: Mapping[str, object]) -> list[Likely]:
    """What the record to be created is like, unless the person has seen all of it already."""
    caller, name = signed_in(), entity.logical_name
    return _unseen(entity, lambda s: finding.like_new(s, caller, name, values))


def like_changed(
    entity: EntityDefinition, record_id: UUID, values: Mapping[str, object]
) -> list[Likely]:
    """What the record would be like once it is changed."""
    caller, name = signed_in(), entity.logical_name
    if not values:
        return []
    return _unseen(
        entity, lambda s: finding.like_changed(s, caller, name, record_id, values=values)
    )


def are_looked_for(entity: EntityDefinition) -> bool:
    """Whether the caller may know of likely duplicates at all."""
    return bool(finding.askable(engine().catalog, signed_in(), entity))


def told(entity: EntityDefinition, record: Mapping[str, object]) -> Told:
    numbers = [one.logical_name for one in entity.by_type.get("AutoNumber", ())]
    created = record.get("createdon")
    return Told(
        UUID(str(record["id"])),
        str(record.get(entity.primary_name) or ""),
        "・".join(str(found) for name in numbers if (found := record.get(name))),
        local_time(created) if isinstance(created, datetime) else "",
    )


def master_of(entity: EntityDefinition, record_id: UUID) -> Master | None:
    """What the record was merged into; None if it was not."""
    caller = signed_in()
    if not engine().catalog.duplicate_rules_of(entity.logical_name):
        return None
    return engine().run(lambda service: _master_of(service, caller, entity, record_id))


def _master_of(
    service: RecordService, caller: Caller, entity: EntityDefinition, record_id: UUID
) -> Master | None:
    statement = select(MergedRecord.master_id).where(MergedRecord.record_id == record_id)
    master = service.transaction.read(statement).scalar()
    if master is None:
        return None
    columns = (entity.primary_name,) if entity.primary_name else ()
    query = Query(entity=entity.logical_name, columns=columns, ids=(master,))
    found = service.retrieve_multiple(caller, query).records
    return Master(master, str(found[0].get(entity.primary_name) or "")) if found else Master(None)


def _unseen(
    entity: EntityDefinition, ask: Callable[[RecordService], Sequence[Likeness]]
) -> list[Likely]:
    """What was found, if there is a record in it that the person was not shown yet."""
    found = [_likely(entity, one) for one in engine().run(ask)]
    seen = set(request.form.get("seen", "").split(","))
    shown = {record.id.hex for one in found for record in one.records}
    return found if shown - seen else []


def _likely(entity: EntityDefinition, found: Likeness) -> Likely:
    records = found.records[: finding.MOST_TOLD]
    return Likely(
        found.rule.display_name.text(language()),
        tuple(told(entity, record) for record in records),
        len(found.records) > len(records),
    )

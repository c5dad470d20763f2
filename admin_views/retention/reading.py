"""How retention stands, rule by rule; erasures with what became of their records; holds.

Numbers are of all records; a record itself is shown to those only who may read it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from admin_views.records.naming import linked_names
from jobs.retention.lateness import is_late, last_run, unsettled
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import RecordNotFound
from models.metadata.query import Order, Query
from models.metadata.retention import RetentionRule
from models.records.erasing import due, holds
from models.records.erasing.due import Standing, all_standing
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.contracts import today
from models.tables.retention import OPEN, UNPROVED, Erasure, ErasureRecord, LegalHold

TABLE, HOLDS = Erasure.__table__, LegalHold.__table__
MOST, MOST_RECORDS = 100, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    rules: list[Standing]
    open: list[Any]
    done: list[Any]
    holds: list[Any]
    last_run: datetime | None
    is_late: bool
    """The nightly job did not run."""
    unproved: int
    """Erasures whose proof failed, and nobody said what was done about it."""

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An erasure; `names` are of those of its records that the caller may read."""

    row: Any
    counts: Counter[str]
    names: dict[UUID, str]
    stated: dict[str, Any]
    certificate: dict[str, Any]

    @property
    def is_open(self) -> bool:
        return self.row.state in OPEN

    @property
    def is_unsettled(self) -> bool:
        """Its proof failed, and nobody said yet what was done about it."""
        return self.row.state == UNPROVED and self.row.settled_on is None


def overview(service: RecordService) -> Overview:
    read = service.transaction.read
    newest = TABLE.c.proposed_on.desc()
    done = select(TABLE).where(TABLE.c.state.not_in(OPEN)).order_by(newest).limit(MOST)
    return Overview(
        rules=all_standing(service),
        open=list(read(select(TABLE).where(TABLE.c.state.in_(OPEN)).order_by(newest))),
        done=list(read(done)),
        holds=list(
            read(select(HOLDS).where(holds.standing()).order_by(HOLDS.c.placed_on).limit(MOST))
        ),
        last_run=last_run(service),
        is_late=is_late(service),
        unproved=read(unsettled()).scalar_one(),
    )


def read_erasure(service: RecordService, caller: Caller, identifier: UUID) -> Shown:
    """Raises RecordNotFound."""
    row = service.transaction.read(select(TABLE).where(TABLE.c.id == identifier)).first()
    if row is None:
        raise RecordNotFound("erasure")
    of_this = ErasureRecord.erasure_id == identifier
    counted = select(ErasureRecord.outcome, func.count()).where(of_this)
    grouped = counted.group_by(ErasureRecord.outcome)
    rows: Sequence[Any] = service.transaction.read(grouped).all()
    counts = {row[0]: row[1] for row in rows}
    ids = select(ErasureRecord.record_id).where(of_this).order_by(ErasureRecord.record_id)
    first = list(service.transaction.read(ids.limit(MOST_RECORDS)).scalars())
    return Shown(
        row=row,
        counts=Counter(counts),
        names=linked_names(service, caller, targets=(row.entity,), ids=tuple(first))
        if first
        else {},
        stated=json.loads(row.stated),
        certificate=json.loads(row.certificate) if row.certificate else {},
    )


@dataclass(frozen=True, slots=True)
class Coming:
    id: UUID
    name: str
    due_on: date
    is_held: bool


def coming(service: RecordService, caller: Caller, rule: RetentionRule) -> list[Coming]:
    """Records that are due or will be within thirty days, the first ones first. Raises
    AccessDenied where the caller may not read any of the entity."""
    entity = service.catalog.entity(rule.entity)
    attribute = entity.attributes[rule.counted_from]
    query = Query(
        entity=rule.entity,
        columns=(entity.primary_name or rule.counted_from, rule.counted_from),
        filter=rule.due(attribute, today() + due.AHEAD),
        order=(Order(rule.counted_from),),
        page_size=MOST_RECORDS,
    )
    records = service.retrieve_multiple(caller, query).records
    ids = [one for record in records if isinstance(one := record["id"], UUID)]
    held = holds.held_among(service.unit, entity, ids)
    return [
        Coming(
            id=record_id,
            name=str(record.get(entity.primary_name) or ""),
            due_on=rule.due_day(_day(record[rule.counted_from])),
            is_held=record_id in held,
        )
        for record_id, record in zip(ids, records, strict=True)
    ]


def _day(moment: object) -> date:
    if isinstance(moment, datetime):
        return moment.astimezone(LOCAL_ZONE).date()
    return date.fromisoformat(str(moment))


def names_of_held(service: RecordService, caller: Caller, held: Sequence[Any]) -> dict[UUID, str]:
    """Of those records that the caller may read."""
    names: dict[UUID, str] = {}
    for entity in sorted({one.entity for one in held}):
        ids = tuple(one.record_id for one in held if one.entity == entity)
        names |= linked_names(service, caller, targets=(entity,), ids=ids)
    return names


def hold_of(service: RecordService, record_id: UUID) -> Any:
    """The standing hold of a record, if there is one."""
    statement = select(HOLDS).where(HOLDS.c.record_id == record_id, holds.standing())
    return service.transaction.read(statement).first()

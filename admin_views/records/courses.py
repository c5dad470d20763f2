"""The course of a record through its business process flows: where it is, since when, and where
the caller may move it. What is moved how is decided by the record service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from admin_views.language import language, local_time
from admin_views.records.reading import Record
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.definitions import EntityDefinition, Option, OptionSet
from models.metadata.processes import ProcessDefinition
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.processes import StageMove


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: Literal["done", "current", "ahead"]


@dataclass(frozen=True, slots=True)
class Stay:
    """How long the record was in a stage; still is, where `until` is ""."""

    label: str
    since: str
    until: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    name: str
    label: str
    steps: tuple[Step, ...]
    stays: tuple[Stay, ...]
    """The oldest first."""
    moves: tuple[tuple[int, str], ...]
    """Where the caller may move it: stages and what they are called."""
    days_left: int | None
    """Fewer than none where it is overdue in its stage; None where it may wait, or is closed."""


def read_courses(
    service: RecordService, caller: Caller, entity: EntityDefinition, *, record: Record
) -> list[Course]:
    """Of a record that the caller may see."""
    found = []
    for process in service.catalog.processes_of(entity.logical_name):
        options = entity.attributes[process.attribute].options
        if options is not None:
            found.append(_course(service, caller, process, options=options, record=record))
    return found


def moves_from(
    caller: Caller, process: ProcessDefinition, options: OptionSet, *, present: int
) -> tuple[Option, ...]:
    """None where others' roles are in charge. On comes before back: it is what is done most."""
    stage = process.stages.get(present)
    if stage is not None and not stage.is_left_by(caller.roles):
        return ()
    found = [one for one in options.followers(present) if one.value != present]
    return tuple(sorted(found, key=lambda one: not process.goes_on(present, one.value)))


def _course(
    service: RecordService,
    caller: Caller,
    process: ProcessDefinition,
    *,
    options: OptionSet,
    record: Record,
) -> Course:
    found = record.get(process.attribute)
    present = found if isinstance(found, int) else process.first
    moves = _moves_of(service, process, record)
    speaks = language()
    offered = moves_from(caller, process, options, present=present)
    return Course(
        name=process.name,
        label=process.display_name.text(speaks),
        steps=_steps(process, options, present, left={move.previous for move in moves}),
        stays=_stays(options, present, began=record.get("createdon"), moves=moves),
        moves=tuple((one.value, one.label.text(speaks)) for one in offered),
        days_left=_days_left(process, present, record),
    )


def is_active(record: Record) -> bool:
    """What is closed is overdue nowhere."""
    return record.get("statecode") == 0


def days_left(process: ProcessDefinition, stage: int, since: datetime | None) -> int | None:
    """By the days of the office; None where a record may wait for any time."""
    if since is None:
        return None
    day = since.astimezone(LOCAL_ZONE).date()
    return process.days_left(stage, day, today=utc_now().astimezone(LOCAL_ZONE).date())


def _days_left(process: ProcessDefinition, stage: int, record: Record) -> int | None:
    since = record.get(process.since)
    if not is_active(record) or not isinstance(since, datetime):
        return None
    return days_left(process, stage, since)


def _moves_of(service: RecordService, process: ProcessDefinition, record: Record) -> list[Any]:
    record_id = record["id"]
    this = StageMove.record_id == record_id, StageMove.process == process.name
    order = StageMove.moved_on, StageMove.id
    statement = select(StageMove.__table__).where(*this).order_by(*order)
    return list(service.transaction.read(statement)) if isinstance(record_id, UUID) else []


def _steps(
    process: ProcessDefinition, options: OptionSet, present: int, *, left: set[int]
) -> tuple[Step, ...]:
    def state(value: int) -> Literal["done", "current", "ahead"]:
        if value == present:
            return "current"
        return "done" if value in left else "ahead"

    return tuple(Step(_label(options, value), state(value)) for value in process.stages)


def _stays(
    options: OptionSet, present: int, *, began: object, moves: Sequence[Any]
) -> tuple[Stay, ...]:
    if not isinstance(began, datetime):
        return ()
    stages = [move.previous for move in moves] + [present]
    begins = [began, *(move.moved_on for move in moves)]
    ends: list[datetime | None] = [*begins[1:], None]
    now = utc_now()
    return tuple(
        Stay(
            _label(options, stage),
            local_time(since),
            local_time(until),
            ((until or now) - since).days,
        )
        for stage, since, until in zip(stages, begins, ends, strict=True)
    )


def _label(options: OptionSet, value: int) -> str:
    option = options.option(value)
    return option.label.text(language()) if option else str(value)

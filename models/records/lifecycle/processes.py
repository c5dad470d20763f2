"""Business process flows: a record goes on from a stage when what the stage asks for is there.

Each move is kept, with when and by whom. It knows stages as values of an attribute and no page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import Problem
from models.metadata.labels import Label
from models.metadata.processes import ProcessDefinition, StageDefinition
from models.records.lifecycle import gates
from models.records.store import StoredRow
from models.records.unit import UnitOfWork
from models.security.caller import Caller
from models.tables.base import new_id, table_of
from models.tables.processes import StageMove

Values = Mapping[str, Any]


def problems_of_new(
    catalog: Catalog, caller: Caller, entity: EntityDefinition, batch: Sequence[Values]
) -> Iterator[Problem]:
    """A record begins in the first stage; the platform may bring one that is further on."""
    if caller.kind == "system":
        return
    for process in catalog.processes_of(entity.logical_name):
        attribute = entity.attributes[process.attribute]
        for position, values in enumerate(batch):
            if values[process.attribute] != process.first:
                yield _of_stage(attribute, "begins_in", process.first, position)


def problems_of_changes(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, Values]],
) -> Iterator[Problem]:
    for process in unit.catalog.processes_of(entity.logical_name):
        moves = [
            _Move(position, row, values)
            for position, (row, values) in enumerate(changes)
            if _moves(process, row, values)
        ]
        if moves:
            yield from _Gate(unit, caller, entity, process).problems(moves)


def begin(
    catalog: Catalog, entity: EntityDefinition, records: Sequence[dict[str, Any]], *, on: datetime
) -> None:
    """Write into new records since when they are in their stage. What costs the public's form
    nothing more: that they began is told by their own day."""
    for process in catalog.processes_of(entity.logical_name):
        for values in records if process.since else ():
            values[process.since] = on


def move(
    unit: UnitOfWork,
    caller: Caller,
    entity: EntityDefinition,
    changes: Sequence[tuple[StoredRow, dict[str, Any]]],
    *,
    on: datetime,
) -> None:
    """Keep each move, and write into the change since when the record is in its stage."""
    rows = []
    for process in unit.catalog.processes_of(entity.logical_name):
        for row, values in changes:
            if not _moves(process, row, values):
                continue
            if process.since:
                values[process.since] = on
            entry = {"id": new_id(), "record_id": row.id, "process": process.name}
            stages = {"stage": values[process.attribute], "previous": _stage_of(process, row)}
            rows.append(entry | stages | {"moved_on": on, "moved_by": caller.id})
    if rows:
        unit.transaction.insert(table_of(StageMove), rows)


@dataclass(frozen=True, slots=True)
class _Move:
    """A record of a batch that is to change its stage."""

    position: int
    row: StoredRow
    values: Values


@dataclass(frozen=True, slots=True)
class _Gate:
    """What holds records of one process back."""

    unit: UnitOfWork
    caller: Caller
    entity: EntityDefinition
    process: ProcessDefinition

    def problems(self, moves: Sequence[_Move]) -> Iterator[Problem]:
        for stage in self.process.stages.values():
            leaving = [m for m in moves if _stage_of(self.process, m.row) == stage.value]
            yield from self._of_others(stage, leaving)
            going_on = [move for move in leaving if self._goes_on(move, stage)]
            if stage.entity:
                yield from self._of_related(stage, going_on)
            else:
                yield from self._missing(stage, going_on)

    def _goes_on(self, move: _Move, stage: StageDefinition) -> bool:
        return self.process.goes_on(stage.value, move.values[self.process.attribute])

    def _of_others(self, stage: StageDefinition, moves: Sequence[_Move]) -> Iterator[Problem]:
        if self.caller.kind != "user" or stage.is_left_by(self.caller.roles):
            return
        for move in moves:
            yield _of_stage(self._attribute, "moved_by_others", stage.value, move.position)

    def _missing(self, stage: StageDefinition, moves: Sequence[_Move]) -> Iterator[Problem]:
        for move in moves:
            for name in stage.requires:
                if move.values.get(name, move.row.values[name]) is None:
                    asked = self.entity.attributes[name]
                    told = _of_stage(self._attribute, "needed_by_stage", stage.value)
                    yield Problem(
                        name, told.code, asked.display_name, told.parameters, move.position
                    )

    def _of_related(self, stage: StageDefinition, moves: Sequence[_Move]) -> Iterator[Problem]:
        related = self.unit.catalog.entity(stage.entity)
        through = gates.let_through(self.unit, stage, [move.row.id for move in moves])
        for move in moves:
            if move.row.id not in through:
                told = _of_stage(self._attribute, "needs_related", stage.value, move.position)
                told.parameters["record"] = related.display_name
                told.parameters["attributes"] = gates.asked(related, stage)
                yield told

    @property
    def _attribute(self) -> AttributeDefinition:
        return self.entity.attributes[self.process.attribute]


def _moves(process: ProcessDefinition, row: StoredRow, values: Values) -> bool:
    present = row.values[process.attribute]
    return bool(values.get(process.attribute, present) != present)


def _stage_of(process: ProcessDefinition, row: StoredRow) -> int:
    """A record from before there was the process is in its first stage."""
    present: int | None = row.values[process.attribute]
    return process.first if present is None else present


def _of_stage(attribute: AttributeDefinition, code: str, stage: int, position: int = 0) -> Problem:
    option = attribute.options.option(stage) if attribute.options else None
    told: dict[str, object] = {"option": option.label if option else Label(str(stage))}
    return Problem(attribute.logical_name, code, attribute.display_name, told, position)

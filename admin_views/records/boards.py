"""The board: a column for each stage, with those records first that are in it for longest.

It asks the record service as the caller; a column shows its first records, and counts all.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from admin_views.language import language, local_time
from admin_views.records.courses import days_left, is_active, moves_from
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.definitions import EntityDefinition, OptionSet
from models.metadata.processes import ProcessDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.service import RecordService
from models.records.tallying import Tally
from models.security.caller import Caller
from models.tables.base import utc_now

CARDS = 20
"""Shown of a column."""


@dataclass(frozen=True, slots=True)
class Card:
    id: UUID
    name: str
    version: object
    since: str
    days: int
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    stage: int
    label: str
    count: int
    cards: tuple[Card, ...]
    moves: tuple[tuple[int, str], ...]
    """Where the caller may move a card of this column."""


@dataclass(frozen=True, slots=True)
class Board:
    process: str
    label: str
    attribute: str
    columns: tuple[Column, ...]


def read_board(entity: EntityDefinition, process: ProcessDefinition, *, query: Query) -> Board:
    """The records of a view's query (its filter), by stage, as the caller may see them."""
    caller, speaks = signed_in(), language()
    options = entity.attributes[process.attribute].options or OptionSet("", ())
    reading = _Reading(entity, process, options, query, caller)
    columns = engine().run(reading.columns)
    return Board(process.name, process.display_name.text(speaks), process.attribute, columns)


@dataclass(frozen=True, slots=True)
class _Reading:
    entity: EntityDefinition
    process: ProcessDefinition
    options: OptionSet
    query: Query
    caller: Caller

    def columns(self, service: RecordService) -> tuple[Column, ...]:
        counted = replace(self.query, columns=(), order=())
        counts = service.tally(self.caller, Tally(query=counted, by=(self.process.attribute,)))
        return tuple(
            self._column(service, stage, int(counts.get((stage,), 0)))
            for stage in self.process.stages
        )

    def _column(self, service: RecordService, stage: int, count: int) -> Column:
        option = self.options.option(stage)
        moves = moves_from(self.caller, self.process, self.options, present=stage)
        speaks = language()
        return Column(
            stage=stage,
            label=option.label.text(speaks) if option else str(stage),
            count=count,
            cards=self._cards(service, stage) if count else (),
            moves=tuple((one.value, one.label.text(speaks)) for one in moves),
        )

    def _cards(self, service: RecordService, stage: int) -> tuple[Card, ...]:
        since = self.process.since or "createdon"
        in_stage = Condition(self.process.attribute, Operator.EQUAL, stage)
        wanted = replace(
            self.query,
            columns=(self.entity.primary_name, since, "statecode", "versionnumber"),
            filter=Filter((self.query.filter, in_stage)),
            order=(Order(since),),
            page_size=CARDS,
            count=False,
        )
        found = service.retrieve_multiple(self.caller, wanted).records
        return tuple(self._card(record, stage, record.get(since)) for record in found)

    def _card(self, record: dict[str, object], stage: int, since: object) -> Card:
        name = record.get(self.entity.primary_name)
        moment = since if isinstance(since, datetime) else None
        days = (utc_now() - moment).days if moment else 0
        return Card(
            UUID(str(record["id"])),
            "" if name is None else str(name),
            record["versionnumber"],
            local_time(moment),
            days,
            is_active(record) and (days_left(self.process, stage, moment) or 0) < 0,
        )

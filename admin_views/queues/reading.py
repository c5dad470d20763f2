"""What waits in the queues of the caller's teams, the oldest first, and what the caller took.

A record of an entity with a queue waits where a team owns it; it is read as the caller. It knows
nothing of how one is picked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy import select

from admin_views.language import language
from models.metadata.definitions import EntityDefinition
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.service import RecordService
from models.records.tallying import Tally
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.principals import Team

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    entity: str
    kind: str
    """What one such record is called."""
    id: UUID
    name: str
    since: datetime
    status: str
    url: str
    may_take: bool


@dataclass(frozen=True, slots=True)
class Queue:
    team: UUID
    name: str
    count: int
    """Of all; the first are shown."""
    waiting: tuple[Waiting, ...]

    @property
    def may_take(self) -> bool:
        return any(one.may_take for one in self.waiting)


@dataclass(frozen=True, slots=True)
class Desk:
    queues: tuple[Queue, ...]
    mine: tuple[Waiting, ...]


def queue_entities(service: RecordService, caller: Caller) -> list[EntityDefinition]:
    """Those with a queue whose records the caller may read."""
    return [
        one
        for one in service.catalog.entities.values()
        if one.has_queue and caller.has(one.logical_name, Privilege.READ)
    ]


def read_desk(service: RecordService, caller: Caller) -> Desk:
    entities = queue_entities(service, caller)
    reading = _Reading(service, caller, entities)
    queues = tuple(reading.queue(team, name) for team, name in own_teams(service, caller).items())
    return Desk(queues, reading.of_owner(caller.id) if caller.id else ())


def own_teams(service: RecordService, caller: Caller) -> dict[UUID, str]:
    """The caller's teams that can own records, by name."""
    statement = select(Team.id, Team.name).where(
        Team.id.in_(sorted(caller.teams)), ~Team.is_access_team
    )
    return {row.id: row.name for row in service.transaction.read(statement.order_by(Team.name))}


def count_waiting(service: RecordService, caller: Caller) -> int:
    """In the queues of all the caller's teams."""
    teams = Condition("ownerid", Operator.EQUAL_TEAMS)
    entities = queue_entities(service, caller)
    return sum(_count(service, caller, entity, teams) for entity in entities)


def oldest(service: RecordService, caller: Caller, team: UUID) -> Waiting | None:
    """Of those that the caller may take."""
    reading = _Reading(service, caller, queue_entities(service, caller))
    return next((one for one in reading.of_owner(team) if one.may_take), None)


@dataclass(frozen=True, slots=True)
class _Reading:
    service: RecordService
    caller: Caller
    entities: list[EntityDefinition]

    def queue(self, team: UUID, name: str) -> Queue:
        owned = Condition("ownerid", Operator.EQUAL, team)
        count = sum(_count(self.service, self.caller, one, owned) for one in self.entities)
        return Queue(team, name, count, self.of_owner(team) if count else ())

    def of_owner(self, owner: UUID) -> tuple[Waiting, ...]:
        """The oldest of all entities."""
        owned = Condition("ownerid", Operator.EQUAL, owner)
        found = [waiting for one in self.entities for waiting in self._waiting(one, owned)]
        return tuple(sorted(found, key=lambda one: one.since)[:SHOWN])

    def _waiting(self, entity: EntityDefinition, owned: Condition) -> Iterator[Waiting]:
        query = Query(
            entity=entity.logical_name,
            columns=(entity.primary_name, "createdon", "statuscode"),
            filter=_open(self.service, entity, owned),
            order=(Order("createdon"),),
            page_size=SHOWN,
        )
        may_take = self.caller.has(entity.logical_name, Privilege.ASSIGN)
        for record in self.service.retrieve_multiple(self.caller, query).records:
            record_id, since = record["id"], record["createdon"]
            if isinstance(record_id, UUID) and isinstance(since, datetime):
                yield Waiting(
                    entity=entity.logical_name,
                    kind=entity.display_name.text(language()),
                    id=record_id,
                    name=str(record.get(entity.primary_name) or ""),
                    since=since,
                    status=_status(entity, record["statuscode"]),
                    url=url_for("records.details_view", entity=entity.logical_name, id=record_id),
                    may_take=may_take,
                )


def _count(
    service: RecordService, caller: Caller, entity: EntityDefinition, owned: Condition
) -> int:
    query = Query(entity=entity.logical_name, filter=_open(service, entity, owned))
    return int(service.tally(caller, Tally(query=query)).get((), 0))


def _open(service: RecordService, entity: EntityDefinition, owned: Condition) -> Filter:
    """Without what waits for its confirmation: nothing is to be done about that."""
    is_open = Condition("statecode", Operator.EQUAL, 0)
    awaited = tuple(sorted(service.catalog.awaited_statuses(entity.logical_name)))
    waits = (Condition("statuscode", Operator.NOT_IN, awaited),) if awaited else ()
    return Filter((owned, is_open, *waits))


def _status(entity: EntityDefinition, value: object) -> str:
    options = entity.attributes["statuscode"].options
    option = options.option(value) if options and isinstance(value, int) else None
    return option.label.text(language()) if option else ""

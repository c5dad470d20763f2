"""What of a person's is due: tasks and appointments by their day, records by the term of their
stage, records of the views that a reminder names. Counted through the record service as that
person; no value is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.metadata.activities import APPOINTMENT, NOTE, activity_attribute
from models.metadata.catalog import Catalog
from models.metadata.components import ViewDefinition
from models.metadata.definitions import EntityDefinition
from models.metadata.labels import Label
from models.metadata.processes import ProcessDefinition
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.service import RecordService
from models.records.tallying import Tally
from models.security.caller import Caller
from models.security.contracts import today
from models.security.privileges import Privilege

MINE = Condition("ownerid", Operator.EQUAL_USER)
MY_TEAMS = Condition("ownerid", Operator.EQUAL_TEAMS)
OPEN = Condition("statecode", Operator.EQUAL, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How many records of one kind are due; the label says in which list they are."""

    label: Label
    overdue: int
    today: int
    of_teams: int
    """Due today or overdue, and so far in nobody's charge: a team owns them."""

    @property
    def count(self) -> int:
        return self.overdue + self.today + self.of_teams


@dataclass(frozen=True, slots=True)
class _Kind:
    label: Label
    entity: str
    overdue: Filter
    due: Filter
    """Overdue, or due today."""


def due_of(service: RecordService, caller: Caller, views: Sequence[ViewDefinition]) -> list[Due]:
    """Kinds of which there is something, for a caller who may read them."""
    found = []
    for kind in _kinds(service.catalog, views):
        if not caller.has(kind.entity, Privilege.READ):
            continue
        overdue = _count(service, caller, kind.entity, (kind.overdue, MINE))
        due = _count(service, caller, kind.entity, (kind.due, MINE))
        of_teams = _count(service, caller, kind.entity, (kind.due, MY_TEAMS))
        if due or of_teams:
            one = Due(
                label=kind.label,
                overdue=overdue,
                today=due - overdue,
                of_teams=of_teams,
            )
            found.append(one)
    return found


def _count(
    service: RecordService, caller: Caller, entity: str, parts: tuple[Filter, Condition]
) -> int:
    query = Query(entity=entity, filter=Filter(parts))
    return int(service.tally(caller, Tally(query=query)).get((), 0))


def _kinds(catalog: Catalog, views: Sequence[ViewDefinition]) -> Iterator[_Kind]:
    """Of entities that people own."""
    for entity in catalog.entities.values():
        if catalog.regarding(entity.logical_name) is not None and entity.is_user_owned:
            yield _of_activities(entity, day=today())
    for process in catalog.processes.values():
        if process.has_terms and catalog.entity(process.entity).is_user_owned:
            yield _of_stages(catalog, process)
    for view in views:
        name = catalog.entity(view.entity).display_collection_name
        label = _joined(name, view.display_name)
        yield _Kind(label, view.entity, view.query.filter, view.query.filter)


def _of_activities(entity: EntityDefinition, *, day: date) -> _Kind:
    name = entity.logical_name
    kind, due, starts = (activity_attribute(name, one) for one in ("kind", "dueon", "startson"))
    is_none = Condition(kind, Operator.NOT_EQUAL, NOTE)
    is_held = Condition(kind, Operator.EQUAL, APPOINTMENT)
    past, today = (
        Filter((is_held, Condition(starts, operator, 0)))
        for operator in (Operator.OLDER_THAN_DAYS, Operator.LAST_DAYS)
    )
    overdue = (Condition(due, Operator.LESS, day), past)
    by_today = (Condition(due, Operator.LESS_OR_EQUAL, day), past, today)
    return _Kind(
        entity.display_collection_name,
        name,
        Filter((OPEN, is_none, Filter(overdue, "or"))),
        Filter((OPEN, is_none, Filter(by_today, "or"))),
    )


def _of_stages(catalog: Catalog, process: ProcessDefinition) -> _Kind:
    label = _joined(catalog.entity(process.entity).display_collection_name, process.display_name)
    return _Kind(label, process.entity, process.overdue(), process.overdue(by=-1))


def _joined(name: Label, part: Label) -> Label:
    ja, en = (
        f"{name.text(language)}{left}{part.text(language)}{right}"
        for language, left, right in (("ja", "（", "）"), ("en", " (", ")"))
    )
    return Label(ja, en)

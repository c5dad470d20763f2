"""A contractor's month in records: what was received, how far it is, when it was answered, what
its accounts wrote down. Counted through the record service as the reader, within the contract's
data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from admin_views.reports.subject import Subject
from models.metadata.activities import activity_attribute
from models.metadata.definitions import EntityDefinition
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.service import RecordService
from models.records.tallying import Tally, Totals
from models.security.caller import Caller
from models.security.privileges import Privilege

Within = tuple[Condition, Condition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Of one entity of the contract."""

    entity: EntityDefinition
    is_open: bool
    """Whether the reader may read the records; all numbers are of those the reader reaches."""
    received: Mapping[int, int]
    """Received in the month, by their status reason of this moment."""
    answered: int | None
    """First answered in the month; None where the platform does not keep it."""
    hours: Decimal | None
    """The average time until these answers."""
    overdue: int | None
    """Longer in their stage than it allows, at this moment; None without terms."""
    activities: Mapping[int, int]
    """What accounts of the contractor wrote down in the month, by kind."""


def read_work(service: RecordService, caller: Caller, subject: Subject) -> list[Work]:
    """Not of activities, which are told with what they are about."""
    found = []
    for name in subject.scope:
        entity = service.catalog.entities.get(name)
        if entity is not None and service.catalog.regarding(name) is None:
            found.append(_Counting(service, caller, subject, entity).work())
    return found


@dataclass(frozen=True, slots=True)
class _Counting:
    service: RecordService
    caller: Caller
    subject: Subject
    entity: EntityDefinition

    def work(self) -> Work:
        is_open = self.caller.has(self.entity.logical_name, Privilege.READ)
        return Work(
            entity=self.entity,
            is_open=is_open,
            received=self._received() if is_open else {},
            answered=self._answered() if is_open else None,
            hours=self._hours() if is_open else None,
            overdue=self._overdue() if is_open else None,
            activities=self._activities(),
        )

    def _received(self) -> dict[int, int]:
        """Without what waits for its confirmation: nobody has received that yet."""
        asked = Filter((*self._of_contract(), *self._within("createdon"), *self._confirmed()))
        return _by_option(self._tally(asked, by=("statuscode",)))

    def _answered(self) -> int | None:
        answered = self.entity.answered
        if answered is None:
            return None
        asked = Filter((*self._of_contract(), *self._within(answered.at)))
        return int(self._tally(asked).get((), 0))

    def _hours(self) -> Decimal | None:
        answered = self.entity.answered
        if answered is None or not answered.hours:
            return None
        asked = Filter((*self._of_contract(), *self._within(answered.at)))
        found = self._tally(asked, average_of=answered.hours).get(())
        return None if found is None else Decimal(found)

    def _overdue(self) -> int | None:
        name = self.entity.logical_name
        terms = [one for one in self.service.catalog.processes_of(name) if one.has_terms]
        if not terms:
            return None
        late = Filter(tuple(one.overdue() for one in terms), "or")
        return int(self._tally(Filter((*self._of_contract(), late))).get((), 0))

    def _activities(self) -> dict[int, int]:
        name = self.entity.activity_entity
        if not name or not self.caller.has(name, Privilege.READ):
            return {}
        by = Condition("createdby", Operator.IN, self.subject.account_ids)
        query = Query(entity=name, filter=Filter((by, *self._within("createdon"))))
        kind = activity_attribute(name, "kind")
        return _by_option(self.service.tally(self.caller, Tally(query=query, by=(kind,))))

    def _tally(self, asked: Filter, *, by: tuple[str, ...] = (), average_of: str = "") -> Totals:
        query = Query(entity=self.entity.logical_name, filter=asked)
        tally = Tally(query=query, by=by, average_of=average_of)
        return self.service.tally(self.caller, tally)

    def _of_contract(self) -> Iterator[Condition]:
        limits = self.subject.scope[self.entity.logical_name]
        for name, values in limits.items():
            yield Condition(name, Operator.IN, tuple(sorted(values)))

    def _confirmed(self) -> Iterator[Condition]:
        awaited = self.service.catalog.awaited_statuses(self.entity.logical_name)
        if awaited:
            yield Condition("statuscode", Operator.NOT_IN, tuple(sorted(awaited)))

    def _within(self, moment: str) -> Within:
        month = self.subject.month
        return (
            Condition(moment, Operator.GREATER_OR_EQUAL, month.begins),
            Condition(moment, Operator.LESS, month.ends),
        )


def _by_option(totals: Totals) -> dict[int, int]:
    return {key[0]: int(count) for key, count in totals.items() if isinstance(key[0], int)}

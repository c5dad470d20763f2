"""Retention rules as data: how long records are kept, counted from which day, and what then.

Days are the office's. How they are counted is the Civil Code's (民法140条・143条): the day of the
event does not count; a period of months or years ends the day before the day that corresponds to
its first, or with the last day of its month where that month has no such day.
"""

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.definitions import AttributeDefinition
from models.metadata.labels import Label
from models.metadata.query import Condition, Filter, Operator

FIRST_MONTH = 4
"""The fiscal year (会計年度) begins on 1 April."""
INACTIVE = 1
"""The state of a record that is over."""
LONGEST_SLACK = 400
"""Days by which the fiscal year and the ends of months may put off the end."""


class Action(StrEnum):
    ERASE = "erase"
    ANONYMISE = "anonymise"


@dataclass(frozen=True, slots=True)
class Period:
    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, first: date) -> date:
        """The day after the last one of a period whose first day is that."""
        months = first.year * 12 + first.month - 1 + self.years * 12 + self.months
        year, month = divmod(months, 12)
        if first.day > monthrange(year, month + 1)[1]:
            year, month = divmod(months + 1, 12)
            corresponding = date(year, month + 1, 1)
        else:
            corresponding = date(year, month + 1, first.day)
        return corresponding + timedelta(days=self.days)

    @property
    def longest(self) -> int:
        """Days that it has at most."""
        return self.years * 366 + self.months * 31 + self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    name: str
    entity: str
    display_name: Label
    keep: Period
    counted_from: str
    """The DateTime from whose day it is counted."""
    entered: tuple[int, ...] = ()
    """Status reasons: the platform writes into `counted_from` when a record came into one of
    them, and nothing once it has left them."""
    fiscal_year: bool = False
    """Counted from 1 April after that day."""
    filter: Filter = Filter()
    """Which records it is about."""
    action: Action = Action.ERASE
    clears: tuple[str, ...] = ()
    """What else is emptied of an anonymised record, beside all that is sealed."""
    approval: bool = False
    """A person has to approve before anything is erased."""
    within_days: int = 30
    """Days after the due day; whatever is there for longer is overdue."""

    def due_day(self, start: date) -> date:
        """The first day on which a record is not kept any more."""
        if self.fiscal_year:
            year = start.year if start.month < FIRST_MONTH else start.year + 1
            return self.keep.after(date(year, FIRST_MONTH, 1))
        return self.keep.after(start + timedelta(days=1))

    def last_start(self, on: date) -> date:
        """The latest day from which counting has ended: records of it are due on that day."""
        earliest = max(1, on.toordinal() - self.keep.longest - LONGEST_SLACK)
        days = range(earliest, on.toordinal())
        place = bisect_right(days, on, key=lambda day: self.due_day(date.fromordinal(day)))
        return date.fromordinal(earliest + place - 1)

    def due(self, attribute: AttributeDefinition, on: date) -> Filter:
        """Which records are due on that day."""
        after = self.last_start(on) + timedelta(days=1)
        before: date | datetime = after
        if attribute.behaviour != "date_only":
            before = datetime(after.year, after.month, after.day, tzinfo=LOCAL_ZONE)
        return Filter((self.filter, Condition(self.counted_from, Operator.LESS, before)))

    @property
    def undated(self) -> Filter:
        """Records that are over and have no day from which to count: of those statuses they came
        into one before the rule was there; else nobody entered it, and they would never be due."""
        is_over = Condition("statecode", Operator.EQUAL, INACTIVE)
        if self.entered:
            is_over = Condition("statuscode", Operator.IN, self.entered)
        return Filter((self.filter, is_over, Condition(self.counted_from, Operator.NULL)))

"""Conditions counted from today: the last days, the next ones, and those longer ago.

Days are those of the office's time zone, whatever zone a moment is kept in.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import MOST_DAYS, Condition, Operator
from models.tables.base import utc_now


def relative_clause(
    column: Any, attribute: AttributeDefinition, condition: Condition
) -> ColumnElement[bool]:
    """DefinitionError for what is no DateTime, or no number of days."""
    days = condition.value
    if attribute.type != "DateTime":
        raise DefinitionError(f"{attribute.logical_name} is no day")
    if isinstance(days, bool) or not isinstance(days, int) or days not in MOST_DAYS:
        raise DefinitionError(f"{condition.operator} on {attribute.logical_name} takes days")
    today = utc_now().astimezone(LOCAL_ZONE).date()
    first, last = _days(condition.operator, today, timedelta(days=days))
    bounds = [column < _begin(attribute, last + timedelta(days=1))]
    if first is not None:
        bounds.append(column >= _begin(attribute, first))
    return and_(*bounds)


def _days(operator: Operator, today: date, distance: timedelta) -> tuple[date | None, date]:
    """The first day (None: from the beginning of time) and the last one, both included."""
    if operator is Operator.LAST_DAYS:
        return today - distance, today
    if operator is Operator.NEXT_DAYS:
        return today, today + distance
    return None, today - distance - timedelta(days=1)


def _begin(attribute: AttributeDefinition, day: date) -> date | datetime:
    """As the column keeps it."""
    if attribute.behaviour == "date_only":
        return day
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE)

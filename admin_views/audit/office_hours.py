"""When the office is at work: Monday to Friday, from 8:00 to 18:00 by its clock. Public holidays
are days like others: nobody told us of them.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, not_, or_

from models.metadata.attribute_types import LOCAL_ZONE

FIRST_HOUR, LAST_HOUR = 8, 18
MONDAY = datetime(2026, 1, 5, tzinfo=LOCAL_ZONE)
"""Any Monday: the office's zone knows no summer time."""
WORKDAYS = range(5)


def is_outside(moment: Any) -> ColumnElement[bool]:
    """Whether the time in that column, kept as UTC, is outside of them."""
    hour, day = extract("hour", moment), extract("dow", moment)
    within = [and_(day == on, hour.between(min(hours), max(hours))) for on, hours in _in_utc()]
    return not_(or_(*within))


def _in_utc() -> list[tuple[int, list[int]]]:
    """Runs of hours by the day of the week as databases count it, Sunday being 0."""
    runs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for workday in WORKDAYS:
        for hour in range(FIRST_HOUR, LAST_HOUR):
            local = MONDAY + timedelta(days=workday, hours=hour)
            utc = (local - (local.utcoffset() or timedelta())).replace(tzinfo=None)
            runs[workday, utc.isoweekday() % 7].append(utc.hour)
    return [(day, hours) for (_, day), hours in runs.items()]

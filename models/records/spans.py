"""Days, weeks and months as the office's calendar has them: weeks begin on Monday, and a day where
the reader is, in Japan. It knows no record and no database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.dashboards import Span
from models.metadata.definitions import AttributeDefinition


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of a DateTime attribute, each from one of `edges` to the day before the next."""

    attribute: str
    edges: tuple[date, ...]

    @property
    def first_days(self) -> tuple[date, ...]:
        return self.edges[:-1]

    @property
    def whole(self) -> "Spans":
        """One span from the first to the last."""
        return Spans(self.attribute, (self.edges[0], self.edges[-1]))


def last_spans(attribute: str, each: Span, *, last: int, today: date) -> Spans:
    """So many spans, of which the last is that of `today`."""
    edges = [after(begin_of(today, each), each)]
    while len(edges) <= last:
        edges.append(begin_of(edges[-1] - timedelta(days=1), each))
    return Spans(attribute, tuple(reversed(edges)))


def begin_of(day: date, each: Span) -> date:
    """The first day of the span that a day belongs to."""
    if each is Span.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if each is Span.WEEK else day


def after(begin: date, each: Span) -> date:
    """The first day of the next span."""
    if each is Span.MONTH:
        return (begin + timedelta(days=31)).replace(day=1)
    return begin + timedelta(days=7 if each is Span.WEEK else 1)


def beginnings(spans: Spans, attribute: AttributeDefinition) -> list[date | datetime]:
    """The edges as the attribute's own values: days, or the moments at which they begin in Japan;
    of a UTC attribute, there."""
    return list(_beginnings(spans, attribute))


def _beginnings(spans: Spans, attribute: AttributeDefinition) -> Iterator[date | datetime]:
    zone = UTC if attribute.behaviour == "utc" else LOCAL_ZONE
    for day in spans.edges:
        if attribute.behaviour == "date_only":
            yield day
        else:
            yield datetime(day.year, day.month, day.day, tzinfo=zone)

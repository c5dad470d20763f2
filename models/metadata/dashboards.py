"""Charts and dashboards as data: what is counted or added up, by what, and which charts stand
together.

They say what is asked of the records; how it is asked, drawn and laid out they do not know.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.metadata.components import ViewDefinition
from models.metadata.definitions import SYSTEM_ATTRIBUTES_OF_OWNERS, EntityDefinition
from models.metadata.labels import Label
from models.metadata.query import Filter

OPTIONAL = frozenset({"Picklist", "Status", "State", "Boolean"})
"""Attribute types with a few values, each of which is a bar or a part of one."""
ADDED = frozenset({"Integer", "Decimal", "Money"})
INDEXED = OPTIONAL | ADDED | {"DateTime", "Lookup"}
"""What an index may hold: values that are never long."""
MOST_PARTS = 12
"""Of a bar: more cannot be told apart."""
MOST_SPANS = 120


class ChartKind(StrEnum):
    BAR = "bar"
    LINE = "line"
    NUMBER = "number"


class Span(StrEnum):
    """How long one bar of a time axis is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def usual(self) -> int:
        """How many a chart shows that does not say."""
        return {Span.DAY: 31, Span.WEEK: 26, Span.MONTH: 13}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDefinition:
    name: str
    entity: str
    display_name: Label
    view: str = ""
    """The saved view whose filter says which records; none: all that the reader may see."""
    kind: ChartKind = ChartKind.BAR
    by: str = ""
    each: Span | None = None
    last: int = 0
    """So many days, weeks or months, the present one among them."""
    stacked_by: str = ""
    total_of: str = ""
    """The attribute that is added up; none: records are counted."""
    average_of: str = ""
    """The attribute whose average is shown, over the records that have a value of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardDefinition:
    name: str
    display_name: Label
    charts: tuple[str, ...]
    order: int = 0


def index_of(
    chart: ChartDefinition, entity: EntityDefinition, view: ViewDefinition | None
) -> tuple[str, ...]:
    """The attributes whose index answers the chart without a look at the records themselves:
    what it groups by first, then all that it asks, and whose the records are."""
    totals = (chart.total_of, chart.average_of)
    asked = (chart.by, chart.stacked_by, *_asked(view), *totals)
    found = [name for name in asked if fits_an_index(entity, name)]
    owners = SYSTEM_ATTRIBUTES_OF_OWNERS if entity.is_user_owned else ()
    return tuple(dict.fromkeys((*found, *reversed(owners))))


def _asked(view: ViewDefinition | None) -> Iterator[str]:
    if view is not None:
        yield from _named(view.query.filter)


def _named(part: Filter) -> Iterator[str]:
    for one in part.parts:
        if isinstance(one, Filter):
            yield from _named(one)
        else:
            yield one.attribute


def fits_an_index(entity: EntityDefinition, name: str) -> bool:
    """Whether there is such a column, of values that are never long."""
    attribute = entity.attributes.get(name)
    is_there = attribute is not None and not (attribute.sealed or attribute.is_volatile)
    return is_there and attribute is not None and attribute.type in INDEXED

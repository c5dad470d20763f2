"""A chart's numbers, by the values of its axis and the parts of its bars; and where the list of
the records behind a number is.

It asks the record service as the caller. How the numbers are drawn it does not know.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from admin_views.dashboards.axes import THE_ONLY, Value, of_options, of_time
from admin_views.dashboards.listed import Key, ListedBy, listed_by
from admin_views.dashboards.wording import about, head_of_axis, head_of_numbers
from admin_views.language import language
from models.metadata.catalog import Catalog
from models.metadata.dashboards import ChartDefinition
from models.metadata.query import Query
from models.records.service import RecordService
from models.records.spans import Spans, last_spans
from models.records.tallying import Tally, Totals, may_tally
from models.security.caller import Caller

Number = int | Decimal
NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    chart: ChartDefinition
    title: str
    about: list[str]
    axis: str
    measure: str
    values: tuple[Value, ...]
    parts: tuple[Value, ...]
    numbers: tuple[tuple[Number, ...], ...]
    """By value and part."""
    averaged: frozenset[object] = frozenset()
    """The values of the axis that have an average at all."""
    average: Number | None = None
    """Of all that is shown, of an average; None where nothing has a value."""
    listed: ListedBy | None = None
    """How the caller's list of these records can be narrowed; None where it cannot."""

    @property
    def is_stacked(self) -> bool:
        return bool(self.chart.stacked_by)

    @property
    def is_average(self) -> bool:
        return bool(self.chart.average_of)

    @property
    def by_value(self) -> list[Number]:
        return [sum(row) for row in self.numbers]

    @property
    def by_part(self) -> list[Number]:
        return [sum(column) for column in zip(*self.numbers, strict=True)]

    @property
    def total(self) -> Number:
        return sum(self.by_value)

    def told(self, value: Value, number: Number) -> str:
        """A number beside its bar; where nothing has a value to be averaged, none."""
        return NOTHING if self.is_average and value.key not in self.averaged else f"{number:,}"

    def link(self, value: Value, part: Value) -> str:
        """The list of these records; "" where no list can be narrowed to them."""
        key = _key(self.chart, value, part)
        return self.listed.url(key) if self.listed and None not in key else ""


def read_figures(
    service: RecordService, caller: Caller, charts: Iterable[ChartDefinition], *, today: date
) -> list[Figure]:
    """Of the charts that the caller may ask; one statement each."""
    catalog, found = service.catalog, []
    for chart in charts:
        asked = tally_of(catalog, chart, today=today)
        if may_tally(catalog, caller, asked):
            totals = service.tally(caller, asked)
            listed = listed_by(catalog, caller, chart)
            figure = _figure(catalog, chart, asked=asked, totals=totals, listed=listed)
            found.append(replace(figure, average=_average(service, caller, asked)))
    return found


def _average(service: RecordService, caller: Caller, asked: Tally) -> Number | None:
    """Of all that a chart shows: the averages of its parts do not add up to it."""
    if not asked.average_of:
        return None
    by = tuple(one.whole for one in asked.by if isinstance(one, Spans))
    whole = Tally(query=asked.query, by=by, average_of=asked.average_of)
    return next(iter(service.tally(caller, whole).values()), None)


def tally_of(catalog: Catalog, chart: ChartDefinition, *, today: date) -> Tally:
    query = Query(entity=chart.entity)
    if chart.view:
        query = replace(catalog.views[chart.view].query, columns=(), order=())
    by: list[str | Spans] = [name for name in (chart.by, chart.stacked_by) if name]
    if chart.each:
        by[0] = last_spans(chart.by, chart.each, last=chart.last, today=today)
    measured = {"total_of": chart.total_of, "average_of": chart.average_of}
    return Tally(query=query, by=tuple(by), **measured)


def _figure(
    catalog: Catalog,
    chart: ChartDefinition,
    *,
    asked: Tally,
    totals: Totals,
    listed: ListedBy | None,
) -> Figure:
    entity = catalog.entity(chart.entity)
    values, parts = _values(catalog, chart, asked, totals), _parts(catalog, chart, totals)
    return Figure(
        chart=chart,
        title=chart.display_name.text(language()),
        about=about(catalog, chart),
        axis=head_of_axis(entity, chart),
        measure=head_of_numbers(entity, chart),
        values=values,
        parts=parts,
        numbers=tuple(
            tuple(totals.get(_key(chart, value, part), 0) for part in parts) for value in values
        ),
        averaged=frozenset(key[0] for key in totals if key) if chart.average_of else frozenset(),
        listed=listed,
    )


def _values(
    catalog: Catalog, chart: ChartDefinition, asked: Tally, totals: Totals
) -> tuple[Value, ...]:
    if not asked.by:
        return THE_ONLY
    first = asked.by[0]
    if isinstance(first, Spans):
        return of_time(first.first_days, chart.each)
    attribute = catalog.entity(chart.entity).attributes[first]
    return of_options(attribute, {key[0] for key in totals})


def _parts(catalog: Catalog, chart: ChartDefinition, totals: Totals) -> tuple[Value, ...]:
    if not chart.stacked_by:
        return THE_ONLY
    attribute = catalog.entity(chart.entity).attributes[chart.stacked_by]
    return of_options(attribute, {key[1] for key in totals})


def _key(chart: ChartDefinition, value: Value, part: Value) -> Key:
    found = (value.key,) if chart.by else ()
    return (*found, part.key) if chart.stacked_by else found

"""Charts and dashboards from what was stated."""

from models.metadata.dashboards import (
    MOST_SPANS,
    ChartDefinition,
    ChartKind,
    DashboardDefinition,
    Span,
)
from models.metadata.errors import DefinitionError
from models.metadata.parsing.stated import Stated


def parse_chart(name: str, stated: Stated) -> ChartDefinition:
    each = _span(stated)
    chart = ChartDefinition(
        name=name,
        entity=stated.text("entity"),
        display_name=stated.label("display_name"),
        view=stated.text("view", ""),
        kind=stated.choice("kind", ChartKind, ChartKind.BAR),
        by=stated.text("by", ""),
        each=each,
        last=_last(stated, each),
        stacked_by=stated.text("stacked_by", ""),
        total_of=stated.text("total_of", ""),
        average_of=stated.text("average_of", ""),
    )
    stated.finish()
    _check_kind(chart, stated.where)
    if chart.average_of and (chart.total_of or chart.stacked_by):
        message = "an average has neither total_of nor stacked_by"
        raise DefinitionError(message, where=stated.where)
    return chart


def parse_dashboard(name: str, stated: Stated) -> DashboardDefinition:
    dashboard = DashboardDefinition(
        name=name,
        display_name=stated.label("display_name"),
        charts=stated.texts("charts"),
        order=stated.integer("order", 0),
    )
    stated.finish()
    if not dashboard.charts:
        raise DefinitionError("a dashboard has charts", where=stated.where)
    return dashboard


def _span(stated: Stated) -> Span | None:
    return None if stated.value("each", None) is None else stated.choice("each", Span, Span.DAY)


def _last(stated: Stated, each: Span | None) -> int:
    """Only of time; elsewhere nobody asks for it, so that it is refused."""
    return stated.integer("last", each.usual, among=range(1, MOST_SPANS + 1)) if each else 0


def _check_kind(chart: ChartDefinition, where: str) -> None:
    """A number stands alone; bars are of something; a line goes on through time."""
    if chart.kind is ChartKind.NUMBER:
        if chart.by or chart.each or chart.stacked_by:
            raise DefinitionError("a number has no by, each or stacked_by", where=where)
    elif not chart.by:
        raise DefinitionError(f"'by' is missing: a {chart.kind} is of something", where=where)
    if chart.kind is ChartKind.LINE and (not chart.each or chart.stacked_by):
        raise DefinitionError("a line has each, and no stacked_by", where=where)

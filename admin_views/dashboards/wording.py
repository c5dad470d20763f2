"""What is said around a chart: which records it is about, and the heads of its table."""

from flask_babel import gettext

from admin_views.language import language
from models.metadata.catalog import Catalog
from models.metadata.dashboards import ChartDefinition, Span
from models.metadata.definitions import EntityDefinition


def about(catalog: Catalog, chart: ChartDefinition) -> list[str]:
    """Which records, and of which time."""
    name = catalog.entity(chart.entity).display_collection_name
    which = catalog.views[chart.view].display_name if chart.view else name
    return [which.text(language()), *([_time(chart.each, chart.last)] if chart.each else [])]


def head_of_axis(entity: EntityDefinition, chart: ChartDefinition) -> str:
    if chart.each:
        heads = {
            Span.DAY: gettext("Day"),
            Span.WEEK: gettext("Week from Monday"),
            Span.MONTH: gettext("Calendar month"),
        }
        return heads[chart.each]
    return entity.attributes[chart.by].display_name.text(language()) if chart.by else ""


def head_of_numbers(entity: EntityDefinition, chart: ChartDefinition) -> str:
    if not (chart.total_of or chart.average_of):
        return gettext("Number of records")
    measured = chart.total_of or chart.average_of
    name = entity.attributes[measured].display_name.text(language())
    if chart.average_of:
        return gettext("Average of %(attribute)s", attribute=name)
    return gettext("Total of %(attribute)s", attribute=name)


def _time(each: Span, last: int) -> str:
    said = {
        Span.DAY: gettext("last %(count)s days", count=last),
        Span.WEEK: gettext("last %(count)s weeks, this one so far", count=last),
        Span.MONTH: gettext("last %(count)s months, this one so far", count=last),
    }
    return said[each]

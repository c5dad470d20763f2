"""Do charts and dashboards fit the rest? What they count by must be there, and be countable."""

from models.metadata.catalog import Catalog
from models.metadata.dashboards import ADDED, MOST_PARTS, OPTIONAL, ChartDefinition
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity


def check_dashboards(catalog: Catalog) -> None:
    """Raise DefinitionError at the first chart that could not be drawn."""
    for chart in catalog.charts.values():
        where = f"chart {chart.name}"
        entity = known_entity(catalog, chart.entity, where)
        _check_view(catalog, chart, where)
        _check_by(entity, chart, where)
        _check_parts(entity, chart, where)
        if chart.total_of and _plain(entity, chart.total_of, where).type not in ADDED:
            raise DefinitionError(f"{chart.total_of} is no number to add up", where=where)
        if chart.average_of and _plain(entity, chart.average_of, where).type not in ADDED:
            raise DefinitionError(f"{chart.average_of} is no number", where=where)
    for dashboard in catalog.dashboards.values():
        for name in dashboard.charts:
            if name not in catalog.charts:
                where = f"dashboard {dashboard.name}"
                raise DefinitionError(f"there is no chart {name!r}", where=where)


def _check_view(catalog: Catalog, chart: ChartDefinition, where: str) -> None:
    if not chart.view:
        return
    view = catalog.views.get(chart.view)
    if view is None or view.entity != chart.entity:
        message = f"there is no view {chart.view!r} of {chart.entity}"
        raise DefinitionError(message, where=where)


def _check_by(entity: EntityDefinition, chart: ChartDefinition, where: str) -> None:
    if not chart.by:
        return
    attribute = _plain(entity, chart.by, where)
    if attribute.type not in OPTIONAL | {"DateTime"}:
        raise DefinitionError(f"{chart.by} is nothing to count by", where=where)
    if (attribute.type == "DateTime") != (chart.each is not None):
        message = f"each is stated of a DateTime, and of nothing else: {chart.by}"
        raise DefinitionError(message, where=where)


def _check_parts(entity: EntityDefinition, chart: ChartDefinition, where: str) -> None:
    if not chart.stacked_by:
        return
    attribute = _plain(entity, chart.stacked_by, where)
    if attribute.type not in OPTIONAL or chart.stacked_by == chart.by:
        raise DefinitionError(f"{chart.stacked_by} parts no bars", where=where)
    if attribute.options is not None and len(attribute.options.options) > MOST_PARTS:
        message = f"{chart.stacked_by} has more than {MOST_PARTS} options to part bars by"
        raise DefinitionError(message, where=where)


def _plain(entity: EntityDefinition, name: str, where: str) -> AttributeDefinition:
    """No database counts or adds up what it cannot read."""
    check_attribute_named(entity, name, where)
    attribute = entity.attributes[name]
    if attribute.sealed:
        raise DefinitionError(f"{name} is sealed", where=where)
    if attribute.is_volatile:
        raise DefinitionError(f"{name} hangs on the day", where=where)
    return attribute

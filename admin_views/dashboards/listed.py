"""From a number to its records: the caller's list of the chart's view, narrowed to them."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from admin_views.records.offers import list_offer
from admin_views.records.rights import EntityRights
from models.metadata.catalog import Catalog
from models.metadata.dashboards import ChartDefinition
from models.security.caller import Caller

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ListedBy:
    entity: str
    view: str
    names: tuple[str, ...]

    def url(self, key: Key) -> str:
        """Of the records with these options: numbers, or yes and no as 1 and 0."""
        pairs = zip(self.names, key, strict=True)
        chosen: dict[str, Any] = {
            name: str(int(one)) for name, one in pairs if isinstance(one, int)
        }
        return url_for("records.index_view", entity=self.entity, view=self.view, **chosen)


def listed_by(catalog: Catalog, caller: Caller, chart: ChartDefinition) -> ListedBy | None:
    """None where the list does not offer the view to the caller, or cannot be narrowed so; by a
    time no list can."""
    names = tuple(name for name in (chart.by, chart.stacked_by) if name)
    if not chart.view or chart.each:
        return None
    entity = catalog.entity(chart.entity)
    offer = list_offer(catalog, entity, EntityRights.of(caller, catalog, entity))
    filters = {attribute.logical_name for attribute in offer.filters}
    if chart.view not in offer.views or not filters.issuperset(names):
        return None
    return ListedBy(chart.entity, chart.view, names)

"""Which dashboards a caller is offered: those with a chart of an entity whose records they may
read; and in which order.
"""

from models.metadata.catalog import Catalog
from models.metadata.dashboards import ChartDefinition, DashboardDefinition
from models.metadata.errors import AccessDenied, RecordNotFound
from models.security.caller import Caller
from models.security.privileges import Privilege


def offered_dashboards(catalog: Catalog, caller: Caller) -> list[DashboardDefinition]:
    found = [one for one in catalog.dashboards.values() if _is_offered(catalog, caller, one)]
    return sorted(found, key=lambda one: (one.order, one.name))


def dashboard_of(catalog: Catalog, caller: Caller, name: str) -> DashboardDefinition:
    """Raises RecordNotFound, AccessDenied."""
    found = catalog.dashboards.get(name)
    if found is None:
        raise RecordNotFound("no such dashboard")
    if not _is_offered(catalog, caller, found):
        raise AccessDenied(f"the dashboard {name} shows records of other people", caller=caller)
    return found


def charts_of(catalog: Catalog, dashboard: DashboardDefinition) -> list[ChartDefinition]:
    return [catalog.charts[name] for name in dashboard.charts]


def _is_offered(catalog: Catalog, caller: Caller, dashboard: DashboardDefinition) -> bool:
    charts = charts_of(catalog, dashboard)
    return any(caller.has(chart.entity, Privilege.READ) for chart in charts)

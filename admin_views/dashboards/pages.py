"""The page of a dashboard: its charts as the caller's records have them."""

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_views.dashboards.drawing import draw
from admin_views.dashboards.figures import read_figures
from admin_views.dashboards.offers import charts_of, dashboard_of, offered_dashboards
from admin_views.guarding import GuardedView
from admin_views.language import language
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import AccessDenied
from models.tables.base import utc_now


class DashboardPage(GuardedView):
    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The first of them."""
        caller = signed_in()
        offered = offered_dashboards(engine().catalog, caller)
        if not offered:
            raise AccessDenied("no dashboard shows records of this caller", caller=caller)
        return redirect(self.get_url(".show", dashboard=offered[0].name))

    @expose("/<dashboard>/")
    def show(self, dashboard: str) -> ResponseReturnValue:
        caller, catalog, now = signed_in(), engine().catalog, utc_now().astimezone(LOCAL_ZONE)
        found = dashboard_of(catalog, caller, dashboard)
        charts = charts_of(catalog, found)
        figures = engine().run(
            lambda service: read_figures(service, caller, charts, today=now.date())
        )
        return self.render(
            "admin/dashboards/show.html",
            title=found.display_name.text(language()),
            drawn=[(figure, draw(figure)) for figure in figures],
            left_out=len(charts) - len(figures),
            now=now,
        )

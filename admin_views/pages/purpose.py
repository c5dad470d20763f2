"""Where a person says what they use personal data for, so that it is shown to them as it is; and
where they have it masked again. The strip on every page of records leads here.
"""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import ADMIN, GuardedView
from admin_views.identity import stated_purpose
from admin_views.signed_in import signed_in
from models.metadata.errors import AccessDenied


class PurposePage(GuardedView):
    """For everyone who is signed in, about themselves."""

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        caller = signed_in()
        if caller.supporter is not None:
            raise AccessDenied("a support session has its reason", caller=caller)
        if request.method == "GET":
            return self._page()
        purpose = stated_purpose.sent(stated_purpose.usual())
        if not purpose:
            return self._page(gettext("Choose or write the purpose.")), 400
        stated_purpose.state(caller, purpose)
        flash(gettext("Personal data is shown, as far as your role allows."), "success")
        return redirect(_way_back(), 303)

    @expose("/end/", methods=("POST",))
    def end(self) -> ResponseReturnValue:
        stated_purpose.take_back()
        flash(gettext("Personal data is masked again."), "success")
        return redirect(_way_back(), 303)

    def _page(self, problem: str = "") -> str:
        return self.render("admin/pages/purpose.html", problem=problem, way_back=_way_back())


def _way_back() -> str:
    """To the page the form stood on: one of the back office, and no other."""
    wanted = request.values.get("back", "")
    return wanted if wanted.startswith(f"{ADMIN}/") else url_for("admin.index")

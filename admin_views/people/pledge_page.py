"""The pledge (誓約): read at the first page after sign-in, given by POST, with its version."""

from uuid import UUID

from flask import flash, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import PLEDGE_SHOWN, WANTED_BEFORE, GuardedView
from admin_views.people import duties
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import AccessDenied, ConcurrencyConflict


class PledgePage(GuardedView):
    """For everyone who is signed in, about themselves."""

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        caller = signed_in()
        if caller.id is None or caller.supporter is not None:
            raise AccessDenied("a pledge is given by the person alone", caller=caller)
        if request.method == "GET":
            return self._page(caller.id)
        try:
            duties.give_pledge(caller, version=request.form.get("version", ""))
        except ConcurrencyConflict:
            flash(gettext("The text of the pledge has changed. Read it as it is now."), "warning")
            return self._page(caller.id), 409
        flash(gettext("Your pledge was recorded."), "success")
        return redirect(session.pop(WANTED_BEFORE, self.get_url("admin.index")))

    def _page(self, user_id: UUID) -> str:
        session[PLEDGE_SHOWN] = True
        standing = engine().run(lambda service: duties.read_standing(service, user_id))
        return self.render(
            "admin/people/pledge.html",
            standing=standing,
            later=session.get(WANTED_BEFORE, self.get_url("admin.index")),
        )

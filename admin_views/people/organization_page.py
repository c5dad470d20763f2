"""The organization's settings: for those who manage users, who show who they are, audited."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.people.entering import Entered
from admin_views.people.settings_form import HINTS, LABELS, ON, change_settings
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import ValidationFailed
from models.security import organization
from models.security.organization import FLAGS, NUMBERS
from models.security.pledge import Pledge, pledge_of
from models.security.principals import ORGANIZATION
from models.security.privileges import Miscellaneous


class OrganizationPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        if request.method == "GET":
            present = engine().run(lambda s: organization.settings_of(s.transaction.connection))
            return self._page(Entered({name: _shown(present[name]) for name in LABELS}))
        entered = Entered.sent(LABELS, proven_within=step_up.FOR_MANY)
        if entered.problems:
            return self._page(entered), 400
        try:
            change_settings(signed_in(), {name: entered.text(name) for name in LABELS})
        except ValidationFailed as error:
            return self._page(entered.explained(error)), 400
        told = gettext("The settings were saved. They hold from everyone's next request.")
        flash(told, "success")
        return redirect(self.get_url("organization.index"))

    def _page(self, entered: Entered) -> str:
        return self.render(
            "admin/people/organization.html",
            entered=entered,
            labels=LABELS,
            hints=HINTS,
            flags=FLAGS,
            numbers=NUMBERS,
            pledge=_pledge(),
            proof_within=step_up.FOR_MANY,
        )


def _shown(value: object) -> tuple[str, ...]:
    return ((ON,) if value else ()) if isinstance(value, bool) else (str(value),)


def _pledge() -> Pledge:
    return engine().run(lambda s: pledge_of(s.transaction.read(ORGANIZATION).one()))

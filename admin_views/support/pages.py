"""The page that begins and ends a support session.

Whoever is in one may come here only to end it: what the person may open is all there is else.
"""

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import current_caller, step_up, support
from admin_views.people.choices import Choice, read_people
from admin_views.people.entering import Entered
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import ValidationFailed
from models.security.privileges import Miscellaneous

CONTROLS = ("account", "reason")


class SupportPage(GuardedView):
    privilege = Miscellaneous.ACT_ON_BEHALF

    def is_accessible(self) -> bool:
        caller = current_caller()
        return super().is_accessible() or (caller is not None and caller.supporter is not None)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self._page(Entered.nothing(CONTROLS))

    @expose("/begin/", methods=("POST",))
    def begin(self) -> ResponseReturnValue:
        entered = Entered.sent(CONTROLS, proven_within=step_up.FOR_MANY)
        if entered.problems:
            return self._page(entered), 400
        chosen = (one.id for one in _people() if one.name == entered.text("account"))
        try:
            support.begin(signed_in(), next(chosen, None), entered.text("reason"))
        except ValidationFailed as error:
            return self._page(entered.explained(error)), 400
        return redirect(self.get_url("admin.index"), 303)

    @expose("/end/", methods=("POST",))
    def end(self) -> ResponseReturnValue:
        support.end(signed_in())
        flash(gettext("The support session was ended. You have your own rights again."), "success")
        return redirect(self.get_url("admin.index"), 303)

    def _page(self, entered: Entered) -> str:
        return self.render(
            "admin/support/begin.html",
            entered=entered,
            people=_people(),
            minutes=int(support.LASTS.total_seconds() // 60),
            longest=support.LONGEST_REASON,
            proof_within=step_up.FOR_MANY,
        )


def _people() -> list[Choice]:
    """Everybody else."""
    own = signed_in().id
    people = engine().run(lambda service: read_people(service.transaction))
    return [one for one in people if one.id != own]

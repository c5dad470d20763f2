"""The pages of the monthly inspection, for auditors: the months, one month, its sign-off."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.audit.entries import principals
from admin_views.audit.inspections import faults, lines, signing
from admin_views.audit.inspections.reading import read_month, read_months
from admin_views.guarding import GuardedView
from admin_views.identity import step_up
from admin_views.signed_in import signed_in
from admin_views.steps import problems_of
from extensions import engine
from models.metadata.errors import ConcurrencyConflict, ValidationFailed
from models.security.contracts import today
from models.security.privileges import Miscellaneous


class InspectionsPage(GuardedView):
    privilege = Miscellaneous.READ_AUDIT

    @expose("/")
    def index(self) -> ResponseReturnValue:
        found = engine().run(lambda service: read_months(service.transaction))
        return self.render("admin/audit/inspections.html", inspections=found)

    @expose("/<month>/", methods=("GET", "POST"))
    def inspection(self, month: str) -> ResponseReturnValue:
        """GET shows the month; POST signs it off."""
        if request.method == "GET":
            return self._page(month, {})
        problems = _signed_off(month)
        if problems:
            return self._page(month, problems), 400
        return redirect(self.get_url("inspections.inspection", month=month), 303)

    def _page(self, month: str, problems: dict[str, str]) -> str:
        found, names = engine().run(
            lambda service: (read_month(service, month), principals(service.transaction))
        )
        return self.render(
            "admin/audit/inspection.html",
            found=found,
            at_a_glance=lines.at_a_glance(found),
            by_kind=lines.by_kind(found),
            by_person=lines.by_person(found, names),
            told_fault=faults.told,
            problems=problems,
            remarks=_remarks(),
            longest=signing.LONGEST_REMARKS,
            proof_within=step_up.FOR_MANY,
            printed_on=today(),
        )


def _signed_off(month: str) -> dict[str, str]:
    """What is wrong with what was sent, by control; nothing where it is signed off now."""
    unproven = step_up.problem(step_up.FOR_MANY)
    if unproven:
        return {step_up.CONTROL: unproven}
    caller, remarks = signed_in(), _remarks()
    try:
        engine().run(lambda service: signing.sign_off(service, caller, month, remarks=remarks))
    except ValidationFailed as error:
        return problems_of(error)
    except ConcurrencyConflict:
        flash(gettext("This month was signed off by somebody else, or is not over."), "error")
    else:
        flash(gettext("The inspection was signed off."), "success")
    return {}


def _remarks() -> str:
    """As typed, with line ends of one sort."""
    return "\n".join(request.form.get("remarks", "").strip().splitlines())

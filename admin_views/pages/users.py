"""Users and roles: who has an account, with which role; new accounts, and the end of old ones.

What an account is made of (password, second factor, sessions) is the business of `identity`.
"""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import accounts
from admin_views.language import language
from admin_views.pages.user_reading import read_accounts, read_roles, read_units
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import AccessDenied, ValidationFailed
from models.security.caller import Miscellaneous


class UsersPage(GuardedView):
    privilege = Miscellaneous.MANAGE_USERS

    @expose("/")
    def index(self) -> ResponseReturnValue:
        speaks = language()
        found, roles = engine().run(
            lambda s: (
                read_accounts(s.transaction, language=speaks),
                read_roles(s.transaction, language=speaks),
            )
        )
        return self.render(
            "admin/pages/users.html", accounts=found, roles=roles, own=signed_in().id
        )

    @expose("/new/", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._form({})
        try:
            password = accounts.create_account(
                signed_in(),
                email=request.form.get("email", "").strip(),
                full_name=request.form.get("full_name", "").strip(),
                role=request.form.get("role", ""),
                business_unit=request.form.get("business_unit", ""),
            )
        except ValidationFailed as error:
            problems = {one.attribute: one.text(language()) for one in error.problems}
            return self._form(problems), 400
        return self.render(
            "admin/pages/user_created.html", email=request.form["email"], password=password
        )

    @expose("/deactivate/", methods=("POST",))
    def deactivate(self) -> ResponseReturnValue:
        accounts.deactivate(signed_in(), _another())
        return self._done(gettext("The account was deactivated and signed out everywhere."))

    @expose("/activate/", methods=("POST",))
    def activate(self) -> ResponseReturnValue:
        accounts.activate(signed_in(), _another())
        return self._done(gettext("The account was activated."))

    @expose("/reset-second-factor/", methods=("POST",))
    def reset_second_factor(self) -> ResponseReturnValue:
        accounts.reset_second_factor(signed_in(), _another())
        return self._done(gettext("The second factor was reset. The person sets a new one up."))

    def _form(self, problems: dict[str, str]) -> str:
        speaks = language()
        roles, units = engine().run(
            lambda s: (read_roles(s.transaction, language=speaks), read_units(s.transaction))
        )
        return self.render(
            "admin/pages/user_new.html",
            roles=roles,
            units=units,
            problems=problems,
            entered=request.form,
        )

    def _done(self, text: str) -> ResponseReturnValue:
        flash(text, "success")
        return redirect(self.get_url("users.index"))


def _another() -> UUID:
    """The account meant; never one's own, or nobody might be left to undo it."""
    user_id = identifier(request.form.get("id", ""))
    if user_id == signed_in().id:
        raise AccessDenied("changing one's own account here")
    return user_id

"""Users and roles: who has an account, with which role; what an administrator does for others.

What an account is made of (password, second factor, sessions) is the business of `identity`.
"""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import account_rights, accounts
from admin_views.language import language
from admin_views.pages.user_reading import (
    Account,
    read_account,
    read_accounts,
    read_roles,
    read_units,
)
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import AccessDenied, ValidationFailed
from models.security.privileges import Miscellaneous
from models.tables.principals import BY_HAND

NAMES = ("email", "full_name", "role", "business_unit")


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
            return self._form(_explained(error)), 400
        heading = gettext("The account was created")
        return self._password(heading, request.form["email"], password)

    @expose("/password/", methods=("GET", "POST"))
    def reset_password(self) -> ResponseReturnValue:
        """Asks first: whoever works with the account is thrown out."""
        account = _account(_another())
        if request.method == "GET":
            return self.render("admin/pages/user_reset.html", account=account)
        password = accounts.reset_password(signed_in(), account.id)
        return self._password(gettext("The password was reissued"), account.email, password)

    @expose("/role/", methods=("GET", "POST"))
    def change_role(self) -> ResponseReturnValue:
        account = _account(_another())
        if request.method == "GET":
            return self._role_form(account, {})
        try:
            account_rights.change_rights(
                signed_in(),
                account.id,
                role=request.form.get("role", ""),
                business_unit=request.form.get("business_unit", ""),
            )
        except ValidationFailed as error:
            return self._role_form(account, _explained(error)), 400
        return self._done(gettext("Role and business unit hold from the person's next request."))

    @expose("/unlock/", methods=("POST",))
    def unlock(self) -> ResponseReturnValue:
        accounts.unlock(signed_in(), _another())
        return self._done(gettext("The account was unlocked."))

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
        entered = {name: request.form.get(name, "") for name in NAMES}
        return self._choosing("admin/pages/user_new.html", problems=problems, entered=entered)

    def _role_form(self, account: Account, problems: dict[str, str]) -> str:
        by_hand = [role.name for role in account.roles if role.origin == BY_HAND]
        held = by_hand[0] if by_hand else ""
        present = {"role": held, "business_unit": account.business_unit}
        return self._choosing(
            "admin/pages/user_role.html",
            account=account,
            problems=problems,
            entered={name: request.form.get(name, value) for name, value in present.items()},
        )

    def _choosing(self, template: str, **arguments: object) -> str:
        """A form with roles and business units to choose from."""
        speaks = language()
        roles, units = engine().run(
            lambda s: (read_roles(s.transaction, language=speaks), read_units(s.transaction))
        )
        return self.render(template, roles=roles, units=units, **arguments)

    def _password(self, heading: str, email: str, password: str) -> str:
        return self.render(
            "admin/pages/user_password.html", heading=heading, email=email, password=password
        )

    def _done(self, text: str) -> ResponseReturnValue:
        flash(text, "success")
        return redirect(self.get_url("users.index"))


def _another() -> UUID:
    """The account meant; never one's own, or nobody might be left to undo it."""
    sent = request.form if request.method == "POST" else request.args
    user_id = identifier(sent.get("id", ""))
    if user_id == signed_in().id:
        raise AccessDenied("changing one's own account here")
    return user_id


def _account(user_id: UUID) -> Account:
    speaks = language()
    return engine().run(lambda s: read_account(s.transaction, user_id, language=speaks))


def _explained(error: ValidationFailed) -> dict[str, str]:
    """What is wrong, by the control it is wrong in."""
    return {one.attribute: one.text(language()) for one in error.problems}

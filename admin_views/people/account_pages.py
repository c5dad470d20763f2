"""Users and roles: who has an account, with which rights; what an administrator does for others.

What an account is made of (password, second factor, sessions) is the business of `identity`.
"""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import account_rights, accounts, step_up
from admin_views.identity.account_values import NewAccount
from admin_views.language import language
from admin_views.people.account_reading import Account, read_account, read_accounts
from admin_views.people.choices import (
    read_contractors,
    read_people,
    read_profiles,
    read_roles,
    read_teams,
    read_units,
)
from admin_views.people.entering import Entered
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import AccessDenied, ValidationFailed
from models.records.service import RecordService
from models.security.privileges import Miscellaneous

OF_NEW = ("email", "full_name", "business_unit", "roles", "contractor")


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
            "admin/people/accounts.html", accounts=found, roles=roles, own=signed_in().id
        )

    @expose("/new/", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        if request.method == "GET":
            contractor = {"contractor": (request.args.get("contractor", ""),)}
            return self._form(Entered({**Entered.nothing(OF_NEW).values, **contractor}))
        entered = Entered.sent(OF_NEW, proven_within=step_up.FOR_MANY)
        if entered.problems:
            return self._form(entered), 400
        account = NewAccount(
            email=entered.text("email"),
            full_name=entered.text("full_name"),
            roles=entered.names("roles"),
            business_unit=entered.text("business_unit"),
            contractor=entered.text("contractor"),
        )
        try:
            password = accounts.create_account(signed_in(), account)
        except ValidationFailed as error:
            return self._form(entered.explained(error)), 400
        return self._password(gettext("The account was created"), account.email, password)

    @expose("/password/", methods=("GET", "POST"))
    def reset_password(self) -> ResponseReturnValue:
        """Asks first: whoever works with the account is thrown out."""
        account = _account(_another())
        if asked := self._asked_first("account_reset", account):
            return asked
        password = accounts.reset_password(signed_in(), account.id)
        return self._password(gettext("The password was reissued"), account.email, password)

    @expose("/rights/", methods=("GET", "POST"))
    def change_rights(self) -> ResponseReturnValue:
        account = _account(_another())
        if request.method == "GET":
            held = engine().run(lambda s: account_rights.names_held(s, account.id))
            return self._rights_form(account, Entered(held))
        entered = Entered.sent(account_rights.OF_ACCOUNTS, proven_within=step_up.FOR_MANY)
        if entered.problems:
            return self._rights_form(account, entered), 400
        try:
            account_rights.change_rights(signed_in(), account.id, entered.values)
        except ValidationFailed as error:
            return self._rights_form(account, entered.explained(error)), 400
        return self._done(gettext("The rights hold from the person's next request."))

    @expose("/unlock/", methods=("POST",))
    def unlock(self) -> ResponseReturnValue:
        accounts.unlock(signed_in(), _another())
        return self._done(gettext("The account was unlocked."))

    @expose("/deactivate/", methods=("GET", "POST"))
    def deactivate(self) -> ResponseReturnValue:
        account = _account(_another())
        if asked := self._asked_first("account_deactivate", account):
            return asked
        accounts.deactivate(signed_in(), account.id)
        return self._done(gettext("The account was deactivated and signed out everywhere."))

    @expose("/activate/", methods=("GET", "POST"))
    def activate(self) -> ResponseReturnValue:
        account = _account(_another())
        if asked := self._asked_first("account_activate", account):
            return asked
        accounts.activate(signed_in(), account.id)
        return self._done(gettext("The account was activated."))

    @expose("/sign-out-everywhere/", methods=("POST",))
    def sign_out_everywhere(self) -> ResponseReturnValue:
        accounts.sign_out_everywhere(signed_in(), _another())
        return self._done(gettext("The person was signed out everywhere."))

    @expose("/reset-second-factor/", methods=("GET", "POST"))
    def reset_second_factor(self) -> ResponseReturnValue:
        account = _account(_another())
        if asked := self._asked_first("account_factor", account):
            return asked
        accounts.reset_second_factor(signed_in(), account.id)
        return self._done(gettext("The second factor was reset. The person sets a new one up."))

    def _asked_first(self, template: str, account: Account) -> ResponseReturnValue | None:
        """The page that asks before an act on an account; None once it was answered, with
        the proof."""
        if request.method == "GET":
            return self._asking(template, account=account, problem="")
        if problem := step_up.problem(step_up.FOR_MANY):
            return self._asking(template, account=account, problem=problem), 400
        return None

    def _form(self, entered: Entered) -> str:
        offered = engine().run(_roles_and_units)
        return self._asking("account_new", entered=entered, **offered)

    def _rights_form(self, account: Account, entered: Entered) -> str:
        def read(service: RecordService) -> dict[str, object]:
            people = [one for one in read_people(service.transaction) if one.id != account.id]
            return {
                "profiles": read_profiles(service.transaction),
                "teams": read_teams(service.transaction),
                "people": people,
                **_roles_and_units(service),
            }

        offered = engine().run(read)
        return self._asking("account_rights", account=account, entered=entered, **offered)

    def _asking(self, template: str, **arguments: object) -> str:
        """A form that gives rights: it asks who sends it."""
        within = step_up.FOR_MANY
        return self.render(f"admin/people/{template}.html", proof_within=within, **arguments)

    def _password(self, heading: str, email: str, password: str) -> str:
        return self.render(
            "admin/people/account_password.html", heading=heading, email=email, password=password
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


def _roles_and_units(service: RecordService) -> dict[str, object]:
    return {
        "roles": read_roles(service.transaction, language=language()),
        "units": read_units(service.transaction),
        "contractors": read_contractors(service.transaction),
    }

"""The page of one's own account, and the pages that change it.

What is changed, and what ends with it, is the business of `identity`. Every change of what one
signs in with asks who one is, unless that was shown within five minutes.
"""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import Admin, expose
from flask_babel import gettext

from admin_views.guarding import GuardedView
from admin_views.identity import current_account, recovery_codes, require_sign_in, step_up
from admin_views.identity.changing import end_other_sessions
from admin_views.identity.devices import device_name
from admin_views.identity.passkeys import asking, registering, relying_party, taking_away
from admin_views.identity.passkeys.doors import as_json
from admin_views.identity.passkeys.storing import MOST, KnownPasskey
from admin_views.identity.session_list import end_session, open_sessions
from admin_views.language import language
from admin_views.records.reading import identifier
from admin_views.signed_in import signed_in
from extensions import engine
from models.metadata.errors import ConcurrencyConflict, RecordNotFound, ValidationFailed

WITHIN = step_up.FOR_MANY


class AccountPage(GuardedView):
    def create_blueprint(self, admin: Admin) -> Any:
        blueprint = super().create_blueprint(admin)
        blueprint.before_request(require_sign_in)
        return blueprint

    @expose("/")
    def index(self) -> ResponseReturnValue:
        account = current_account()
        sessions = engine().run(lambda service: open_sessions(service.transaction, account.id))
        return self.render(
            "admin/account/index.html",
            account=account,
            codes_left=recovery_codes.left(account.id),
            codes_made=recovery_codes.COUNT,
            sessions=sessions,
            passkeys_are_possible=relying_party.is_possible(),
            most_passkeys=MOST,
        )

    @expose("/passkeys/options/", methods=("POST",))
    def options(self) -> ResponseReturnValue:
        """For the script. What is wrong is said by the page that the form itself is sent to."""
        account, name = current_account(), request.form.get("name", "")
        if registering.problem_of(account, name) or step_up.problem(WITHIN):
            return "", 400
        return as_json(asking.to_register(account))

    @expose("/passkeys/new/", methods=("GET", "POST"))
    def register(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._registration({}, name=device_name())
        account, name = current_account(), request.form.get("name", "")
        if problems := _problems(account, name):
            return self._registration(problems, name=name), 400
        try:
            is_made = registering.register(account, name, request.form.get("credential", ""))
        except ConcurrencyConflict:
            is_made = False  # of two at once, the one that came second
        if not is_made:
            text = gettext("The passkey was not registered. Try again.")
            return self._registration({"credential": text}, name=name), 400
        return self._done(
            gettext("The passkey was registered. Other sessions of yours have ended.")
        )

    @expose("/passkeys/delete/", methods=("GET", "POST"))
    def delete(self) -> ResponseReturnValue:
        account = current_account()
        passkey = _passkey(account)
        if request.method == "GET":
            return self._deletion(account, passkey)
        if problem := step_up.problem(WITHIN):
            return self._deletion(account, passkey, problem), 400
        try:
            taking_away.take_away(account, passkey)
        except ValidationFailed:
            return self._deletion(account, passkey), 400
        return self._done(gettext("The passkey was deleted. Other sessions of yours have ended."))

    @expose("/recovery-codes/", methods=("GET", "POST"))
    def codes(self) -> ResponseReturnValue:
        account = current_account()
        if request.method == "GET":
            return self._codes(account)
        if not account.has_second_factor:
            return self._codes(account), 400
        if problem := step_up.problem(WITHIN):
            return self._codes(account, problem=problem), 400
        return self._codes(account, made=recovery_codes.make(account))

    @expose("/sessions/end/", methods=("POST",))
    def end_session(self) -> ResponseReturnValue:
        if step_up.is_needed(step_up.FOR_A_VALUE):
            return self._asked_who()
        caller, session_id = signed_in(), identifier(request.form.get("id", ""))
        engine().run(lambda service: end_session(service, caller, session_id))
        return self._done(gettext("The session was ended."))

    @expose("/sessions/end-others/", methods=("POST",))
    def end_others(self) -> ResponseReturnValue:
        if step_up.is_needed(step_up.FOR_A_VALUE):
            return self._asked_who()
        end_other_sessions(current_account())
        return self._done(gettext("All your other sessions were ended."))

    def _registration(self, problems: dict[str, str], *, name: str) -> str:
        return self.render(
            "admin/account/passkey_new.html",
            problems=problems,
            name=name,
            within=WITHIN,
            passkeys_are_possible=relying_party.is_possible(),
        )

    def _deletion(self, account: Any, passkey: KnownPasskey, problem: str = "") -> str:
        return self.render(
            "admin/account/passkey_delete.html",
            passkey=passkey,
            problem=problem,
            within=WITHIN,
            is_only=taking_away.is_only_factor(account),
        )

    def _codes(self, account: Any, *, made: list[str] | None = None, problem: str = "") -> str:
        return self.render(
            "admin/account/recovery_codes.html",
            account=account,
            made=made,
            problem=problem,
            within=WITHIN,
            codes_left=recovery_codes.left(account.id),
        )

    def _asked_who(self) -> ResponseReturnValue:
        """Nothing was typed that could be lost: to the page that asks, and back."""
        flash(gettext("Show first who you are. Then end the session."), "info")
        return redirect(self.get_url("security.verify", next=self.get_url("account.index")), 303)

    def _done(self, text: str) -> ResponseReturnValue:
        flash(text, "success")
        return redirect(self.get_url("account.index"), 303)


def _problems(account: Any, name: str) -> dict[str, str]:
    """What is wrong, by the control it is wrong in."""
    found = registering.problem_of(account, name)
    told = {"name": found.text(language()) if found else "", "proof": step_up.problem(WITHIN)}
    return {control: text for control, text in told.items() if text}


def _passkey(account: Any) -> KnownPasskey:
    """The one of the person's own that is meant."""
    sent = request.form if request.method == "POST" else request.args
    wanted: UUID = identifier(sent.get("id", ""))
    held: list[KnownPasskey] = [one for one in account.passkeys if one.id == wanted]
    if not held:
        raise RecordNotFound("passkey")
    return held[0]

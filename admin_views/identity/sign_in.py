"""Sign-in for staff: Flask-Security-Too on our accounts, with the gaps it leaves closed.

Server-side sessions that die, codes that work once, accounts that lock. Its pages are ours
(templates/security); registration and recovery by mail are off: an administrator helps.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_login import current_user, user_logged_out
from flask_security import PasswordUtil, Security, login_user, user_authenticated
from flask_security.signals import password_changed, tf_profile_changed

from admin_views.identity import one_session, passwords, stated_purpose, support
from admin_views.identity.account import Account, StaffDatastore, as_written
from admin_views.identity.admission import install_admission
from admin_views.identity.arrivals import AFTER_A_CHANGE, signed_in
from admin_views.identity.auditing import note, note_change
from admin_views.identity.door import install_door
from admin_views.identity.federation import install_federation
from admin_views.identity.forms import (
    NewPasswordForm,
    NoRescueForm,
    PasswordAgainForm,
    SetUpForm,
    SignInForm,
)
from admin_views.identity.passkeys.doors import doors
from admin_views.identity.passkeys.relying_party import is_possible
from admin_views.identity.preferred_language import install_preferred_language
from admin_views.identity.recovery_page import recovery
from admin_views.identity.second_factor import HouseSecondFactor, OnceOnlyTotp
from admin_views.identity.sessions import STAFF_PATHS, Lifetime, StaffSessions
from config import Settings
from extensions import SETTINGS, csrf
from jobs.letter_texts import PASSWORD_CHANGED
from models.records.engine import RecordEngine

ISSUER = "Uketsuke"
FRESH_FOR = timedelta(minutes=30)
CLOSED = ("two_factor_rescue", "two_factor_setup_validate", "tf_select")
"""Pages of the library that we do not offer; it has no setting that leaves them out."""


class HousePasswords(PasswordUtil):
    """Flask-Security's password rules replaced by ours."""

    def normalize(self, password: str) -> str:
        return passwords.normalised(password)

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: FBT001 - the library's signature
        **kwargs: Any,
    ) -> tuple[list[str] | None, str]:
        user = kwargs.get("user")
        email = user.email if user else ""
        second = bool(user and user.has_second_factor)
        wrong = passwords.problem(password, email=email, has_second_factor=second)
        normal = self.normalize(password)
        return ([wrong.text(_language())] if wrong else None), normal


def install_identity(app: Flask, records: RecordEngine) -> None:
    """Sign-in pages, sessions and CSRF protection for the staff's side of `app`."""
    secure = bool(app.config.get("SESSION_COOKIE_SECURE"))
    app.config.update(_configuration(records))
    stated: Settings = app.extensions[SETTINGS]
    lifetime = Lifetime(idle=stated.session_idle, absolute=stated.session_length)
    app.session_interface = StaffSessions(
        records.database, records.keyring, lifetime, secure=secure
    )
    install_door(app)
    install_admission(app)
    csrf.init_app(app)
    security = Security(
        app,
        StaffDatastore(records.database),
        totp_cls=OnceOnlyTotp,
        password_util_cls=HousePasswords,
        login_form=SignInForm,
        verify_form=PasswordAgainForm,
        change_password_form=NewPasswordForm,
        two_factor_setup_form=SetUpForm,
        two_factor_rescue_form=NoRescueForm,
    )
    _leave_only_sessions(app, security)
    install_federation(app)
    install_preferred_language(app)
    user_authenticated.connect(signed_in, app, weak=False)
    user_authenticated.connect(one_session.signed_in, app, weak=False)
    user_logged_out.connect(_signed_out, app, weak=False)
    password_changed.connect(_password_changed, app, weak=False)
    tf_profile_changed.connect(_second_factor_changed, app, weak=False)
    app.register_blueprint(doors)
    app.register_blueprint(recovery)
    app.jinja_env.globals["passkeys_possible"] = is_possible
    app.after_request(_never_kept)
    app.jinja_env.globals.setdefault("get_locale", get_locale)


def _leave_only_sessions(app: Flask, security: Security) -> None:
    """No other way in: the library also gives and takes tokens that outlive every sign-out."""
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    for page in CLOSED:
        app.view_functions[f"security.{page}"] = _closed


def _closed(**_: object) -> ResponseReturnValue:
    abort(404)


def _configuration(records: RecordEngine) -> dict[str, Any]:
    secrets = records.keyring.secret
    return {
        "SECURITY_PASSWORD_SALT": secrets("password salt").hex(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.LEAST_WITH_SECOND_FACTOR,
        "SECURITY_PASSWORD_NORMALIZE_FORM": passwords.NORMAL_FORM,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FLASH_MESSAGES": False,  # in English; ours say what there is to say
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {
            "code": f"{HouseSecondFactor.__module__}.{HouseSecondFactor.__name__}"
        },
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TOTP_SECRETS": {"1": secrets("totp secrets").hex()},
        "SECURITY_TOTP_ISSUER": ISSUER,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/admin/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_POST_CHANGE_VIEW": "/account/",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account/",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": as_written}}],
        "SECURITY_FRESHNESS": FRESH_FOR,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "WTF_CSRF_CHECK_DEFAULT": True,
    }


def _language() -> str:
    return "en" if str(get_locale() or "ja").startswith("en") else "ja"


def _signed_out(_app: Flask, user: Account | None = None, **_: Any) -> None:
    """What was begun in this session ends with it, whoever signs in next at this browser."""
    stated_purpose.take_back()
    supporting = support.current()
    support.forget()
    if user is None or not getattr(user, "id", None):
        return
    if supporting is not None:
        told = {"purpose": supporting.reason, "reason": "signed_out"}
        note("end_support", user, record_id=supporting.account, **told)
    note("sign_out", user)


def _second_factor_changed(_app: Flask, **_: Any) -> None:
    """Every session ended with the change; this one goes on under a new token."""
    login_user(current_user._get_current_object(), authn_via=AFTER_A_CHANGE)
    flash(gettext("Your second factor is set up."), "success")


def _password_changed(_app: Flask, user: Account, **_: Any) -> None:
    note_change("change_password", user, PASSWORD_CHANGED)
    flash(gettext("Your password was changed. Other sessions of yours have ended."), "success")


def _never_kept(response: Response) -> Response:
    if request.path.startswith(STAFF_PATHS):
        response.headers["Cache-Control"] = "no-store"
    return response

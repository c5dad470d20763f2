"""Where a passkey is shown: to sign in, after the password, and as a proof when signed in.

Options are answered to the script as JSON; what they ask for comes back as a form.
"""

import time
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_security import login_user
from flask_security.utils import _get_post_login_redirect

from admin_views.identity.arrivals import PASSKEY
from admin_views.identity.callers import current_caller
from admin_views.identity.passkeys import asking
from admin_views.identity.passkeys.challenges import Purpose
from admin_views.identity.passkeys.proving import proven
from admin_views.identity.second_factor import awaited, complete
from admin_views.identity.step_up import PROVEN_AT

doors = Blueprint("passkeys", __name__)


@doors.post("/login/passkey/options")
def sign_in_options() -> ResponseReturnValue:
    return as_json(asking.to_show(Purpose.SIGN_IN))


@doors.post("/login/passkey")
def sign_in() -> ResponseReturnValue:
    """A passkey alone: it holds two factors, the device and what unlocks it."""
    if current_caller() is not None:
        return redirect(_get_post_login_redirect())
    account = proven(_sent(), Purpose.SIGN_IN)
    if account is None:
        return _refused("security.login")
    login_user(account, authn_via=[PASSKEY])
    return redirect(_get_post_login_redirect())


@doors.post("/tf-passkey/options")
def second_factor_options() -> ResponseReturnValue:
    account = awaited()
    if account is None:
        abort(401)
    return as_json(asking.to_show(Purpose.SECOND_FACTOR, account.id))


@doors.post("/tf-passkey")
def second_factor() -> ResponseReturnValue:
    """After the password, which says whose passkey it must be."""
    account = awaited()
    if account is None:
        return redirect(url_for("security.login"))
    if proven(_sent(), Purpose.SECOND_FACTOR, of=account.id) is None:
        return _refused("security.two_factor_token_validation")
    complete(account, PASSKEY)
    return redirect(_get_post_login_redirect())


@doors.post("/verify/passkey/options")
def proof_options() -> ResponseReturnValue:
    return as_json(asking.to_show(Purpose.PROOF, _signed_in().id))


@doors.post("/verify/passkey")
def prove() -> ResponseReturnValue:
    """Step-up: the person shows once more who they are."""
    if proven(_sent(), Purpose.PROOF, of=_signed_in().id) is None:
        return "", 400
    session[PROVEN_AT] = time.time()
    return "", 204


def as_json(options: str) -> Response:
    return Response(options, mimetype="application/json")


def _sent() -> str:
    return request.form.get("credential", "")


def _signed_in() -> Any:
    if current_caller() is None:
        abort(401)
    return current_user


def _refused(page: str) -> ResponseReturnValue:
    flash(gettext("You could not be signed in with this passkey."), "error")
    return redirect(url_for(page, next=request.form.get("next")))

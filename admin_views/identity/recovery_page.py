"""A recovery code in place of the second factor, after the password.

A wrong one counts as a wrong code does, and locks like one.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import _get_post_login_redirect

from admin_views.identity import recovery_codes
from admin_views.identity.second_factor import awaited, complete

FACTOR = "recovery code"
recovery = Blueprint("recovery", __name__)


@recovery.route("/tf-recovery", methods=["GET", "POST"])
def enter() -> ResponseReturnValue:
    account = awaited()
    if account is None:
        return redirect(url_for("security.login"))
    if request.method == "GET":
        return render_template("security/recovery.html", is_wrong=False)
    # Locked: the code is not looked at, and not used up.
    if account.is_locked() or not recovery_codes.use(account, request.form.get("code", "")):
        account.track_failed_authn(FACTOR)
        return render_template("security/recovery.html", is_wrong=True)
    complete(account, FACTOR)
    return redirect(_get_post_login_redirect())

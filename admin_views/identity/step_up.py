"""Step-up: the person shows once more who they are before what cannot be taken back (ASVS 7.5.3).

A form that leads there asks for the proof itself, so that nothing typed is lost: the password, or
a code of the second factor. Signing in is a proof, too. It knows no page and no right.
"""

import time
from datetime import timedelta
from typing import Any

from flask import request, session
from flask_babel import gettext
from flask_login import current_user
from flask_security.proxies import _security
from flask_security.utils import verify_password

from admin_views.identity import passwords
from admin_views.identity.sessions import PROVEN_AT as PROVEN_AT

CONTROL = "proof"
"""The control's name in every form that asks."""
FOR_A_VALUE = timedelta(minutes=30)
"""Before one masked value: as long as a session may idle, for who works through many records."""
FOR_MANY = timedelta(minutes=5)
"""Before an export, its approval, or a change of somebody's rights."""


def is_needed(within: timedelta) -> bool:
    """Whether the last proof is longer ago than that."""
    proven_at = session.get(PROVEN_AT)
    if not isinstance(proven_at, int | float):
        return True
    return not -60 <= time.time() - proven_at <= within.total_seconds()


def problem(within: timedelta) -> str:
    """What is wrong with the proof that the form sent; "" where it holds or none is needed.

    A wrong one counts as a failed sign-in, and locks like one.
    """
    if not is_needed(within):
        return ""
    typed = request.form.get(CONTROL, "")
    if not typed:
        return _request()
    if not _proves(typed):
        return gettext("This is neither your password nor a valid code.")
    session[PROVEN_AT] = time.time()
    return ""


def _request() -> str:
    account: Any = current_user
    if account.password or account.tf_totp_secret:
        return gettext("Enter your password, or the code of your authenticator app.")
    return gettext("Confirm first who you are, by the link.")


def _proves(typed: str) -> bool:
    """Of a locked account nothing is a proof, and nothing tells that it is locked."""
    account: Any = current_user
    password = passwords.normalised(typed)
    is_right = bool(password) and verify_password(password, account.password or "")
    if account.is_locked():
        return False
    if is_right or _is_code(account, typed):
        return True
    account.track_failed_authn("step-up")
    return False


def _is_code(account: Any, typed: str) -> bool:
    if not account.tf_totp_secret:
        return False
    code = "".join(typed.split())
    factory = _security.totp_factory
    return bool(factory.verify_totp(token=code, totp_secret=account.tf_totp_secret, user=account))

"""What a complete sign-in brings about: counts begin anew, the person is told what happened
meanwhile, and somebody is told of it where it is out of the ordinary.

It does not know how the person proved who they are, but for the name of the means.
"""

from typing import Any

from flask import Flask, flash, g, session
from flask_babel import gettext
from sqlalchemy import select, update

from admin_views.identity import break_glass, devices, stated_purpose
from admin_views.identity.auditing import itself
from extensions import engine
from jobs import letters
from jobs.letter_texts import BREAK_GLASS_USED, NEW_DEVICE
from models.records.service import RecordService
from models.tables.base import utc_now
from models.tables.principals import SystemUser

AFTER_A_CHANGE = ["change"]
"""Passed as the means where a session goes on after a change, without a sign-in."""
PASSKEY = "passkey"
PROVIDER = "provider"
LEAVES_THE_LOCK = {PASSKEY, PROVIDER}
"""They tell nothing of who is guessing the password: the lock stays for the guesser."""
FIRST_FACTOR = "first_factor"
"""In the session, where a second factor follows on something else than a password."""
BESIDE_PASSWORD = "second_factor"  # noqa: S105 - not a password
"""Where a second factor that is no code says its name, in `g`."""


def signed_in(_app: Flask, user: Any, authn_via: list[str] | None = None, **_: Any) -> None:
    """Receives the library's signal of a sign-in that is complete."""
    if authn_via == AFTER_A_CHANGE:
        return
    _forget_form_token()
    stated_purpose.take_back()
    means, token = _means(authn_via), devices.browser_token()
    failures = engine().run(lambda service: _arrive(service, user, means=means, token=token))
    if failures:
        flash(_told(failures), "warning")


def _forget_form_token() -> None:
    """The one of before the sign-in may be known to somebody else."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _means(authn_via: list[str] | None) -> str:
    """The library names none where a second factor ended the sign-in."""
    first = session.pop(FIRST_FACTOR, "password")
    return ", ".join(authn_via or [first, g.get(BESIDE_PASSWORD, "code")])


def _arrive(service: RecordService, user: Any, *, means: str, token: str) -> int:
    """Note the sign-in; how many tries have failed since the one before."""
    transaction, mine = service.transaction, SystemUser.id == user.id
    transaction.lock()
    asked = select(SystemUser.untold_failures, SystemUser.is_break_glass).where(mine)
    before = transaction.read(asked).one()
    unlocked = {} if means in LEAVES_THE_LOCK else {"failed_sign_ins": 0, "locked_until": None}
    now = {"untold_failures": 0, "last_signed_in_on": utc_now()}
    transaction.write(update(SystemUser).where(mine).values(**now, **unlocked))
    service.audit(itself(service, user), "sign_in", factor=means)
    texts = {"on": utc_now(), "device": devices.device_label()}
    if devices.is_new(transaction, user.id, token):
        letters.post(transaction, service.keyring, NEW_DEVICE, to=[user.id], texts=texts)
    if before.is_break_glass:
        service.audit(itself(service, user), "use_break_glass", record_id=user.id)
        break_glass.tell_managers(service, user.id, BREAK_GLASS_USED, texts=texts)
    return int(before.untold_failures)


def _told(failures: int) -> str:
    return gettext(
        "Failed attempts to sign in to your account since your last sign-in: %(count)s. "
        "If they were not yours, tell your system administrator.",
        count=failures,
    )

"""A contractor's account has one session at a time: signing in ends the others.

Two people who share an account throw one another out, and it is in the audit. It cannot be seen
here whether it was another person, or the same one at another browser.
"""

from typing import Any
from uuid import uuid4

from flask import Flask, flash, session
from flask_babel import gettext
from sqlalchemy import func, select, update

from admin_views.identity.arrivals import AFTER_A_CHANGE
from admin_views.identity.auditing import itself
from admin_views.identity.session_list import forget_sessions
from admin_views.identity.sessions import SIGNED_IN
from extensions import engine, settings
from models.records.service import RecordService
from models.tables.base import utc_now
from models.tables.principals import StaffSession, SystemUser


def signed_in(_app: Flask, user: Any, authn_via: list[str] | None = None, **_: Any) -> None:
    """Receives the library's signal of a sign-in that is complete."""
    if authn_via == AFTER_A_CHANGE:
        return
    uniquifier = uuid4().hex
    ended = engine().run(lambda service: _end_others(service, user, uniquifier))
    if ended is None:
        return
    user.fs_uniquifier = session[SIGNED_IN] = uniquifier
    user.take_changes()
    if ended:
        flash(
            gettext(
                "Your account was still signed in elsewhere: that session has ended. If it was "
                "not yours, tell your system administrator; accounts are not to be shared."
            ),
            "warning",
        )


def _end_others(service: RecordService, user: Any, uniquifier: str) -> int | None:
    """How many sessions were ended; None for the office's own, who may have several.

    Sessions hang on the account's identifier: of many who sign in at once, the last to write a
    new one is in, and the others are out with their next request.
    """
    transaction, mine = service.transaction, SystemUser.id == user.id
    under_contract = SystemUser.contractor_id.is_not(None)
    renewed = update(SystemUser).where(mine, under_contract).values(fs_uniquifier=uniquifier)
    if not transaction.write(renewed).rowcount:
        return None
    alive = select(func.count()).where(
        StaffSession.systemuser_id == user.id,
        StaffSession.expires_on > utc_now(),
        StaffSession.last_seen_on > utc_now() - settings().session_idle,
    )
    ended = transaction.read(alive).scalar_one()
    forget_sessions(transaction, user.id)
    if ended:
        service.audit(itself(service, user), "end_other_sessions", sessions=ended)
    return int(ended)

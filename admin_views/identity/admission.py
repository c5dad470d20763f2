"""Who is signed in and may be here no more: the contract's period has ended, or the address is
none of the contractor's.

Asked at every request to the staff's pages, before a page or a form is looked at. Why an account
is shut is decided by `models/security/admission.py`.
"""

import time
from typing import Any

from flask import Flask, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import logout_user
from sqlalchemy import Connection, bindparam, select

from admin_views.identity.auditing import note
from admin_views.identity.callers import current_caller
from admin_views.identity.sessions import STAFF_PATHS
from extensions import engine
from models.security import contracts
from models.security.admission import under_contract
from models.security.principals import contractor_of
from models.tables.principals import SystemUser

NOTED_ON = "turned_away_on"
NOTED_EVERY_SECONDS = 600
"""How often one session's requests from elsewhere are noted: a page that asks again and again
shall not fill the audit."""
OF_ACCOUNT = select(SystemUser.__table__).where(SystemUser.id == bindparam("user"))
FOR_ANYONE = frozenset({"security.logout", "security.static", "admin.static"})


def install_admission(app: Flask) -> None:
    """Before everything else that knows the person, and before a form is looked at."""
    app.before_request(_turn_away)


def _turn_away() -> ResponseReturnValue | None:
    if not request.path.startswith(STAFF_PATHS) or request.endpoint in FOR_ANYONE:
        return None
    account: Any = current_user
    if current_caller() is not None or not account.is_authenticated:
        return None
    with engine().database.reading() as connection:
        return _answer(connection, account)


def _answer(connection: Connection, account: Any) -> ResponseReturnValue | None:
    """From another address one may come back; a contract that does not run ends the session."""
    user = connection.execute(OF_ACCOUNT, {"user": account.id}).one()
    contractor = contractor_of(connection, user)
    shut = under_contract(contractor, address=request.remote_addr or "")
    if not shut:
        return None  # ended by an administrator at this very moment
    g.preferred_language = user.language
    if shut == "contract":
        note("turned_away", account, outcome="refused", reason=shut)
        logout_user()
    elif _is_worth_noting():
        address = request.remote_addr or ""
        note("turned_away", account, outcome="refused", reason=shut, address=address)
    standing = contracts.standing(contractor, on=contracts.today())
    return render_template("security/turned_away.html", shut=shut, standing=standing), 403


def _is_worth_noting() -> bool:
    noted_on = session.get(NOTED_ON, 0)
    if abs(time.time() - noted_on) < NOTED_EVERY_SECONDS:
        return False
    session[NOTED_ON] = time.time()
    return True

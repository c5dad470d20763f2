"""Sign-ins, failures and changes of accounts in the audit; never what was typed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from extensions import engine, of_this_request
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.principals import caller_of
from models.tables.principals import SystemUser

STRANGER = Caller.system("sign-in")  # nosemgrep: system-behind-a-door - only writes audit
"""Nobody: the address tried has no account, and the audit does not keep it."""


def note(action: str, account: Any, *, outcome: str = "ok", **details: str) -> None:
    """An act of an account on itself, in a transaction of its own."""
    _write(_caller(account), action, outcome=outcome, details=details)


def note_stranger() -> None:
    """Somebody tried an address that no account has."""
    details = {"factor": "password", "reason": "unknown"}
    _write(STRANGER, "sign_in_failed", outcome="refused", details=details)


def _caller(account: Any) -> Caller:
    """With the roles and the organization it has, or would have if it were let in."""
    statement = select(SystemUser.__table__).where(SystemUser.id == account.id)
    with engine().database.reading() as connection:
        return caller_of(connection, connection.execute(statement).one())


def _write(caller: Caller, action: str, *, outcome: str, details: Mapping[str, Any]) -> None:
    def write(service: RecordService) -> None:
        service.audit(of_this_request(caller), action, outcome=outcome, **details)

    engine().run(write)

"""Sign-ins, failures and changes of accounts in the audit; never what was typed."""

from collections.abc import Mapping
from typing import Any

from extensions import engine
from models.records.service import RecordService
from models.security.caller import Caller

STRANGER = Caller.system("sign-in")
"""Nobody: the address tried has no account, and the audit does not keep it."""


def note(action: str, account: Any, *, outcome: str = "ok", **details: str) -> None:
    """An act of an account on itself, in a transaction of its own."""
    caller = Caller(id=account.id, kind="user", name=account.email)
    _write(caller, action, outcome=outcome, details=details)


def note_stranger() -> None:
    """Somebody tried an address that no account has."""
    details = {"factor": "password", "reason": "unknown"}
    _write(STRANGER, "sign_in_failed", outcome="refused", details=details)


def _write(caller: Caller, action: str, *, outcome: str, details: Mapping[str, Any]) -> None:
    def write(service: RecordService) -> None:
        service.audit(caller, action, outcome=outcome, **details)

    engine().run(write)

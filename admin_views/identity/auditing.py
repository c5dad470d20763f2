"""Sign-ins, failures and changes of accounts in the audit; never what was typed."""

from typing import Any

from extensions import engine
from models.records.service import RecordService
from models.security.caller import Caller


def note(action: str, account: Any, *, outcome: str = "ok", factor: str = "") -> None:
    """An act of an account on itself, in a transaction of its own."""
    caller = Caller(id=account.id, kind="user", name=account.email)

    def write(service: RecordService) -> None:
        service.audit(caller, action, outcome=outcome, factor=factor)

    engine().run(write)

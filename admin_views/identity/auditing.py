"""Sign-ins, failures and changes of accounts in the audit; never what was typed.

A change of what an account signs in with is told to its person in the same transaction.
"""

from typing import Any

from sqlalchemy import select

from extensions import engine, of_this_request
from jobs import letters
from jobs.letter_texts import Letter
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.principals import caller_of
from models.tables.base import utc_now
from models.tables.principals import SystemUser

STRANGER = Caller.system("sign-in")  # nosemgrep: system-behind-a-door - only writes audit
"""Nobody: the address tried has no account, and the audit does not keep it."""


def note(action: str, account: Any, *, outcome: str = "ok", **details: Any) -> None:
    """An act of an account on itself, in a transaction of its own."""
    engine().run(
        lambda service: service.audit(itself(service, account), action, outcome=outcome, **details)
    )


def note_change(action: str, account: Any, letter: Letter) -> None:
    """As `note`, of a change of what the account signs in with."""
    engine().run(lambda service: write_change(service, action, account, letter=letter))


def write_change(
    service: RecordService, action: str, account: Any, *, letter: Letter, **texts: str
) -> None:
    """As `note_change`, within the transaction of the change; `texts` go into the letter only."""
    service.audit(itself(service, account), action)
    told: letters.Texts = {"on": utc_now(), **texts}
    letters.post(service.transaction, service.keyring, letter, to=[account.id], texts=told)


def note_stranger(
    *, factor: str = "password", reason: str = "unknown", outcome: str = "refused"
) -> None:
    """Somebody tried an address that no account has, or a passkey that is none of ours, or came
    from a provider without a proof."""
    told: dict[str, Any] = {"factor": factor, "reason": reason}
    stranger = of_this_request(STRANGER)
    engine().run(
        lambda service: service.audit(stranger, "sign_in_failed", outcome=outcome, **told)
    )


def itself(service: RecordService, account: Any) -> Caller:
    """The account as who acts, with the roles and the organization it has, or would have if it
    were let in."""
    statement = select(SystemUser.__table__).where(SystemUser.id == account.id)
    row = service.transaction.read(statement).one()
    return of_this_request(caller_of(service.transaction.connection, row))

"""A support session: an administrator sees the back office as another account does.

It stands in the administrator's own session and is looked at anew at every request: it ends in
time, and as soon as one of the two may no more. What may be seen in it is decided by
`models/security/support.py`.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import session

from extensions import engine, of_this_request
from jobs import letters
from jobs.letter_texts import SUPPORT_BEGUN
from models.metadata.errors import AccessDenied, Problem, ValidationFailed
from models.metadata.labels import Label
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.principals import load_caller
from models.security.privileges import Miscellaneous
from models.security.support import supported
from models.tables.base import utc_now

LASTS = timedelta(minutes=30)
LONGEST_REASON = 500
IN_SESSION = "support"
PERSON, REASON = Label("アカウント", "Account"), Label("理由", "Reason")


@dataclass(frozen=True, slots=True)
class SupportSession:
    supporter: str
    """The id of who began it, and nobody else's."""
    account: UUID
    reason: str
    until: float
    """In seconds of the clock."""

    @property
    def is_over(self) -> bool:
        return not 0 < self.until - time.time() <= LASTS.total_seconds()

    @property
    def ends_on(self) -> datetime:
        return datetime.fromtimestamp(self.until, UTC)


def current() -> SupportSession | None:
    """The one of this browser, as it was begun: whether it still holds is asked by `seen_as`."""
    kept = session.get(IN_SESSION)
    return None if kept is None else _read(kept)


def begin(supporter: Caller, account: UUID | None, reason: str) -> None:
    """See the office as the account does. Its person is told by mail.

    Raises AccessDenied without the privilege; ValidationFailed by `account` and `reason`.
    """
    require_miscellaneous(supporter, Miscellaneous.ACT_ON_BEHALF)
    reason = " ".join(reason.split())
    found = engine().run(lambda service: _begun(service, supporter, account, reason=reason))
    until = time.time() + LASTS.total_seconds()
    session[IN_SESSION] = {
        "supporter": str(supporter.id),
        "account": found.hex,
        "reason": reason,
        "until": until,
    }


def end(caller: Caller) -> None:
    """Back to one's own rights. AccessDenied where no session is."""
    if caller.supporter is None:
        raise AccessDenied("ending a support session that is none", caller=caller)
    this = current()
    forget()
    _note_end(caller.supporter, this, why="ended")


def forget() -> None:
    """Without a word in the audit."""
    session.pop(IN_SESSION, None)


def seen_as(signed_in: Caller) -> Caller:
    """The Caller of this request: the person's within a support session, else one's own."""
    this = current()
    if this is None or this.supporter != str(signed_in.id):
        return signed_in
    person = None if this.is_over else _person(signed_in, this.account)
    if person is None:
        forget()
        _note_end(signed_in, this, why="time" if this.is_over else "rights")
        return signed_in
    return supported(person.for_purpose(this.reason), signed_in)


def _begun(
    service: RecordService, supporter: Caller, account: UUID | None, *, reason: str
) -> UUID:
    known = account is not None and load_caller(service.transaction.connection, account)
    problems = [] if known and account != supporter.id else [Problem("account", "choose", PERSON)]
    problems += _problems_of(reason)
    if problems or account is None:
        raise ValidationFailed(problems)
    service.audit(supporter, "begin_support", record_id=account, purpose=reason)
    told: letters.Texts = {"on": utc_now(), "supporter": supporter.name, "reason": reason}
    letters.post(service.transaction, service.keyring, SUPPORT_BEGUN, to=[account], texts=told)
    return account


def _problems_of(reason: str) -> list[Problem]:
    if not reason:
        return [Problem("reason", "required", REASON)]
    if len(reason) > LONGEST_REASON:
        found: dict[str, object] = {"maximum": LONGEST_REASON, "length": len(reason)}
        return [Problem("reason", "too_long", REASON, found)]
    return [] if reason.isprintable() else [Problem("reason", "control_characters", REASON)]


def _person(supporter: Caller, account: UUID) -> Caller | None:
    if not supporter.may(Miscellaneous.ACT_ON_BEHALF):
        return None
    with engine().database.reading() as connection:
        return load_caller(connection, account)


def _note_end(supporter: Caller, this: SupportSession | None, *, why: str) -> None:
    if this is None:
        return
    caller = of_this_request(supporter).for_purpose(this.reason)
    engine().run(
        lambda service: service.audit(caller, "end_support", record_id=this.account, reason=why)
    )


def _read(kept: Any) -> SupportSession:
    return SupportSession(
        str(kept["supporter"]), UUID(kept["account"]), str(kept["reason"]), float(kept["until"])
    )

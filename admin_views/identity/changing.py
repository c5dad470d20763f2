"""A change of what an account signs in with, made by its person: whole or not at all.

Every session of the account ends with it but this one, which goes on under a new token; the audit
has it, and a mail tells of it. It does not know what is changed.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask_security import login_user
from sqlalchemy import update

from admin_views.identity.arrivals import AFTER_A_CHANGE
from admin_views.identity.auditing import itself, write_change
from admin_views.identity.session_list import forget_sessions
from extensions import engine
from jobs.letter_texts import Letter
from models.records.service import RecordService
from models.tables.principals import SystemUser

Work = Callable[[RecordService], None]


def change(account: Any, action: str, work: Work, *, letter: Letter, **texts: str) -> None:
    """Do `work`, note it and tell its person; `texts` go into the letter only."""

    def whole(service: RecordService) -> None:
        work(service)
        write_change(service, action, account, letter=letter, **texts)

    _with_new_sessions(account, whole)


def end_other_sessions(account: Any) -> None:
    _with_new_sessions(
        account, lambda service: service.audit(itself(service, account), "end_other_sessions")
    )


def _with_new_sessions(account: Any, work: Work) -> None:
    """Sessions hang on the account's identifier; it is written last, with what it belongs to."""
    uniquifier = uuid4().hex

    def whole(service: RecordService) -> None:
        service.transaction.lock()
        work(service)
        renewed = update(SystemUser).where(SystemUser.id == account.id)
        service.transaction.write(renewed.values(fs_uniquifier=uniquifier))
        forget_sessions(service.transaction, account.id)

    engine().run(whole)
    account.fs_uniquifier = uniquifier
    account.take_changes()
    login_user(account, authn_via=AFTER_A_CHANGE)

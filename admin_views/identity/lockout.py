"""Failures at the door: counted, answered with a lock that grows, and told to the person.

A lock stands for whatever can be guessed: password, code, recovery code. It does not know how a
failure was found out.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, select, update

from admin_views.identity import break_glass
from admin_views.identity.auditing import itself
from extensions import engine
from jobs import letters
from jobs.letter_texts import ACCOUNT_LOCKED, BREAK_GLASS_LOCKED
from models.records.service import RecordService
from models.tables.base import utc_now
from models.tables.principals import SystemUser

FAILURES_ALLOWED = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=5), timedelta(hours=12)
TOLD_EVERY = timedelta(hours=1)
"""One mail about locks an hour and account, or who locks it could flood its mailbox."""
MOST_COUNTED = 1000


def count_failure(account: Any, *, factor: str) -> None:
    """Count a failure; the fifth and every one after it lock, each time twice as long."""

    def work(service: RecordService) -> None:
        caller = itself(service, account)
        failures = _count(service, account.id)
        service.audit(caller, "sign_in_failed", outcome="refused", factor=factor)
        if failures >= FAILURES_ALLOWED:
            doublings = min(failures - FAILURES_ALLOWED, 12)
            until = utc_now() + min(LONGEST_LOCK, FIRST_LOCK * 2**doublings)
            _lock(service, account.id, until)
            service.audit(caller, "lock_account", record_id=account.id)

    engine().run(work)


def note_failure(account: Any, *, factor: str, reason: str) -> None:
    """A failure with what cannot be guessed: told to the person, but it locks nothing."""

    def work(service: RecordService) -> None:
        mine = update(SystemUser).where(SystemUser.id == account.id)
        service.transaction.write(mine.values(**_counted(SystemUser.untold_failures)))
        service.audit(
            itself(service, account),
            "sign_in_failed",
            outcome="refused",
            factor=factor,
            reason=reason,
        )

    engine().run(work)


def is_locked(user_id: UUID) -> bool:
    statement = select(SystemUser.locked_until).where(SystemUser.id == user_id)
    with engine().database.reading() as connection:
        until = connection.scalar(statement)
    return until is not None and until > utc_now()


def _count(service: RecordService, user_id: UUID) -> int:
    mine = SystemUser.id == user_id
    counted = _counted(SystemUser.failed_sign_ins, SystemUser.untold_failures)
    service.transaction.write(update(SystemUser).where(mine).values(**counted))
    failures = service.transaction.read(select(SystemUser.failed_sign_ins).where(mine)).scalar()
    return failures or 0


def _counted(*columns: Any) -> dict[str, Any]:
    return {
        column.name: case((column < MOST_COUNTED, column + 1), else_=MOST_COUNTED)
        for column in columns
    }


def _lock(service: RecordService, user_id: UUID, until: datetime) -> None:
    transaction, now = service.transaction, utc_now()
    mine = update(SystemUser).where(SystemUser.id == user_id)
    transaction.write(mine.values(locked_until=until))
    told = SystemUser.lock_told_on
    untold = mine.where(or_(told.is_(None), told <= now - TOLD_EVERY))
    if transaction.write(untold.values(lock_told_on=now)).rowcount:
        when = {"on": now, "until": until}
        letters.post(transaction, service.keyring, ACCOUNT_LOCKED, to=[user_id], texts=when)
        break_glass.tell_managers(service, user_id, BREAK_GLASS_LOCKED, texts=when)

"""The job kind note_dormant_accounts: each day, who became dormant, into the audit; each once.

That a dormant account is refused does not wait for it: that is reckoned at the door.
"""

from typing import Any

from sqlalchemy import select, update

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.dormancy import counted_from, is_dormant
from models.security.principals import ORGANIZATION
from models.tables.base import utc_now
from models.tables.principals import SystemUser

NOTER = Caller.system("looking for dormant accounts")


def note_dormant_accounts(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    engine.run(note_dormant)


def note_dormant(service: RecordService) -> int:
    """How many were noted that had not been since they were used last."""
    now, read = utc_now(), service.transaction.read
    organization = read(ORGANIZATION).one()
    accounts = read(select(SystemUser.__table__).where(SystemUser.active)).all()
    return sum(
        _note(service, account)
        for account in accounts
        if is_dormant(account, organization, at=now) and not _is_noted(account)
    )


def _is_noted(account: Any) -> bool:
    noted_on = account.dormant_noted_on
    return noted_on is not None and noted_on > counted_from(account)


def _note(service: RecordService, account: Any) -> bool:
    """Compare and swap: of several workers one notes it."""
    noted_on = SystemUser.dormant_noted_on
    before = account.dormant_noted_on
    unnoted = noted_on.is_(None) if before is None else noted_on == before
    statement = update(SystemUser).where(SystemUser.id == account.id, unnoted)
    if not service.transaction.write(statement.values(dormant_noted_on=utc_now())).rowcount:
        return False
    last = account.last_signed_in_on
    details = {"last_signed_in_on": last.isoformat()} if last else {}
    service.audit(NOTER, "account_dormant", record_id=account.id, **details)
    return True

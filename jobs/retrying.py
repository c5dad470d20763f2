"""Failed jobs put back into the queue by a person, once the cause is mended; audited.

What a job carries stays sealed. It does not know who may ask from where.
"""

from uuid import UUID

from sqlalchemy import select

from jobs.kinds import KINDS
from jobs.outbox import SEND_MAIL
from jobs.queue import try_again, try_all_again
from models.records.service import RecordService
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.record_data import SystemJob

ACTION = "retry_job"


def can_retry(kind: str, status: str) -> bool:
    """An export, say, ends with the request that did it: no worker knows how to."""
    return status == "FAILED" and kind in KINDS


def retry(service: RecordService, caller: Caller, job_id: UUID) -> bool:
    """Put one failed job back; False if it is not there, or not failed, any more."""
    require_miscellaneous(caller, Miscellaneous.READ_JOBS)
    statement = select(SystemJob.__table__).where(SystemJob.id == job_id)
    job = service.transaction.read(statement).first()
    if job is None or not can_retry(job.kind, job.status):
        return False
    if not try_again(service.transaction, job_id):
        return False
    service.audit(caller, ACTION, entity=job.entity, record_id=job.record_id, what=job.name)
    return True


def retry_mails(service: RecordService, caller: Caller) -> int:
    """Put all failed mails back; how many they are."""
    require_miscellaneous(caller, Miscellaneous.READ_JOBS)
    count = try_all_again(service.transaction, SEND_MAIL)
    if count:
        service.audit(caller, ACTION, what=SEND_MAIL, count=count)
    return count

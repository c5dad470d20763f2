"""The job kinds build_extract and expire_extracts: files that were approved are made, old ones go.

A job is written in the transaction that approves. Rules and files are exchange's.
"""

from uuid import UUID

from exchange.extracts import deciding, expiring
from exchange.extracts.building import build
from exchange.extracts.expiring import expire
from jobs.mail import Mailer
from jobs.outbox import enqueue_about
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller

BUILD_EXTRACT, EXPIRE_EXTRACTS = "build_extract", "expire_extracts"


def approve(service: RecordService, caller: Caller, extract_id: UUID) -> None:
    """Approve the request and have its file built. Raises as `deciding.approve`."""
    deciding.approve(service, caller, extract_id)
    enqueue_about(service.transaction, kind=BUILD_EXTRACT, about=extract_id)


def build_anew(service: RecordService, caller: Caller, extract_id: UUID) -> bool:
    """Have a file that is out of date built once more; False where it is not there any more."""
    is_waiting = expiring.renew(service, caller, extract_id)
    if is_waiting:
        enqueue_about(service.transaction, kind=BUILD_EXTRACT, about=extract_id)
    return is_waiting


def build_extract(engine: RecordEngine, _mailer: Mailer, job: ClaimedJob) -> None:
    if job.record_id is not None:
        build(engine, job.record_id)


def expire_extracts(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    expire(engine, build_anew=build_anew)

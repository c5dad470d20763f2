"""Whether the nightly job runs, and what it could not prove: the same answer for the page, the
start page and the machine's own monitoring.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from jobs.retention.handlers import END_RETENTION
from models.records.service import RecordService
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from models.tables.retention import UNPROVED, Erasure

RUNS_WITHIN = timedelta(hours=26)
"""It is to run every night."""


def last_run(service: RecordService) -> datetime | None:
    """When it last succeeded."""
    statement = select(func.max(SystemJob.completed_on)).where(
        SystemJob.kind == END_RETENTION, SystemJob.status == "SUCCEEDED"
    )
    found: datetime | None = service.transaction.read(statement).scalar()
    return found


def is_late(service: RecordService) -> bool:
    """Whether it did not run. Where it never has, it has as long from the day it was first told
    to: a new installation waits for its first night."""
    counts_from = last_run(service) or _first_told(service)
    return counts_from is None or counts_from <= utc_now() - RUNS_WITHIN


def unsettled() -> Select[int]:
    """How many erasures could not be proved, and nobody said what was done about it."""
    return select(func.count()).where(Erasure.state == UNPROVED, Erasure.settled_on.is_(None))


def _first_told(service: RecordService) -> datetime | None:
    statement = select(func.min(SystemJob.created_on)).where(SystemJob.kind == END_RETENTION)
    found: datetime | None = service.transaction.read(statement).scalar()
    return found

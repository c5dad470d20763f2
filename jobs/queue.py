"""The queue of system jobs: claimed by one worker at a time, tried again, or given up visibly.

A claim is a lease. A worker that dies loses it, and the job is taken over: what it did may then
be done twice, and the job's message says so. It does not know what a job does.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Update, and_, func, or_, select, update

from jobs.notices import GIVEN_UP, Failure, joined, taken_over
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Database, Transaction

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 9
"""With the delays below: eight more attempts within about a day (20 to 27 hours)."""
FIRST_DELAY, LONGEST_DELAY = 30.0, 6 * 3600.0
OVERDUE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job this worker holds; `payload` is sealed. `attempts` is its fencing token: who took
    the job over has another one, and what the former holder writes no longer counts."""

    id: UUID
    kind: str
    name: str
    recurrence: str | None
    due_on: datetime
    record_id: UUID | None
    payload: bytes | None
    attempts: int
    message: str


def claim(database: Database, worker: str, *, limit: int = 1) -> list[ClaimedJob]:
    """Lease up to `limit` jobs that are due, the longest due first."""
    return database.run(lambda transaction: _claim(transaction, worker, limit))


def renew(transaction: Transaction, job: ClaimedJob) -> bool:
    """Lease it for longer; False if it is no longer held."""
    statement = _held(job).values(lease_until=utc_now() + LEASE)
    return transaction.write(statement).rowcount == 1


def succeed(transaction: Transaction, job: ClaimedJob) -> bool:
    """Done; the payload is removed. False if the lease was lost meanwhile."""
    return _finish(transaction, job, status="SUCCEEDED", payload=None)


def cancel(transaction: Transaction, job: ClaimedJob, reason: str) -> bool:
    """There is nothing left to do; the payload is removed."""
    return _finish(transaction, job, status="CANCELED", reason=reason, payload=None)


def fail(transaction: Transaction, job: ClaimedJob, failure: Failure) -> bool:
    """Try again later, or give up after MOST_ATTEMPTS; the payload is kept either way."""
    if failure.is_final or job.attempts >= MOST_ATTEMPTS:
        return _finish(transaction, job, status="FAILED", reason=failure.reason)
    statement = _held(job).values(
        state="READY",
        status="WAITING",
        locked_by=None,
        lease_until=None,
        due_on=utc_now() + timedelta(seconds=delay(job.attempts)),
        message=joined(job.message, failure.reason),
    )
    return transaction.write(statement).rowcount == 1


def try_again(transaction: Transaction, job_id: UUID) -> bool:
    """Put a job that was given up back into the queue, now that its cause was mended."""
    return _put_back(transaction, SystemJob.id == job_id) == 1


def try_all_again(transaction: Transaction, kind: str) -> int:
    """Put all jobs of a kind that were given up back into the queue; how many they are."""
    return _put_back(transaction, SystemJob.kind == kind)


def delay(attempts: int) -> float:
    """Seconds until the next attempt: four times longer each, up to six hours, with jitter."""
    longest = min(LONGEST_DELAY, FIRST_DELAY * 4.0 ** (attempts - 1))
    return longest * random.uniform(0.8, 1.2)  # nosec B311  # noqa: S311 - jitter


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Not run when it was due: no worker runs, or those that run cannot keep up."""
    late = now - OVERDUE_AFTER
    waits = and_(SystemJob.state == "READY", SystemJob.due_on < late)
    # A job that a web process does has no lease: it is not overdue, rather than unknown.
    lost = and_(SystemJob.lease_until.is_not(None), SystemJob.lease_until < late)
    return or_(waits, and_(SystemJob.state == "LOCKED", lost))


def overdue(connection: Connection) -> list[UUID]:
    """The jobs that are overdue now, the longest due first."""
    statement = select(SystemJob.id).where(is_overdue(utc_now())).order_by(SystemJob.due_on)
    return list(connection.scalars(statement))


def due_count(connection: Connection) -> int:
    """How many jobs a worker would take now, one after the other."""
    statement = select(func.count()).select_from(SystemJob).where(_claimable(utc_now()))
    return connection.scalar(statement) or 0


def _put_back(transaction: Transaction, which: ColumnElement[bool]) -> int:
    statement = (
        update(SystemJob)
        .where(which, SystemJob.status == "FAILED")
        .values(
            state="READY",
            status="WAITING",
            attempts=0,
            due_on=utc_now(),
            completed_on=None,
            lease_until=None,
        )
    )
    return transaction.write(statement).rowcount


def _claimable(now: datetime) -> ColumnElement[bool]:
    due = and_(SystemJob.state == "READY", SystemJob.due_on <= now)
    return or_(due, and_(SystemJob.state == "LOCKED", SystemJob.lease_until < now))


def _claim(transaction: Transaction, worker: str, limit: int) -> list[ClaimedJob]:
    now = utc_now()
    # An idle worker reads only: on SQLite it must not take the writers' lock twice a second.
    if transaction.read(select(SystemJob.id).where(_claimable(now)).limit(1)).first() is None:
        return []
    statement = (
        select(SystemJob.__table__)
        .where(_claimable(now))
        .order_by(SystemJob.due_on)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = transaction.lock().execute(statement).all()
    return [job for row in rows if (job := _take(transaction, row, worker, now=now)) is not None]


def _take(
    transaction: Transaction, row: Row[Any], worker: str, *, now: datetime
) -> ClaimedJob | None:
    """Lease the job of the row, if nobody else did; None also if workers keep dying of it."""
    lost = row.state == "LOCKED"
    message = joined(row.message, taken_over(row.kind)) if lost else row.message
    taken = update(SystemJob).where(
        SystemJob.id == row.id,
        SystemJob.state == row.state,
        SystemJob.attempts == row.attempts,
    )
    if lost and row.attempts >= MOST_ATTEMPTS:
        given_up = joined(message, GIVEN_UP)
        transaction.write(taken.values(**_completed("FAILED", given_up)))
        return None
    leased = taken.values(
        state="LOCKED",
        status="IN_PROGRESS",
        locked_by=worker,
        lease_until=now + LEASE,
        attempts=row.attempts + 1,
        started_on=now,
        message=message,
    )
    if transaction.write(leased).rowcount != 1:
        return None
    return ClaimedJob(
        id=row.id,
        kind=row.kind,
        name=row.name,
        recurrence=row.recurrence,
        due_on=row.due_on,
        record_id=row.record_id,
        payload=row.payload,
        attempts=row.attempts + 1,
        message=message,
    )


def _finish(
    transaction: Transaction,
    job: ClaimedJob,
    *,
    status: str,
    reason: str = "",
    **changes: None,
) -> bool:
    values = _completed(status, joined(job.message, reason)) | changes
    return transaction.write(_held(job).values(**values)).rowcount == 1


def _completed(status: str, message: str) -> dict[str, object]:
    return {
        "state": "COMPLETED",
        "status": status,
        "message": message,
        "lease_until": None,
        "completed_on": utc_now(),
    }


def _held(job: ClaimedJob) -> Update:
    return update(SystemJob).where(
        SystemJob.id == job.id,
        SystemJob.state == "LOCKED",
        SystemJob.attempts == job.attempts,
    )

"""The job kind purge_intake: what the front doors kept for a while and need no more.

Form sessions past their end, with the keys their unsent drafts are sealed with; old links, rate
limits, staff sessions and their browsers, finished jobs. The database's log is emptied at the end:
of them, and of the records that the office deleted since the last time. How far the keystore has
come by then is noted, so that one put back to an older state is known at the next start.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from crypto.envelope import key_id_of
from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.metadata.catalog import Catalog
from models.records.engine import RecordEngine
from models.records.rekeying.belonging import remember
from models.tables.applicants import AddressChange, ApplicantLink, ApplicantSession
from models.tables.base import utc_now
from models.tables.credentials import KnownDevice, PasskeyChallenge
from models.tables.intake import ConfirmationToken, FormSession, RateLimit
from models.tables.principals import StaffSession
from models.tables.record_data import SystemJob
from models.tables.session import Transaction

BATCH = 500
SESSIONS_KEPT = timedelta(hours=1)
"""A form session that ends while its form is being sent is not to lose its key."""
LINKS_KEPT = timedelta(days=30)
"""So long an old link is answered with "expired" instead of "unknown"."""
LONGEST_DOWNLOAD = timedelta(hours=12)
JOBS_KEPT = timedelta(days=7)
FAILURES_KEPT = timedelta(days=30)
DEVICES_KEPT = timedelta(days=180)
"""A browser of staff that was not used for so long counts as a new one."""


def purge_intake(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    while engine.database.run(lambda transaction: _end_sessions(engine, transaction)) == BATCH:
        pass
    engine.database.run(_cancel_abandoned)
    engine.database.run(_purge)
    engine.database.empty_log()
    remember(engine)


def _end_sessions(engine: RecordEngine, transaction: Transaction) -> int:
    """End up to BATCH form sessions; how many it were.

    The keys go first: destroying them twice is harmless, a draft that outlives its row is not.
    """
    statement = (
        select(
            FormSession.token_hash, FormSession.form, FormSession.draft, FormSession.submitted_on
        )
        .where(FormSession.expires_on < utc_now() - SESSIONS_KEPT)
        .order_by(FormSession.expires_on)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = transaction.lock().execute(statement).all()
    doomed = _keys_of_drafts(engine.catalog, rows)
    if doomed:
        engine.keyring.destroy(doomed)
    ended = [row.token_hash for row in rows]
    transaction.write(delete(FormSession).where(FormSession.token_hash.in_(ended)))
    return len(rows)


def _keys_of_drafts(catalog: Catalog, rows: Sequence[Any]) -> set[int]:
    """Of drafts that became no record; a key that a month's records share is not a draft's."""
    return {
        key_id_of(row.draft)
        for row in rows
        if row.draft is not None
        and row.submitted_on is None
        and row.form in catalog.forms
        and catalog.entity(catalog.forms[row.form].entity).key_bucket == "record"
    }


def _cancel_abandoned(transaction: Transaction) -> None:
    """What a web process began and did not end: it is gone. Such a job has no lease."""
    begun = SystemJob.started_on < utc_now() - LONGEST_DOWNLOAD
    abandoned = and_(SystemJob.state == "LOCKED", SystemJob.lease_until.is_(None), begun)
    ended = {"state": "COMPLETED", "status": "CANCELED", "completed_on": utc_now()}
    transaction.write(update(SystemJob).where(abandoned).values(**ended))


def _purge(transaction: Transaction) -> None:
    now = utc_now()
    done, failed = SystemJob.state == "COMPLETED", SystemJob.status == "FAILED"
    outdated = or_(
        and_(done, ~failed, SystemJob.completed_on < now - JOBS_KEPT),
        and_(done, SystemJob.completed_on < now - FAILURES_KEPT),
    )
    transaction.write(delete(SystemJob).where(outdated))
    old_links = ConfirmationToken.expires_on < now - LINKS_KEPT
    transaction.write(delete(ConfirmationToken).where(old_links))
    transaction.write(delete(ApplicantLink).where(ApplicantLink.expires_on < now))
    transaction.write(delete(ApplicantSession).where(ApplicantSession.expires_on < now))
    transaction.write(delete(AddressChange).where(AddressChange.expires_on < now))
    transaction.write(delete(RateLimit).where(RateLimit.expires_on < now.timestamp()))
    transaction.write(delete(StaffSession).where(StaffSession.expires_on < now))
    transaction.write(delete(PasskeyChallenge).where(PasskeyChallenge.expires_on < now))
    transaction.write(delete(KnownDevice).where(KnownDevice.last_seen_on < now - DEVICES_KEPT))

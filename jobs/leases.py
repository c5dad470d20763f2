"""A lease kept up while a job is done, so that a long job is not taken for a dead worker's.

A process that is killed or frozen keeps up nothing: its lease runs out.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from jobs.queue import LEASE, ClaimedJob, renew
from models.tables.session import Database

RENEWED_AFTER_SECONDS = LEASE.total_seconds() / 4
LOGGER = logging.getLogger(__name__)


@contextmanager
def kept(database: Database, job: ClaimedJob) -> Iterator[None]:
    """Renew the job's lease every half a minute until the block ends."""
    over = Event()
    keeper = Thread(target=_keep, args=(database, job, over), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(database: Database, job: ClaimedJob, over: Event) -> None:
    while not over.wait(RENEWED_AFTER_SECONDS):
        try:
            if not database.run(lambda transaction: renew(transaction, job)):
                return
        except SQLAlchemyError:
            LOGGER.warning("the lease of job %s could not be renewed", job.id)

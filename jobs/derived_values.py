"""The job kind recalculate_values: calculated attributes and rollups of records that are there.

Once where one is new or is reckoned otherwise than before, each night of all. What is right is
only read; what was wrong is put right and told to whoever runs the platform.
"""

import logging

from jobs.mail import Mailer
from jobs.outbox import ask_for
from jobs.queue import ClaimedJob
from models.metadata.catalog import Catalog
from models.records.derived import filling
from models.records.engine import RecordEngine
from models.tables.session import Transaction

RECALCULATE = "recalculate_values"
LOGGER = logging.getLogger(__name__)


def recalculate_values(engine: RecordEngine, _mailer: Mailer, job: ClaimedJob) -> None:
    count = filling.fill(engine, everywhere=bool(job.recurrence))
    if job.recurrence and count:
        LOGGER.warning("calculated values of %d records were not up to date", count)


def ensure_filled(transaction: Transaction, catalog: Catalog) -> None:
    """Have values reckoned where an attribute is new, or follows from something else."""
    if filling.unfilled(catalog, transaction):
        ask_for(transaction, RECALCULATE)

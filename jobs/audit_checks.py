"""The job kinds audit_checkpoint and audit_verification: the audit vouched for, and examined.

What either finds wrong makes the job fail for good, where those see it who look after jobs.
"""

import logging

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.checkpoints import results
from models.records.checkpoints.examining import examine
from models.records.checkpoints.making import AuditTampered, make_checkpoint
from models.records.engine import RecordEngine

LOGGER = logging.getLogger(__name__)


def checkpoint(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    make_checkpoint(engine.database, engine.keyring, engine.second_place)


def verification(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    found = examine(engine.database, engine.keyring, engine.second_place.lines)
    engine.database.run(lambda transaction: results.keep(transaction, found))
    for fault in found.faults:
        LOGGER.critical("the audit log fails at entry %s: %s", fault.sequence, fault.reason)
    if not found.holds:
        raise AuditTampered(f"the audit log has {len(found.faults)} faults")

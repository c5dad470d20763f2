"""The handlers: what is due is proposed and carried out every night, and what a person approved at
once."""

from jobs.extracts import expire_extracts
from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from jobs.registers import keep_registers
from jobs.retention.carrying_out import carry_out
from jobs.retention.proposing import propose
from models.records.engine import RecordEngine

END_RETENTION, CARRY_OUT = "end_retention", "carry_out_erasures"


def end_retention(engine: RecordEngine, mailer: Mailer, job: ClaimedJob) -> None:
    keep_registers(engine)
    propose(engine)
    carry_out_erasures(engine, mailer, job)


def carry_out_erasures(engine: RecordEngine, mailer: Mailer, job: ClaimedJob) -> None:
    """Files that hold what went are built anew without it."""
    if carry_out(engine, by=job.id, backup_days=mailer.settings.backup_days):
        expire_extracts(engine, mailer, job)

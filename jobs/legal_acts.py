"""The job kind keep_legal_acts: certificates of erasure, holds, people's requests and suspensions
of use go into the second place, so that a restore does not undo them.
"""

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine
from models.records.legal_acts.keeping import keep

KEEP_LEGAL_ACTS = "keep_legal_acts"


def keep_legal_acts(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    keep(engine)

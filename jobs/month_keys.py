"""The job kind end_month_keys: every night the keys of past months go that nothing names any more.

Last in the night, so that what was erased in it counts.
"""

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine
from models.records.rekeying import month_keys

END_MONTH_KEYS = "end_month_keys"


def end_month_keys(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    month_keys.end_month_keys(engine)

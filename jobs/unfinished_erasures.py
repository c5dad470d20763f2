"""The job kind finish_erasures: every night what the keystore remembers as erased, and what stands
in the database all the same since a commit was lost, goes as it was to go.

What was found is told to whoever runs the platform; what cannot be finished fails the job.
"""

import logging

from jobs.mail import Mailer
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine
from models.records.erasing import replaying

FINISH_ERASURES = "finish_erasures"
LOGGER = logging.getLogger(__name__)


class NotFinished(Exception):
    """Records whose keys are destroyed cannot be deleted: something holds them, or points to
    them."""


def finish_erasures(engine: RecordEngine, _mailer: Mailer, _job: ClaimedJob) -> None:
    done = replaying.finish_erasures(engine)
    if done.finished:
        LOGGER.warning("%d erasures had stopped half-way and were finished", done.finished)
    if done.held_back:
        raise NotFinished(f"{done.held_back} records")

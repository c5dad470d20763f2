"""The job kind send_mail: open the sealed mail and hand it to the server."""

from jobs.mail import Mailer
from jobs.outbox import open_mail
from jobs.queue import ClaimedJob
from models.records.engine import RecordEngine


def send_mail(engine: RecordEngine, mailer: Mailer, job: ClaimedJob) -> None:
    if job.payload is None:
        raise ValueError("a mail without a payload")
    mailer.send(open_mail(engine.keyring, job.id, job.payload))

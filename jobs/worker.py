"""The worker: takes due jobs, does them, writes down what became of them; until told to stop.

Several may run. What a job does outside the database is never inside a transaction.
"""

import logging
import os
import socket
from collections.abc import Callable
from threading import Event
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from crypto.errors import DestroyedKey
from jobs import derived_values, duplicates, leases, notices, queue
from jobs.kinds import KINDS
from jobs.mail import Mailer
from jobs.platform_recurrences import all_recurrences
from jobs.queue import ClaimedJob
from jobs.recurrences import ensure
from models.records.engine import RecordEngine
from models.tables.session import Transaction

IDLE_SECONDS = 0.5
SECONDS_WITHOUT_DATABASE = 5.0
ENSURED_EVERY_SECONDS = 600.0
LOGGER = logging.getLogger(__name__)


class Worker:
    def __init__(self, engine: RecordEngine, mailer: Mailer) -> None:
        self._engine = engine
        self._mailer = mailer
        self._ensured = (-1, 0.0)
        self.name = f"{socket.gethostname()}:{os.getpid()}"[:80]

    def run(
        self, stop: Event, *, drain: bool = False, progress: Callable[[int], None] | None = None
    ) -> int:
        """Work until `stop` is set, or with `drain` until nothing is due; how many jobs it was,
        told to `progress` on the way.

        A database that does not answer is waited for, except with `drain`.
        """
        done = 0
        while not stop.is_set():
            try:
                worked = self._work()
            except SQLAlchemyError as error:
                if drain:
                    raise
                LOGGER.warning("the database does not answer: %s", type(error).__name__)
                stop.wait(SECONDS_WITHOUT_DATABASE)
                continue
            done += worked
            if worked and progress is not None:
                progress(done)
            if not worked:
                if drain:
                    break
                stop.wait(IDLE_SECONDS)
        return done

    def _work(self) -> int:
        """Do one job that is due, if there is one."""
        self._ensure_recurrences()
        jobs = queue.claim(self._engine.database, self.name)
        for job in jobs:
            with leases.kept(self._engine.database, job):
                self._do(job)
        return len(jobs)

    def _do(self, job: ClaimedJob) -> None:
        database = self._engine.database
        try:
            handler = KINDS[job.kind]
            handler(self._engine, self._mailer, job)
        except DestroyedKey:
            database.run(lambda transaction: queue.cancel(transaction, job, notices.ERASED))
        except Exception as error:  # a job must not end the worker, whatever it meets
            failure = notices.failure(error)
            said = failure.reason.replace("\n", " ")
            LOGGER.warning("job %s (%s) failed: %s", job.id, job.kind, said)
            database.run(lambda transaction: queue.fail(transaction, job, failure))
        else:
            database.run(lambda transaction: queue.succeed(transaction, job))
        if job.recurrence:
            database.run(self._ensure)

    def _ensure_recurrences(self) -> None:
        """When the metadata changed, and every ten minutes: whatever ended one, it goes on."""
        version, now = self._engine.catalog.version, monotonic()
        ensured_version, ensured_at = self._ensured
        if version != ensured_version or now - ensured_at > ENSURED_EVERY_SECONDS:
            self._engine.database.run(self._ensure)
            self._ensured = (version, now)

    def _ensure(self, transaction: Transaction) -> None:
        catalog = self._engine.catalog
        ensure(transaction, all_recurrences(catalog))
        duplicates.ensure_codes(transaction, catalog)
        derived_values.ensure_filled(transaction, catalog)

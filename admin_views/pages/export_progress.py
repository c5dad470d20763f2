"""How far an export is, for the page that waits for it: a system job that runs in a request.

It is LOCKED by the web process without a lease, so no worker takes it; it holds numbers only.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import insert, select, update

from exchange.exporting import Export
from models.records.engine import RecordEngine
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Transaction

KIND = "export_download"
BETWEEN_NOTES = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Progress:
    rows: int
    total: int
    status: str
    replaced: int = 0
    """Characters that the encoding could not express."""


@dataclass(slots=True)
class ProgressNote:
    """Notes the rows sent, at most twice a second."""

    engine: RecordEngine
    id: UUID
    total: int
    rows: int = 0
    replaced: int = 0
    _noted: float = field(default=0.0)

    def start(self, entity: str) -> None:
        """A second export from one page takes over the note of the first."""
        row = {
            "id": self.id,
            "kind": KIND,
            "name": KIND,
            "state": "LOCKED",
            "status": "IN_PROGRESS",
            "entity": entity,
            "locked_by": "web",
            "attempts": 1,
            "started_on": utc_now(),
            "completed_on": None,
            "message": self._message(),
        }
        again = update(SystemJob).where(SystemJob.id == self.id, SystemJob.kind == KIND)

        def write(transaction: Transaction) -> None:
            if not transaction.write(again.values(**row)).rowcount:
                transaction.write(insert(SystemJob), row)

        self.engine.database.run(write, durable=False)

    def watched(self, export: Export) -> Iterator[bytes]:
        """The file's pieces as they are; their end, or their breaking off, is noted."""
        status = "CANCELED"  # what remains when the reader goes away
        try:
            yield from export
            status = "SUCCEEDED"
        except Exception:
            status = "FAILED"
            raise
        finally:
            self.rows, self.replaced = export.rows, export.writer.replaced
            self._finish(status)

    def sent(self, rows: int) -> None:
        """So many rows are written by now."""
        self.rows = rows
        if time.monotonic() - self._noted >= BETWEEN_NOTES:
            self._noted = time.monotonic()
            self._write(message=self._message())

    def _finish(self, status: str) -> None:
        self._write(
            message=self._message(),
            state="COMPLETED",
            status=status,
            completed_on=utc_now(),
        )

    def _message(self) -> str:
        return f"{self.rows} / {self.total} / {self.replaced}"

    def _write(self, **values: object) -> None:
        statement = update(SystemJob).where(SystemJob.id == self.id).values(**values)
        self.engine.database.run(lambda transaction: transaction.write(statement), durable=False)


def read_progress(transaction: Transaction, job_id: UUID) -> Progress | None:
    statement = select(SystemJob.message, SystemJob.status).where(
        SystemJob.id == job_id, SystemJob.kind == KIND
    )
    row = transaction.read(statement).first()
    if row is None:
        return None
    rows, total, replaced = map(int, row.message.split(" / "))
    return Progress(rows, total, row.status, replaced)

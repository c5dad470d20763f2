"""How far an export is, for the page that waits for it: a system job that runs in a request.

It is LOCKED without a lease, so no worker takes it: by the web process for one caller, to whom
alone it is told. It holds numbers, and sealed the places of what Shift_JIS could not say.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from admin_views.extraction.export_report import Place, open_places, places_of, seal_places
from exchange.exporting import Export
from models.metadata.errors import RecordNotFound
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Transaction

KIND = "export_download"
BETWEEN_NOTES = 0.5  # seconds
REPORTED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Progress:
    rows: int
    total: int
    status: str
    replaced: int = 0
    """Characters that the encoding could not express."""
    places: tuple[Place, ...] = ()
    """Where the first of them stood."""


@dataclass(slots=True)
class ProgressNote:
    """Notes the rows sent, at most twice a second."""

    engine: RecordEngine
    caller: Caller
    id: UUID = field(kw_only=True)
    total: int = field(kw_only=True)
    rows: int = 0
    replaced: int = 0
    _noted: float = field(default=0.0)

    def start(self, entity: str) -> None:
        """A second export from one page takes over the note of the first; RecordNotFound where
        the id is another's, or that of another kind of job."""
        row = {
            "id": self.id,
            "kind": KIND,
            "name": KIND,
            "state": "LOCKED",
            "status": "IN_PROGRESS",
            "due_on": utc_now(),
            "entity": entity,
            "payload": None,
            "locked_by": _holder(self.caller),
            "attempts": 1,
            "started_on": utc_now(),
            "completed_on": None,
            "message": self._message(),
        }
        this = SystemJob.id == self.id
        again = update(SystemJob).where(this, SystemJob.kind == KIND, _held_for(self.caller))

        def write(transaction: Transaction) -> None:
            if transaction.write(again.values(**row)).rowcount:
                return
            if transaction.read(select(SystemJob.id).where(this)).first():
                raise RecordNotFound("export")
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
            self._finish(status, self._report(export))

    def sent(self, rows: int) -> None:
        """So many rows are written by now."""
        self.rows = rows
        if time.monotonic() - self._noted >= BETWEEN_NOTES:
            self._noted = time.monotonic()
            self._write(message=self._message())

    def _report(self, export: Export) -> bytes | None:
        places, caller_id = places_of(export), self.caller.id
        return (
            seal_places(self.engine.keyring, caller_id, places) if places and caller_id else None
        )

    def _finish(self, status: str, report: bytes | None) -> None:
        self._write(
            message=self._message(),
            state="COMPLETED",
            status=status,
            payload=report,
            completed_on=utc_now(),
        )

    def _message(self) -> str:
        return f"{self.rows} / {self.total} / {self.replaced}"

    def _write(self, **values: object) -> None:
        statement = update(SystemJob).where(SystemJob.id == self.id).values(**values)
        self.engine.database.run(lambda transaction: transaction.write(statement), durable=False)


def read_progress(engine: RecordEngine, caller: Caller, job_id: UUID) -> Progress | None:
    """How far an export of the caller's own is; None if there is no such export."""
    return _read(engine, caller, SystemJob.id == job_id)


def last_export(engine: RecordEngine, caller: Caller) -> Progress | None:
    """The caller's last export that ended, if that was within a day."""
    recent = SystemJob.due_on > utc_now() - REPORTED_FOR
    return _read(engine, caller, (SystemJob.state == "COMPLETED") & recent)


def _read(engine: RecordEngine, caller: Caller, which: ColumnElement[bool]) -> Progress | None:
    statement = (
        select(SystemJob.message, SystemJob.status, SystemJob.payload)
        .where(SystemJob.kind == KIND, _held_for(caller), which)
        .order_by(SystemJob.due_on.desc())
        .limit(1)
    )
    with engine.database.reading() as connection:
        row: Any = connection.execute(statement).first()
    if row is None:
        return None
    rows, total, replaced = map(int, row.message.split(" / "))
    places: tuple[Place, ...] = ()
    if row.payload is not None and caller.id is not None:
        places = open_places(engine.keyring, caller.id, row.payload)
    return Progress(rows, total, row.status, replaced, places)


def _held_for(caller: Caller) -> ColumnElement[bool]:
    return SystemJob.locked_by == _holder(caller)


def _holder(caller: Caller) -> str:
    return f"web for {caller.id}"

"""Export: a query's records as a file that leaves at once, noted in the audit and the ledger.

It runs as the caller: what they may not read is not in it, what they may read masked is masked.
What another person has to approve first does not leave here (see `extracts`).
"""

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from exchange.extracts import entries
from exchange.extracts.rule import require_direct
from exchange.extracts.states import Step, found, was_taken
from exchange.formats import FileWriter, require_fitting
from exchange.orders import Door, ExportOrder, require_stated
from exchange.record_file import RecordFile
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import AccessDenied
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.streaming import RecordStream
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id, utc_now

Progress = Callable[[int], None]


class Export:
    """Iterate once for the file's bytes; afterwards `rows`, `sha256` and `writer.report`."""

    def __init__(
        self,
        engine: RecordEngine,
        caller: Caller,
        order: ExportOrder,
        *,
        progress: Progress | None = None,
    ) -> None:
        """Raises AccessDenied, ValidationFailed or DefinitionError before the first byte."""
        caller = caller.for_purpose(order.purpose)
        _require_permitted(engine, caller, order)
        require_stated(order)
        stream: RecordStream = engine.stream(caller, order.query)
        require_fitting(order.format, stream.columns)
        self._engine = engine
        self._caller = caller
        self._order = order
        self._progress = progress
        self._id = new_id()
        self._file = RecordFile(
            stream.columns, stream, format=order.format, language=order.language
        )

    @property
    def rows(self) -> int:
        return self._file.rows

    @property
    def columns(self) -> tuple[AttributeDefinition, ...]:
        return self._file.columns

    @property
    def titles(self) -> list[str]:
        """The header's cells."""
        return self._file.titles

    @property
    def sha256(self) -> str:
        return self._file.sha256

    @property
    def writer(self) -> FileWriter:
        return self._file.writer

    def __iter__(self) -> Generator[bytes, None, None]:
        """Audit and ledger know of the export before its first byte leaves, and how it ended."""
        self._engine.run(self._begin)
        outcome = "aborted"  # what remains when the reader goes away
        try:
            for piece in self._file:
                yield piece
                if self._progress is not None:
                    self._progress(self.rows)
            outcome = "ok"
        except Exception:
            outcome = "failed"
            raise
        finally:
            self._engine.run(partial(self._end, outcome=outcome))

    def _begin(self, service: RecordService) -> None:
        values = {"id": self._id, "state": Step.HAND_OVER.before[0]}
        entries.begin(service, self._caller, self._order, values=values)
        self._note(service, outcome="started")

    def _end(self, service: RecordService, *, outcome: str) -> None:
        step = Step.HAND_OVER if outcome == "ok" else Step.BREAK_OFF
        was_taken(
            service.transaction,
            self._id,
            step,
            count=self.rows,
            built=self.rows,
            size=self._file.size,
            sha256=self.sha256,
            downloaded_on=utc_now(),
        )
        self._note(service, outcome=outcome)

    def _note(self, service: RecordService, *, outcome: str) -> None:
        extract = found(service.transaction, self._id)
        details: dict[str, Any] = {}
        if outcome != "started":
            details["replaced"] = self.writer.replaced
        entries.note(service, self._caller, "export", extract=extract, outcome=outcome, **details)


def _require_permitted(engine: RecordEngine, caller: Caller, order: ExportOrder) -> None:
    """The rule holds for every door but the shell, where nobody could be asked."""
    if order.door is Door.REQUEST:
        raise AccessDenied("a request is built once it was approved", caller=caller)
    if order.door is Door.SHELL:
        require_miscellaneous(caller, Miscellaneous.EXPORT)
    else:
        require_direct(engine.catalog, caller, order.query)

"""Export: a query's records as CSV, for a stated purpose and recipient, noted in the audit.

It runs as the caller: what they may not read is not in it, what they may read masked is masked.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

from exchange.columns import Cells, cells_of, guarded
from exchange.csv_writing import ENCODINGS, CsvWriter
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError, Problem, ValidationFailed
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.streaming import RecordStream
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous

PURPOSE = Label("利用目的", "Purpose")
RECIPIENT = Label("提供先", "Recipient")
LONGEST_STATEMENT = 200

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What is to be exported, what for and for whom."""

    query: Query
    purpose: str
    recipient: str
    view: str = ""
    encoding: str = "utf-8-sig"
    language: str = "ja"


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
        _check(caller, order)
        self._engine = engine
        self._caller = caller
        self._order = order
        self._progress = progress
        self._stream: RecordStream = engine.stream(caller, order.query)
        self._hash = hashlib.sha256()
        self.writer = CsvWriter(order.encoding)

    @property
    def rows(self) -> int:
        return self.writer.rows

    @property
    def columns(self) -> tuple[AttributeDefinition, ...]:
        return self._stream.columns

    @property
    def titles(self) -> list[str]:
        """The header's cells."""
        return [guarded(one.display_name.text(self._order.language)) for one in self.columns]

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Generator[bytes, None, None]:
        """The audit knows of the export before its first byte leaves, and how it ended."""
        self._note("started")
        outcome = "aborted"  # what remains when the reader goes away
        try:
            for chunk in self._chunks():
                self._hash.update(chunk)
                yield chunk
                if self._progress is not None:
                    self._progress(self.rows)
            outcome = "ok"
        except Exception:
            outcome = "failed"
            raise
        finally:
            self._note(outcome)

    def _chunks(self) -> Iterator[bytes]:
        formatters = [cells_of(attribute, self._order.language) for attribute in self.columns]
        yield self.writer.header(self.titles)
        for rows in self._stream:
            yield self.writer.chunk(_cells(rows, formatters))

    def _note(self, outcome: str) -> None:
        order, columns = self._order, self.columns
        written: dict[str, Any] = {}
        if outcome != "started":
            written["count"] = self.rows
            written["replaced"] = self.writer.replaced
            written["sha256"] = self.sha256

        def write(service: RecordService) -> None:
            service.audit(
                self._caller,
                "export",
                entity=order.query.entity,
                outcome=outcome,
                view=order.view,
                attributes=[column.logical_name for column in columns],
                personal=[column.logical_name for column in columns if column.personal],
                purpose=order.purpose.strip(),
                recipient=order.recipient.strip(),
                encoding=order.encoding,
                **written,
            )

        self._engine.run(write)


def export_csv(
    engine: RecordEngine,
    caller: Caller,
    order: ExportOrder,
    *,
    progress: Progress | None = None,
) -> Iterator[bytes]:
    """The file's chunks; everything that can be refused is refused before this returns."""
    return iter(Export(engine, caller, order, progress=progress))


def readable_attributes(
    engine: RecordEngine, caller: Caller, query: Query
) -> tuple[AttributeDefinition, ...]:
    """The attributes an export of this query would hold."""
    return engine.stream(caller, query).columns


def _cells(rows: list[tuple[object, ...]], formatters: list[Cells]) -> list[list[str]]:
    columns = zip(*rows, strict=True)
    return [cells(values) for cells, values in zip(formatters, columns, strict=True)]


def _check(caller: Caller, order: ExportOrder) -> None:
    require_miscellaneous(caller, Miscellaneous.EXPORT)
    if order.encoding not in ENCODINGS:
        raise DefinitionError(f"the encoding is one of {', '.join(ENCODINGS)}")
    problems = []
    stated = (("purpose", order.purpose, PURPOSE), ("recipient", order.recipient, RECIPIENT))
    for name, text, label in stated:
        if not text.strip():
            problems.append(Problem(name, "required", label))
        elif len(text) > LONGEST_STATEMENT:
            parameters: dict[str, object] = {"maximum": LONGEST_STATEMENT, "length": len(text)}
            problems.append(Problem(name, "too_long", label, parameters))
    if problems:
        raise ValidationFailed(problems)

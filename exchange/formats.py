"""The formats a file may have: how cells are made, how they are written, what the file is called.

One registry; the pages and commands offer what is in it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from exchange.columns import cells_of, guarded
from exchange.csv_writing import CsvWriter, Inexpressible
from exchange.sheet_columns import sheet_cells_of
from exchange.sheet_writing import FORMAT as FORMAT_LABEL
from exchange.sheet_writing import LONGEST_CELL, SheetWriter, require_rows
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError, Problem, ValidationFailed

Cells = Callable[[Sequence[Any]], list[Any]]


class FileWriter(Protocol):
    """Writes one file; afterwards it knows how many rows it has."""

    rows: int
    replaced: int
    report: list[Inexpressible]

    def pieces(self, titles: Sequence[str], chunks: Iterable[list[list[Any]]]) -> Iterator[bytes]:
        """The file's bytes; a chunk has the cells of each column."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    suffix: str
    content_type: str
    writer: Callable[[], FileWriter]
    cells: Callable[[AttributeDefinition, str], Cells]
    title: Callable[[str], str] = str
    longest_text: int | None = None
    """Of a cell, in characters; None for any."""


FORMATS: Mapping[str, FileFormat] = {
    "csv": FileFormat(
        suffix="csv",
        content_type="text/csv; charset=utf-8; header=present",
        writer=partial(CsvWriter, "utf-8-sig"),
        cells=cells_of,
        title=guarded,
    ),
    "csv_cp932": FileFormat(
        suffix="csv",
        content_type="text/csv; charset=Shift_JIS; header=present",
        writer=partial(CsvWriter, "cp932"),
        cells=cells_of,
        title=guarded,
    ),
    "xlsx": FileFormat(
        suffix="xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        writer=SheetWriter,
        cells=sheet_cells_of,
        longest_text=LONGEST_CELL,
    ),
}


def format_named(name: str) -> FileFormat:
    found = FORMATS.get(name)
    if found is None:
        raise DefinitionError(f"the format is one of {', '.join(FORMATS)}")
    return found


def require_fitting(
    name: str, columns: Iterable[AttributeDefinition], *, records: int = 0
) -> None:
    """Raise ValidationFailed where a file of this format could not hold the columns whole, or
    not so many records."""
    longest = format_named(name).longest_text
    if longest is None:
        return
    require_rows(records)
    if any(column.type == "Memo" and column.max_length > longest for column in columns):
        parameters: dict[str, object] = {"maximum": longest}
        raise ValidationFailed([Problem("format", "cell_may_be_longer", FORMAT_LABEL, parameters)])

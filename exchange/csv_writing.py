"""CSV as offices open it: every cell quoted, CRLF, UTF-8 with a mark or Shift_JIS (cp932).

RFC 4180 otherwise. It knows cells, not records; what cp932 cannot say is counted and told. Six
signs it says in full width only, as Windows does, which is not: `¢£¬‖−〜` become `￠￡￢∥－～`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

REPLACEMENT = "〓"
MOST_PLACES = 100
"""Replacements that a person is told the places of."""
LONGEST_REPORT = 1000
ENCODINGS = ("utf-8-sig", "cp932")


@dataclass(frozen=True, slots=True)
class Inexpressible:
    """A character that was replaced; `row` counts records from 1, 0 is the header."""

    row: int
    column: int
    character: str


@dataclass(slots=True)
class CsvWriter:
    """Turns rows of cells into bytes, chunk by chunk, in one buffer."""

    encoding: str
    rows: int = 0
    replaced: int = 0
    report: list[Inexpressible] = field(default_factory=list)
    """The first LONGEST_REPORT replacements; `replaced` counts all."""

    def pieces(
        self, titles: Sequence[str], chunks: Iterable[Sequence[Sequence[str]]]
    ) -> Iterator[bytes]:
        """The file's bytes: the header, then each chunk's rows."""
        yield self.header(titles)
        for columns in chunks:
            yield self.chunk(columns)

    def header(self, cells: Sequence[str]) -> bytes:
        mark = b"\xef\xbb\xbf" if self.encoding == "utf-8-sig" else b""
        return mark + self._bytes([cells], first_row=0)

    def chunk(self, columns: Sequence[Sequence[str]]) -> bytes:
        """The rows whose cells stand in `columns`, one sequence a column."""
        written = self._bytes(zip(*columns, strict=True), first_row=self.rows + 1)
        self.rows += len(columns[0]) if columns else 0
        return written

    def _bytes(self, rows: Iterable[Sequence[str]], *, first_row: int) -> bytes:
        if self.encoding != "cp932":
            return _written(rows).encode()
        kept = list(rows)
        try:
            return _written(kept).encode("cp932")
        except UnicodeEncodeError:
            spoken = [self._speakable(row, first_row + n) for n, row in enumerate(kept)]
            return _written(spoken).encode("cp932")

    def _speakable(self, row: Sequence[str], number: int) -> list[str]:
        return [
            cell if _is_speakable(cell) else self._replaced(cell, number, column)
            for column, cell in enumerate(row)
        ]

    def _replaced(self, cell: str, row: int, column: int) -> str:
        found = []
        for character in cell:
            if not _is_speakable(character):
                self.replaced += 1
                if len(self.report) < LONGEST_REPORT:
                    self.report.append(Inexpressible(row, column, character))
                character = REPLACEMENT
            found.append(character)
        return "".join(found)


def _written(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _is_speakable(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True

"""XLSX as a stream: a sheet of texts and numbers, never a formula, whole neither in memory nor on
a disk.

XlsxWriter makes the workbook around the rows, in memory; the rows are put in as they come, as
inline strings. It knows cells, not records.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from exchange.csv_writing import Inexpressible
from models.metadata.errors import Problem, ValidationFailed
from models.metadata.labels import Label

MOST_ROWS = 1_048_576
"""Excel's, the header among them."""
LONGEST_CELL = 32_767
"""Excel's, in code units of UTF-16."""
FORMAT = Label("ファイル形式", "File format")
LARGEST_SHEET = 2 * 10**9
"""Bytes before compression; beyond 2 GiB an archive needs marks that Excel takes for damage."""
SHEET = "xl/worksheets/sheet1.xml"
TEXT_FORMAT = 49
"""Excel's own "@": what is typed over a cell stays a text, too."""
LEVEL = 1
"""Of compression: a third of the time of the usual 6, and files a fifth larger."""
COLUMN_WIDTH = 24
MARKUP = re.compile("[&<>]")
UNSPEAKABLE = re.compile("_(?=x[0-9a-fA-F]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML has no place for, and what reads like the way Excel writes it (ECMA-376 22.9.2.19)."""

SheetCell = str | int | Decimal


class SheetWriter:
    """Turns rows of cells into the bytes of a workbook of one sheet."""

    def __init__(self) -> None:
        self.rows = 0
        self.replaced = 0
        self.report: list[Inexpressible] = []
        self._size = 0

    def pieces(
        self, titles: Sequence[str], chunks: Iterable[Sequence[Sequence[SheetCell]]]
    ) -> Iterator[bytes]:
        """The file's bytes. ValidationFailed where a sheet cannot hold what comes: the file is
        then without its end, and no program opens it."""
        sink = _Sink()
        with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            head, tail, style = _framed(archive, titles)
            with archive.open(SHEET, "w") as sheet:
                sheet.write(head)
                yield sink.taken()
                for columns in chunks:
                    self._write(sheet, columns, style=style)
                    yield sink.taken()
                sheet.write(tail)
        yield sink.taken()

    def _write(
        self, sheet: IO[bytes], columns: Sequence[Sequence[SheetCell]], *, style: str
    ) -> None:
        count = len(columns[0]) if columns else 0
        require_rows(self.rows + count)
        names = _names(len(columns))
        first, written = self.rows + 2, []
        for number, row in enumerate(zip(*columns, strict=True), start=first):
            cells = [
                _cell(f"{name}{number}", cell, style)
                for name, cell in zip(names, row, strict=True)
            ]
            written.append(f'<row r="{number}">{"".join(cells)}</row>')
        text = "".join(written).encode()
        self._size += len(text)
        if self._size > LARGEST_SHEET:
            raise ValidationFailed([Problem("format", "sheet_too_large", FORMAT)])
        sheet.write(text)
        self.rows += count


def require_rows(records: int) -> None:
    """Raise ValidationFailed for more records than a sheet has rows."""
    if records >= MOST_ROWS:
        parameters: dict[str, object] = {"maximum": MOST_ROWS - 1}
        raise ValidationFailed([Problem("format", "too_many_rows", FORMAT, parameters)])


def _framed(archive: ZipFile, titles: Sequence[str]) -> tuple[bytes, bytes, str]:
    """Put all but the sheet into the archive; the sheet's text before and after the rows that
    are to come, and the number of the style of a text."""
    made = io.BytesIO()
    from xlsxwriter import Workbook  # here: for whoever asks for a workbook

    with Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        worksheet = workbook.add_worksheet()
        text = workbook.add_format({"num_format": TEXT_FORMAT})
        heading = workbook.add_format({"num_format": TEXT_FORMAT, "bold": True})
        worksheet.set_column(0, max(0, len(titles) - 1), COLUMN_WIDTH, text)
        worksheet.freeze_panes(1, 0)
        for position, title in enumerate(titles):
            worksheet.write_string(0, position, title[:LONGEST_CELL], heading)
    with ZipFile(made) as workbook_parts:
        for name in workbook_parts.namelist():
            if name != SHEET:
                archive.writestr(name, workbook_parts.read(name))
        sheet = workbook_parts.read(SHEET).decode()
    sheet = re.sub('<dimension ref="[^"]*"/>', "", sheet)  # it would say that there is one row
    head, end, tail = sheet.partition("</sheetData>")
    found = re.search('<col [^>]*style="([0-9]+)"', head)
    if not end or found is None:
        raise ValueError("XlsxWriter writes its sheets otherwise than known here")
    return head.encode(), (end + tail).encode(), found.group(1)


def _cell(place: str, cell: SheetCell, style: str) -> str:
    if not isinstance(cell, str):
        return f'<c r="{place}" s="0"><v>{cell}</v></c>'
    if not cell:
        return ""
    text = _escaped(cell)
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


def _escaped(text: str) -> str:
    _require_short(text)
    if UNSPEAKABLE.search(text):
        text = UNSPEAKABLE.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    if MARKUP.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def _require_short(text: str) -> None:
    longest = LONGEST_CELL
    if 2 * len(text) > longest and len(text.encode("utf-16-le", "surrogatepass")) // 2 > longest:
        parameters: dict[str, object] = {"maximum": longest}
        raise ValidationFailed([Problem("format", "cell_too_long", FORMAT, parameters)])


@lru_cache(maxsize=64)
def _names(count: int) -> tuple[str, ...]:
    """A, B, … of that many columns."""
    from xlsxwriter.utility import xl_col_to_name

    return tuple(xl_col_to_name(position) for position in range(count))


class _Sink(io.RawIOBase):
    """Where the archive is written to: what has come since it was last asked. It has no way
    back, so the archive says the size of a part behind it."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        written = bytes(data)  # type: ignore[call-overload]
        self._kept.append(written)
        return len(written)

    def taken(self) -> bytes:
        taken = b"".join(self._kept)
        self._kept.clear()
        return taken

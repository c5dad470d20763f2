"""XLSX: texts are texts and numbers numbers, whatever they look like; nothing is lost unsaid.

Read with openpyxl, which is not what wrote it, and with LibreOffice where that is installed.
"""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from exchange.exporting import Export
from exchange.formats import require_fitting
from exchange.sheet_columns import sheet_cells_of
from exchange.sheet_writing import LONGEST_CELL, MOST_ROWS, SheetWriter
from models.metadata.errors import ValidationFailed
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.exchange.desk import audited, create, order

HOSTILE = (
    '=HYPERLINK("http://example.jp","押す")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "{=1+1}",
    "＝1+1",
    "\t=1+1",
    " =1+1",
    "'=1+1",
    "=cmd|'/C calc'!A0",
    "http://example.jp/",
    "mailto:a@example.jp",
    "internal:Sheet1!A1",
    "001",
    "1E5",
    "2026-04-01",
    "TRUE",
    "#N/A",
    "#REF!",
    "_x0041_",
    "_x005F_x0041_",
    "<b>&amp;</b>",
    "]]>",
    "\x01\x1f",
    "a\r\nb\rc\nd",
    " 前後の空白 ",
    "髙𠮷😀",
    "\ufffe\uffff",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(HOSTILE)
SOFFICE = shutil.which("soffice")


def sheet(titles: list[str], *chunks: list[list[Any]]) -> bytes:
    return b"".join(SheetWriter().pieces(titles, chunks))


def read(content: bytes) -> list[list[Any]]:
    """The cells of the sheet as openpyxl reads them, in either of its ways."""
    workbook = load_workbook(io.BytesIO(content))
    [worksheet] = workbook.worksheets
    return [list(row) for row in worksheet.iter_rows()]


def said(text: str) -> str:
    """A text as openpyxl hands it over: it does not take Excel's way of writing characters back,
    as Excel does itself."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
@settings(max_examples=150)
def test_no_text_is_anything_but_itself(rows: list[tuple[str, str]]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    marks = ["行"] * len(rows)  # openpyxl leaves out what is empty at the end
    found = [row[:2] for row in read(sheet(["一", "二", "印"], [*columns, marks]))[1:]]
    texts = [["" if c.value is None else said(str(c.value)) for c in row] for row in found]
    assert texts == [list(row) for row in rows]
    kinds = {c.data_type for row in found for c in row if c.value is not None}
    assert kinds <= {"s", "inlineStr"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_text_and_stays_one(text: str) -> None:
    """Its format is "@": typed over, or confirmed with Enter, it is a text as well."""
    [[cell]] = read(sheet(["一"], [[text]]))[1:]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.number_format == "@"
    assert cell.hyperlink is None
    assert said(cell.value) == text


def test_no_part_of_the_workbook_knows_a_formula_a_link_or_a_macro() -> None:
    content = sheet(["=1+1", "http://example.jp/"], [list(HOSTILE), list(HOSTILE)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        tags = {
            element.tag.rpartition("}")[2]
            for name in names
            for element in ElementTree.fromstring(archive.read(name)).iter()  # noqa: S314
        }
    assert not tags & {"f", "hyperlink", "hyperlinks", "externalReference", "ddeLink"}
    assert not [name for name in names if re.search("vba|external|macro|connections", name)]


@given(st.lists(st.integers() | st.decimals(allow_nan=False, allow_infinity=False), max_size=8))
def test_numbers_are_numbers(numbers: list[int | Decimal]) -> None:
    short = [n for n in numbers if len(Decimal(n).as_tuple().digits) <= 15 and abs(n) < 10**15]
    found = read(sheet(["数"], [short]))[1:]
    assert [cell.data_type for [cell] in found] == ["n"] * len(short)
    assert [float(cell.value) for [cell] in found] == [float(number) for number in short]


def test_each_type_of_attribute_has_its_cell(engine: RecordEngine, caller: Caller) -> None:
    values = {
        "tst_name": "=1+1",
        "tst_integer": -7,
        "tst_decimal": Decimal("12.3400"),
        "tst_money": Decimal("1200"),
        "tst_boolean": True,
        "tst_date": "2026-04-01",
        "tst_time": "2026-04-01 13:30",
        "tst_choice": 1,
        "tst_choices": (1, 3),
        "tst_phone": "090-1234-5678",
        "tst_secret_integer": 10**9,
    }
    ids = create(engine, caller, values)
    content = b"".join(Export(engine, caller, order(ids, list(values), format="xlsx")))
    header, row = read(content)
    assert [cell.value for cell in header][:3] == ["名称", "整数", "小数"]
    assert [cell.value for cell in row] == [
        "=1+1",
        -7,
        12.34,
        1200,
        "はい",
        "2026-04-01",
        "2026-04-01 13:30",
        "赤",
        "赤; 緑",
        "090-1234-5678",
        10**9,
    ]
    numbers = {position for position, cell in enumerate(row) if cell.data_type == "n"}
    assert numbers == {1, 2, 3, 10}
    assert audited(engine)[-1]["details"]["format"] == "xlsx"


@pytest.mark.parametrize("number", [10**15, -(2**62), Decimal("1234567890.123456")])
def test_a_number_that_excel_would_round_is_a_text(
    engine: RecordEngine, caller: Caller, number: int | Decimal
) -> None:
    column = engine.catalog.entity("tst_thing").attributes["tst_decimal"]
    [[cell]] = read(sheet(["数"], [sheet_cells_of(column, "ja")([number])]))[1:]
    assert (cell.data_type in {"s", "inlineStr"}, cell.value) == (True, str(number))


def test_an_export_of_nothing_is_a_header(engine: RecordEngine, caller: Caller) -> None:
    content = b"".join(Export(engine, caller, order([], ["tst_name"], format="xlsx")))
    assert [[cell.value for cell in row] for row in read(content)] == [["名称"]]


def test_readers_that_ask_for_the_extent_find_every_row() -> None:
    """openpyxl's read-only mode believes a sheet that says how many rows it has."""
    content = sheet(["一"], [["a"] * 600], [["b"] * 600])
    workbook = load_workbook(io.BytesIO(content), read_only=True)
    assert sum(1 for _ in workbook.worksheets[0].iter_rows()) == 1201
    workbook.close()


def test_it_comes_piece_by_piece_and_without_its_end_it_is_no_file() -> None:
    taken: list[int] = []

    def chunks() -> Any:
        for number in range(50):
            taken.append(number)
            yield [[f"{number} {n} 応援したいこと" for n in range(500)]]

    pieces = SheetWriter().pieces(["一"], chunks())
    begun = next(pieces)
    assert begun.startswith(b"PK")
    assert taken == []
    next(pieces)
    assert taken == [0]
    pieces.close()  # type: ignore[attr-defined]
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(begun))


def problem(refused: pytest.ExceptionInfo[ValidationFailed]) -> str:
    [found] = refused.value.problems
    return found.code


def test_more_rows_than_a_sheet_has_are_refused_and_not_left_out() -> None:
    writer = SheetWriter()
    writer.rows = MOST_ROWS - 3
    with pytest.raises(ValidationFailed) as refused:
        list(writer.pieces(["一"], [[["a"] * 2], [["a"]]]))
    assert problem(refused) == "too_many_rows"
    require_fitting("xlsx", [], records=MOST_ROWS - 1)
    with pytest.raises(ValidationFailed):
        require_fitting("xlsx", [], records=MOST_ROWS)
    require_fitting("csv", [], records=10**9)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("あ" * LONGEST_CELL, True),
        ("あ" * (LONGEST_CELL + 1), False),
        ("😀" * (LONGEST_CELL // 2), True),
        ("😀" * (LONGEST_CELL // 2 + 1), False),
    ],
)
def test_a_text_that_no_cell_holds_is_refused_and_not_cut(text: str, fits: bool) -> None:
    """Excel counts as UTF-16 does."""
    if fits:
        [[cell]] = read(sheet(["一"], [[text]]))[1:]
        assert cell.value == text
        return
    with pytest.raises(ValidationFailed) as refused:
        sheet(["一"], [[text]])
    assert problem(refused) == "cell_too_long"


def test_a_column_that_may_hold_longer_texts_is_refused_before_the_first_byte(
    engine: RecordEngine, caller: Caller
) -> None:
    memo = engine.catalog.entity("tst_thing").attributes["tst_memo"]
    require_fitting("xlsx", [replace(memo, max_length=LONGEST_CELL)])
    with pytest.raises(ValidationFailed) as refused:
        require_fitting("xlsx", [replace(memo, max_length=LONGEST_CELL + 1)])
    assert problem(refused) == "cell_may_be_longer"


def test_a_sheet_beyond_what_an_archive_may_say_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("exchange.sheet_writing.LARGEST_SHEET", 5_000)
    with pytest.raises(ValidationFailed) as refused:
        sheet(["一"], [["a" * 100] * 10], [["b" * 100] * 100])
    assert problem(refused) == "sheet_too_large"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_it_alike(tmp_path: Path) -> None:
    speakable = [text for text in HOSTILE if not re.search("[\x00-\x08\r\ufffe\uffff]", text)]
    path = tmp_path / "記録.xlsx"
    path.write_bytes(sheet(["一"], [speakable]))
    command = [
        str(SOFFICE),
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
    ]
    subprocess.run([*command, str(path)], cwd=tmp_path, check=True, timeout=120)
    rows = list(csv.reader(io.StringIO((tmp_path / "記録.csv").read_text("utf-8"), newline="")))
    assert [row[0] for row in rows[1:]] == speakable

"""Cells: nothing a spreadsheet reckons with, nothing lost, and what cp932 cannot say is told."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.columns import GUARDED, cells_of, guarded, unguarded
from exchange.csv_writing import REPLACEMENT, CsvWriter, Inexpressible
from models.records.sealing import SHREDDED
from models.security.masking import Masked
from tests.support.attributes import attribute

FORMULAS = "=+-@|%＝＋－＠−\0"
IN_FULL_WIDTH = dict(zip("¢£¬‖−〜", "￠￡￢∥－～", strict=True))
"""What cp932 has in this width only, as documented."""
BLANKS = ("", " ", "   ", "\u3000", "\u00a0", "\t", "\r", "\n", "\r\n", " \t\n")
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("=+-@|%＝＋－＠'\"\t\r\n ,;\u3000神戸①𠮷😀"),
    ),
    max_size=20,
)


@pytest.mark.parametrize("sign", FORMULAS)
def test_what_begins_like_a_formula_is_guarded(sign: str) -> None:
    texts = [f'{blank}{sign}HYPERLINK("http://example.jp")' for blank in BLANKS]
    for kind in ("String", "Memo", "AutoNumber"):
        assert cells_of(attribute(kind), "ja")(texts) == [f"'{text}" for text in texts]


@pytest.mark.parametrize("control", ["\t", "\r", "\n"])
def test_what_begins_with_a_control_character_is_guarded(control: str) -> None:
    assert guarded(f"{control}花子") == f"'{control}花子"


@pytest.mark.parametrize("text", ["", "花子", "a=b", "078-331-8181", "「=」", "’=1", "1+1", "#1"])
def test_what_does_not_is_left_alone(text: str) -> None:
    assert guarded(text) == text


@given(text=ANY_TEXT)
@example("'=1")
@example("''\t")
@example("'")
@example("\u3000=1")
def test_an_import_takes_off_what_an_export_put_on(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not GUARDED.match(guarded(text)) or guarded(text).startswith("'")


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("Integer", -5, "-5"),
        ("Decimal", Decimal("-0.5000"), "-0.5000"),
        ("Decimal", Decimal("12345.6700"), "12345.6700"),
        ("DateTime", datetime(2026, 3, 31, 15, 30, tzinfo=UTC), "2026-04-01 00:30"),
        ("DateTime", datetime(1949, 7, 1, 0, 0, tzinfo=UTC), "1949-07-01 10:00"),
        ("DateTime", datetime(599, 7, 1, 0, 0, tzinfo=UTC), "0599-07-01 09:18"),
        ("Boolean", True, "はい"),
        ("Boolean", False, "いいえ"),
        ("String", None, ""),
        ("Integer", None, ""),
        ("Boolean", None, ""),
    ],
)
def test_values_that_are_no_text_are_said_plainly(kind: str, value: object, cell: str) -> None:
    assert cells_of(attribute(kind), "ja")([value]) == [cell]


def test_days_and_moments_in_utc() -> None:
    day = attribute("DateTime", behaviour="date_only")
    utc = attribute("DateTime", behaviour="utc")
    assert cells_of(day, "ja")([date(2026, 4, 1)]) == ["2026-04-01"]
    assert cells_of(utc, "ja")([datetime(2026, 4, 1, 1, 2, tzinfo=UTC)]) == ["2026-04-01 01:02"]


def test_telephone_numbers_are_national_text() -> None:
    """They begin with 0; one from abroad begins with a plus, which is guarded."""
    phone = cells_of(attribute("String", format="Phone"), "ja")
    assert phone(["078-331-8181", "+44 20 7946 0018", None]) == [
        "078-331-8181",
        "'+44 20 7946 0018",
        "",
    ]


def test_what_masking_leaves_of_a_telephone_number_is_guarded_if_anything() -> None:
    phone = cells_of(attribute("String", format="Phone"), "ja")
    left = [Masked(text) for text in ("", "•••-••••-8181", "-331-8181", "=1+1")]
    assert phone(left) == ["", "•••-••••-8181", "'-331-8181", "'=1+1"]


@pytest.mark.parametrize("kind", ["String", "Memo", "Integer", "DateTime", "Boolean", "File"])
def test_what_was_shredded_says_so(kind: str) -> None:
    (cell,) = cells_of(attribute(kind), "ja")([SHREDDED])
    assert (cell, type(cell)) == ("#SHREDDED", str)


@given(rows=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=6))
def test_what_is_written_reads_back(rows: list[tuple[str, str]]) -> None:
    rows = [tuple(cell.replace("\0", "") for cell in row) for row in rows]  # type: ignore[misc]
    writer = CsvWriter("utf-8-sig")
    content = writer.header(["名称", '"引用"']) + writer.chunk(list(zip(*rows, strict=True)))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") - "".join(map("".join, rows)).count("\ufeff") == 1
    text = io.StringIO(content.decode("utf-8")[1:], newline="")
    read = list(csv.reader(text, strict=True))
    assert read == [["名称", '"引用"'], *map(list, rows)]
    assert writer.rows == len(rows)


@given(row=st.tuples(ANY_TEXT, ANY_TEXT))
def test_every_cell_is_quoted_and_every_row_ends_in_crlf(row: tuple[str, str]) -> None:
    content = CsvWriter("utf-8-sig").chunk([[row[0]], [row[1]]]).decode()
    doubled = [cell.replace('"', '""') for cell in row]
    assert content == f'"{doubled[0]}","{doubled[1]}"\r\n'


@given(rows=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=6))
def test_what_cp932_cannot_say_is_replaced_and_reported(rows: list[tuple[str, str]]) -> None:
    rows = [tuple(cell.replace("\0", "") for cell in row) for row in rows]  # type: ignore[misc]
    writer = CsvWriter("cp932")
    half = len(rows) // 2
    content = b"".join(
        writer.chunk(list(zip(*part, strict=True))) for part in (rows[:half], rows[half:]) if part
    )
    read = list(csv.reader(io.StringIO(content.decode("cp932"), newline=""), strict=True))
    expected = [
        Inexpressible(number, column, character)
        for number, row in enumerate(rows, start=1)
        for column, cell in enumerate(row)
        for character in cell
        if not speakable(character)
    ]
    assert writer.report == expected
    assert writer.replaced == len(expected)
    assert read == [["".join(map(spoken, cell)) for cell in row] for row in rows]


def test_a_long_report_is_cut_and_its_count_is_not() -> None:
    writer = CsvWriter("cp932")
    writer.chunk([["😀" * 700, "😀" * 700]])
    assert (len(writer.report), writer.replaced) == (1000, 1400)
    assert writer.report[-1] == Inexpressible(2, 0, "😀")


def test_every_character_of_cp932_comes_back_or_is_one_of_six() -> None:
    changed = {
        character: spoken(character)
        for character in map(chr, range(0x110000))
        if speakable(character) and spoken(character) != character
    }
    assert changed == IN_FULL_WIDTH


@pytest.mark.parametrize("sign", IN_FULL_WIDTH)
def test_what_cp932_makes_of_a_sign_is_guarded_as_the_sign_is(sign: str) -> None:
    assert bool(GUARDED.match(sign)) is bool(GUARDED.match(IN_FULL_WIDTH[sign]))


def speakable(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def spoken(character: str) -> str:
    """As it comes back from cp932."""
    said = character if speakable(character) else REPLACEMENT
    return said.encode("cp932").decode("cp932")

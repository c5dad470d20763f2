"""A table of statistics as it leaves: labels, totals, marks; as CSV and XLSX; audited."""

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from exchange.statistics.publishing import (
    SUPPRESSED,
    Published,
    StatisticsOrder,
    publish,
    publish_file,
    smallest_cell,
)
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.organization import Organization
from tests.exchange.desk import audited
from tests.models.office import member, office, system

LIMIT = "tst_limit"
NUMBERS = {1: 30, 2: 3, 3: 12}
"""Records by colour; a third of each agreed."""


@pytest.fixture(scope="module")
def filled(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("statistics")) as engine:
        caller = system(engine)
        batch = [
            {
                "tst_short": "a",
                "tst_color": colour,
                "tst_agreed": n % 3 == 0,
                "tst_day": date(2026, 1, 31) if n % 2 else date(2026, 3, 1),
            }
            for colour, count in NUMBERS.items()
            for n in range(count)
        ]
        engine.run(lambda service: service.create_multiple(caller, LIMIT, batch))
        yield engine


def order(*by: str) -> StatisticsOrder:
    return StatisticsOrder(query=Query(entity=LIMIT), view="tst_limits", by=by)


def table(engine: RecordEngine, *by: str, caller: Caller | None = None) -> Published:
    who = caller or system(engine)
    return engine.run(lambda service: publish(service, who, order(*by)))


def test_a_small_number_and_what_it_follows_from_are_left_out(filled: RecordEngine) -> None:
    found = table(filled, "tst_color")
    assert found.titles("ja") == ["色", "件数"]
    assert found.labels("ja") == ["赤", "青", "緑", "合計"]
    assert found.cells == ((30,), (None,), (None,), (45,))
    assert found.labels("en") == ["Red", "Blue", "Green", "Total"]


def test_of_two_attributes_there_are_totals_both_ways(filled: RecordEngine) -> None:
    found = table(filled, "tst_color", "tst_agreed")
    assert found.titles("ja") == ["色", "はい", "いいえ", "合計"]
    true = ((10, 20, 30), (1, 2, 3), (4, 8, 12), (15, 30, 45))
    for shown, counts in zip(found.cells, true, strict=True):
        for cell, count in zip(shown, counts, strict=True):
            assert cell in {count, None}
            assert cell is None or cell == 0 or cell >= 10
    assert found.cells[3][2] == 45


def test_months_without_records_are_zeros(filled: RecordEngine) -> None:
    found = table(filled, "tst_day")
    assert found.labels("ja") == ["2026-01", "2026-02", "2026-03", "合計"]
    assert found.cells == ((22,), (0,), (23,), (45,))


def test_the_threshold_is_the_organizations(filled: RecordEngine) -> None:
    def set_to(number: int) -> None:
        statement = update(Organization).values(smallest_cell=number)
        filled.database.run(lambda transaction: transaction.write(statement))

    set_to(3)
    try:
        assert table(filled, "tst_color").cells == ((30,), (3,), (12,), (45,))
        assert table(filled, "tst_color").least == 3
        for switched_off in (2, 0, -1):
            with pytest.raises(IntegrityError):
                set_to(switched_off)
    finally:
        set_to(10)


def test_no_setting_is_the_least_there_is(filled: RecordEngine) -> None:
    with filled.database.reading() as connection:
        assert smallest_cell(connection) == 10


def test_the_right_to_export_is_needed(filled: RecordEngine) -> None:
    others = frozenset(Miscellaneous) - {Miscellaneous.EXPORT}
    with pytest.raises(AccessDenied):
        table(filled, "tst_color", caller=member(filled, miscellaneous=others))


@pytest.mark.parametrize(
    "by", [(), ("tst_color", "tst_color"), ("tst_color", "tst_agreed", "statuscode"), ("tst_age",)]
)
def test_a_table_is_by_one_attribute_or_two(filled: RecordEngine, by: tuple[str, ...]) -> None:
    with pytest.raises(DefinitionError):
        table(filled, *by)


def test_more_months_than_a_table_has_are_refused(
    filled: RecordEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.statistics.tables.MOST_VALUES", 3)
    assert len(table(filled, "tst_day").cells) == 4
    monkeypatch.setattr("exchange.statistics.tables.MOST_VALUES", 2)
    with pytest.raises(DefinitionError, match="2 values"):
        table(filled, "tst_day")


def file(engine: RecordEngine, format: str, *by: str) -> bytes:
    caller = system(engine)
    return engine.run(lambda s: publish_file(s, caller, order(*by), format=format, language="ja"))


@pytest.mark.parametrize(("format", "encoding"), [("csv", "utf-8-sig"), ("csv_cp932", "cp932")])
def test_as_csv(filled: RecordEngine, format: str, encoding: str) -> None:
    content = file(filled, format, "tst_color")
    rows = list(csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True))
    assert rows == [
        ["色", "件数"],
        ["赤", "30"],
        ["青", SUPPRESSED],
        ["緑", SUPPRESSED],
        ["合計", "45"],
    ]


def test_as_xlsx_numbers_are_numbers(filled: RecordEngine) -> None:
    content = file(filled, "xlsx", "tst_color")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["色", "件数"],
        ["赤", 30],
        ["青", SUPPRESSED],
        ["緑", SUPPRESSED],
        ["合計", 45],
    ]


def test_looking_and_taking_are_audited(filled: RecordEngine) -> None:
    before = len(audited(filled, "statistics"))
    table(filled, "tst_color", "tst_agreed")
    content = file(filled, "csv", "tst_color")
    looked, taken = audited(filled, "statistics")[before:]
    assert looked["details"] == {"view": "tst_limits"}
    assert looked["attributes"] == ["tst_color", "tst_agreed"]
    assert taken["attributes"] == ["tst_color"]
    assert taken["details"] == {
        "view": "tst_limits",
        "format": "csv",
        "sha256": hashlib.sha256(content).hexdigest(),
    }

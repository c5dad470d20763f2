"""Imports: an export comes back as it was; a file with one bad row changes nothing at all."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from exchange.importing import BATCH, FIRST_ROW, CsvFile, _names, import_csv
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import AccessDenied, DefinitionError, ValidationFailed
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.tables.record_data import AuditEntry, BlindIndexEntry
from tests.exchange.desk import THING, audited, cells, create, export
from tests.models.office import member
from tests.models.values import LINE, MEMO
from tests.models.values import THING as EVERY_TYPE

NAMES = sorted(set(EVERY_TYPE) - {"tst_file"})
"""What a CSV file can carry: of a file it has the name only."""
LIKE_FORMULAS = st.sampled_from(["=1+1", "'=1", "''", "＝SUM(A1)", "@kobe", "-5", "'", "|x", "%"])
TEXTS = {"tst_name": LINE | LIKE_FORMULAS, "tst_memo": MEMO | LIKE_FORMULAS}
RECORDS = st.fixed_dictionaries({}, optional={n: EVERY_TYPE[n] for n in NAMES} | TEXTS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "取込.csv"


def write(path: Path, *rows: Sequence[str], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def retrieve(engine: RecordEngine, caller: Caller, *columns: str) -> list[dict[str, Any]]:
    query = Query(entity=THING, columns=columns, page_size=5000)
    found = engine.run(lambda service: service.retrieve_multiple(caller, query)).records
    return [dict(record) for record in found]


def kept(engine: RecordEngine) -> list[int]:
    """How many records, index entries and audit entries there are."""
    tables = (engine.catalog.tables.entities[THING], BlindIndexEntry, AuditEntry)
    with engine.database.reading() as connection:
        return [
            connection.scalar(select(func.count()).select_from(one)) or 0  # type: ignore[arg-type]
            for one in tables
        ]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(RECORDS, min_size=1, max_size=4), header=st.sampled_from(["name", "label"])
)
def test_an_export_comes_back_as_equal_records(
    engine: RecordEngine,
    caller: Caller,
    tmp_path: Path,
    records: list[dict[str, object]],
    header: str,
) -> None:
    """By labels as exported, or by logical names; moments are kept to the minute."""
    path = tmp_path / "export.csv"
    ids = create(engine, caller, *records)
    content = export(engine, caller, ids, NAMES)
    rows = cells(content)
    if header == "name":
        write(path, NAMES, *rows[1:])
    else:
        path.write_bytes(content)
    before = {record["id"] for record in retrieve(engine, caller)}
    assert import_csv(engine, caller, THING, CsvFile(path)) == len(records)
    after = retrieve(engine, caller, *NAMES)
    made = [one for one in after if one["id"] not in before]
    originals = [one for one in after if one["id"] in ids]
    assert sorted(map(told, made)) == sorted(map(told, originals))


def told(record: dict[str, Any]) -> list[str]:
    """All values of a record in one spelling; of a moment what the file keeps of it."""
    values = [record[name] for name in NAMES]
    return [
        one.astimezone(LOCAL_ZONE).isoformat(" ", "minutes")
        if isinstance(one, datetime)
        else repr(one)
        for one in values
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_in_either_encoding_with_or_without_a_mark(
    engine: RecordEngine, caller: Caller, path: Path, encoding: str
) -> None:
    name = f"神戸市①髙橋 {encoding}"
    write(path, ["名称", "Eメール"], [name, "hanako@example.jp"], encoding=encoding)
    import_csv(engine, caller, THING, CsvFile(path, encoding))
    (made,) = [one for one in retrieve(engine, caller, "tst_name") if one["tst_name"] == name]
    write(path, ["tst_name"], [f"{name}２"], encoding=encoding.removesuffix("-sig"))
    assert import_csv(engine, caller, THING, CsvFile(path, encoding)) == 1


@pytest.fixture
def unchanged(engine: RecordEngine) -> Iterator[None]:
    """The test leaves not a row behind."""
    before = kept(engine)
    yield
    assert kept(engine) == before


@pytest.mark.usefixtures("unchanged")
def test_every_bad_row_is_told_by_its_number_and_nothing_is_kept(
    engine: RecordEngine, caller: Caller, path: Path
) -> None:
    """Counted as a spreadsheet does, though a cell before them holds line breaks; also in the
    second thousand."""
    rows = [["良い行\nの二行目", "1", ""] for _ in range(1203)]
    rows[1] = ["x", "no number", "hanako@example.jp"]
    rows[1100] = ["x" * 201, "2", "himitsu.taro"]
    write(path, ["tst_memo", "tst_integer", "tst_email"], *rows)
    with pytest.raises(ValidationFailed) as refusal:
        import_csv(engine, caller, THING, CsvFile(path))
    found = [(p.record + FIRST_ROW, p.attribute, p.code) for p in refusal.value.problems]
    assert found == [(3, "tst_integer", "integer"), (1102, "tst_email", "email")]
    said = [p.text(language) for p in refusal.value.problems for language in ("ja", "en")]
    assert not [text for text in said if "himitsu" in text or "no number" in text]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["tst_name"], ["a", "b"]], "row 2 has 2 cells instead of 1"),
        ([["tst_name", "tst_memo"], ["a", "b\nc"], ["d"]], "row 3 has 1 cells instead of 2"),
        ([["花子", "hanako@example.jp"]], "column 1 of the header names no attribute"),
        ([["tst_name", "名称"], ["a", "b"]], "each attribute once"),
        ([["tst_name", ""], ["a", ""]], "column 2 of the header names no attribute"),
        ([[]], "each attribute once"),
        ([], "each attribute once"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    engine: RecordEngine, caller: Caller, path: Path, rows: list[list[str]], said: str
) -> None:
    with pytest.raises(DefinitionError, match=said) as refusal:
        import_csv(engine, caller, THING, CsvFile(write(path, *rows)))
    assert "hanako" not in str(refusal.value)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("名称\n花子".encode("cp932"), "utf-8-sig"),
        ("tst_name\n𠮷子".encode(), "cp932"),
        ('tst_name\n"花子'.encode(), "utf-8-sig"),
        ('tst_name\n"花"子'.encode(), "utf-8-sig"),
        ("tst_name\n花子".encode("utf-16"), "utf-8-sig"),
    ],
)
def test_what_is_no_csv_of_that_encoding_is_refused(
    engine: RecordEngine, caller: Caller, path: Path, content: bytes, encoding: str
) -> None:
    path.write_bytes(content)
    with pytest.raises(DefinitionError, match="no CSV|no attribute") as refusal:
        import_csv(engine, caller, THING, CsvFile(path, encoding))
    assert "花" not in str(refusal.value)


@pytest.mark.usefixtures("unchanged")
def test_what_the_platform_sets_is_not_imported(
    engine: RecordEngine, caller: Caller, path: Path
) -> None:
    write(path, ["tst_name", "createdon", "ownerid"], ["a", "2020-01-01 00:00", ""])
    with pytest.raises(ValidationFailed) as refusal:
        import_csv(engine, caller, THING, CsvFile(path))
    assert [(p.attribute, p.code) for p in refusal.value.problems] == [("createdon", "read_only")]


def test_it_is_done_with_the_callers_rights(
    engine: RecordEngine, caller: Caller, path: Path
) -> None:
    write(path, ["tst_name", "tst_email"], ["a", "hanako@example.jp"])
    reader = member(engine)
    privileges = {k: v for k, v in reader.privileges.items() if k[1] != Privilege.CREATE}
    with pytest.raises(AccessDenied):
        import_csv(engine, member(engine, privileges=privileges), THING, CsvFile(path))
    with pytest.raises(AccessDenied):
        import_csv(engine, member(engine, field_rights={}), THING, CsvFile(path))
    assert import_csv(engine, reader, THING, CsvFile(path)) == 1


def test_of_many_problems_the_first_hundred_are_told(
    engine: RecordEngine, caller: Caller, path: Path
) -> None:
    write(path, ["tst_integer"], *(["x"] for _ in range(5000)))
    with pytest.raises(ValidationFailed) as refusal:
        import_csv(engine, caller, THING, CsvFile(path))
    assert [p.record for p in refusal.value.problems] == list(range(100))


def test_a_label_of_two_attributes_is_ambiguous(engine: RecordEngine) -> None:
    """A guess would put values into the wrong one; what the platform sets is not meant."""
    entity = engine.catalog.entity(THING)
    alike = replace(entity.attributes["tst_money"], display_name=Label("整数"))
    both = replace(entity, attributes={**entity.attributes, "tst_money": alike})
    assert _names(entity, ["整数", "識別子"]) == ["tst_integer", "tst_identifier"]
    assert entity.attributes[entity.primary_id].display_name.ja == "識別子"
    with pytest.raises(DefinitionError, match="column 2 of the header names more than one"):
        _names(both, ["名称", "整数"])


def test_an_import_is_in_the_audit(engine: RecordEngine, caller: Caller, path: Path) -> None:
    before = len(audited(engine, "import"))
    write(path, ["tst_name"], ["灘区"], ["須磨区"])
    import_csv(engine, caller, THING, CsvFile(path))
    entries = audited(engine, "import")
    assert len(entries) == before + 1
    assert entries[-1]["details"] == {"count": 2, "encoding": "utf-8-sig"}


def test_it_tells_how_much_of_the_file_was_read(
    engine: RecordEngine, caller: Caller, path: Path
) -> None:
    """After every batch, the rows it holds among them; in the end all of it."""
    write(path, ["tst_name"], *([f"中央区 {number}"] for number in range(2 * BATCH + 1)))
    told: list[int] = []
    import_csv(engine, caller, THING, CsvFile(path, progress=told.append))
    size = path.stat().st_size
    assert [round(position / size, 1) for position in told] == [0.5, 1.0, 1.0]
    assert told == sorted(told)
    assert told[-1] == size

"""What Shift_JIS could not say is told place by place: to who made the export, to nobody else.

While they wait, and at their next visit too; kept sealed, and nothing of a value that is sealed.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from admin_views.extraction.export_page import PLACES_SHOWN
from admin_views.extraction.export_progress import (
    REPORTED_FOR,
    Progress,
    ProgressNote,
    last_export,
    read_progress,
)
from admin_views.extraction.export_report import MOST_PLACES, Place
from exchange.exporting import Export
from exchange.orders import ExportOrder
from models.metadata.errors import RecordNotFound
from models.metadata.query import Order, Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import new_id, utc_now
from models.tables.record_data import SystemJob
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office
from tests.admin_views.test_export_page import send
from tests.models.office import member, office, system

PERSON = "tst_person"
DIARY = "𠮷田医院で受診"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordEngine]:
    folder = tmp_path_factory.mktemp("report")
    with office(f"sqlite:///{folder / 'office.db'}", folder) as running:
        yield running


@pytest.fixture
def caller(engine: RecordEngine) -> Caller:
    return member(engine)


def export(engine: RecordEngine, caller: Caller, *people: dict[str, Any]) -> Progress:
    """An export of these people in Shift_JIS, as its caller is told of it afterwards."""
    order = ExportOrder(
        query=Query(
            entity=PERSON,
            columns=("tst_fullname", "tst_diary"),
            order=(Order("tst_fullname"),),
            ids=tuple(engine.run(lambda s: s.create_multiple(system(engine), PERSON, people))),
        ),
        purpose="名簿の作成",
        recipient="総務課",
        format="csv_cp932",
    )
    note = ProgressNote(engine, caller, id=new_id(), total=len(people))
    note.start(PERSON)
    b"".join(note.watched(Export(engine, caller, order)))
    found = read_progress(engine, caller, note.id)
    assert found is not None
    assert last_export(engine, caller) == found
    assert read_progress(engine, member(engine), note.id) is None
    return found


def test_every_place_is_told_with_its_character(engine: RecordEngine, caller: Caller) -> None:
    found = export(
        engine, caller, {"tst_fullname": "𠮷田 はしご髙😀"}, {"tst_fullname": "神戸 花子"}
    )
    assert found.places == (Place(2, "氏名", "U+20BB7"), Place(2, "氏名", "U+1F600"))
    assert found.replaced == 2


def test_of_a_sealed_value_no_character_is_kept(engine: RecordEngine, caller: Caller) -> None:
    found = export(engine, caller, {"tst_fullname": "神戸 花子", "tst_diary": DIARY})
    assert found.places == (Place(1, "日誌", ""),)


def test_of_many_places_the_first_are_kept(engine: RecordEngine, caller: Caller) -> None:
    found = export(engine, caller, *[{"tst_fullname": "𠮷" * 40}] * 3)
    assert len(found.places) == MOST_PLACES
    assert found.replaced == 120 > MOST_PLACES


def test_others_are_told_nothing(engine: RecordEngine, caller: Caller) -> None:
    """Not even where the row was given to them: it was sealed for another."""
    export(engine, caller, {"tst_fullname": "𠮷田 次郎"})
    other = member(engine)
    assert last_export(engine, other) is None
    given = update(SystemJob).values(locked_by=f"web for {other.id}")
    engine.database.run(lambda transaction: transaction.write(given))
    found = last_export(engine, other)
    assert found is not None
    assert found.places == ()


def test_nobody_takes_a_note_over_and_is_told_of_anothers_export(
    engine: RecordEngine, caller: Caller
) -> None:
    order = ExportOrder(
        query=Query(entity=PERSON, columns=("tst_fullname",)),
        purpose="名簿の作成",
        recipient="総務課",
        format="csv_cp932",
    )
    engine.run(
        lambda s: s.create_multiple(system(engine), PERSON, [{"tst_fullname": "𠮷田 三郎"}])
    )
    other = member(engine)
    mine, theirs = (ProgressNote(engine, one, id=uuid4(), total=1) for one in (caller, other))
    mine.start(PERSON)
    pieces = mine.watched(Export(engine, caller, order))
    next(pieces)
    with pytest.raises(RecordNotFound):
        replace(theirs, id=mine.id).start(PERSON)
    assert b"".join(pieces)
    found = read_progress(engine, caller, mine.id)
    assert found is not None
    assert found.status == "SUCCEEDED"
    assert read_progress(engine, other, mine.id) is None


def test_a_day_later_the_last_export_is_forgotten(engine: RecordEngine, caller: Caller) -> None:
    export(engine, caller, {"tst_fullname": "𠮷田 四郎"})
    older = update(SystemJob).values(due_on=utc_now() - REPORTED_FOR)
    engine.database.run(lambda transaction: transaction.write(older))
    assert last_export(engine, caller) is None


def test_nothing_of_the_report_lies_in_clear(own_office: Office, tmp_path: Path) -> None:
    official = exported(own_office, "山田 𠮷子", format="csv_cp932")
    assert "U+20BB7" in official.get("/admin/export/").text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert [path for path in files if b"U+20BB7" in path.read_bytes()] == []


def exported(own_office: Office, nickname: str, **changes: str) -> Desk:
    """An official who exported the nickname of one application."""
    own_office.apply(kobe_nickname=nickname)
    official = sit_down(own_office, "kobe_official")
    assert send(official, columns=["kobe_nickname"], **changes).data
    return official


def test_the_answer_lists_the_first_twenty(own_office: Office) -> None:
    job = str(uuid4())
    official = exported(own_office, "𠮷" * (PLACES_SHOWN + 5), format="csv_cp932", job=job)
    told = official.get(f"/admin/export/progress/{job}/").get_json()
    assert told["replaced"] == PLACES_SHOWN + 5
    assert told["places"] == ["Record 1, column “Name to contact you by”: U+20BB7"] * PLACES_SHOWN


def test_the_next_visit_shows_it_until_another_export(own_office: Office) -> None:
    """So it reaches those whose browser runs no script."""
    official = exported(own_office, "𠮷" * 25, format="csv_cp932")
    page = official.get("/admin/export/").text
    assert "Your last export: 25 characters" in page
    assert page.count("<li>Record 1, column “Name to contact you by”: U+20BB7</li>") == 25
    assert send(official, format="csv").data
    assert "Your last export" not in official.get("/admin/export/").text

"""A file built before never hands over a person who was made nobody's or changed since."""

from collections.abc import Callable
from typing import Any

import pytest

from exchange.extracts import downloading
from exchange.extracts.downloading import Outdated
from exchange.extracts.states import State
from jobs import extracts
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.erasing.anonymising import anonymise
from models.security.privileges import Unmasked
from tests.exchange.extracts.office import THING, Extraction, asked, erase, ready, rows, things
from tests.models.office import system

EMPTIED = ("tst_name", "tst_email", "tst_phone", "tst_memo")


def made_nobodys(engine: RecordEngine, *ids: Any) -> None:
    entity = engine.catalog.entity(THING)
    engine.run(lambda s: anonymise(s.unit, system(engine), entity, ids, names=EMPTIED))


def changed(engine: RecordEngine, *ids: Any, **values: object) -> None:
    batch = [Change(one, values) for one in ids]
    engine.run(lambda s: s.update_multiple(system(engine), THING, batch))


def built_anew(extraction: Extraction) -> None:
    with pytest.raises(Outdated):
        extraction.fetch()
    caller = extraction.requester.caller
    extraction.engine.run(lambda s: extracts.build_anew(s, caller, extraction.id))
    extraction.build()


@pytest.mark.parametrize(
    "columns", [("tst_email",), ("tst_phone", "tst_boolean"), ("tst_name",), ("tst_number",)]
)
@pytest.mark.parametrize("masked", [False, True])
def test_one_made_nobodys_is_not_in_it(
    engine: RecordEngine, columns: tuple[str, ...], masked: bool
) -> None:
    """Sealed or not, seen or masked; a file that never told of the person stays."""
    first, second = things(engine, "秘密の名", "ろ")
    extraction = asked(engine, (first, second), columns=("tst_integer", *columns))
    if masked:
        extraction.requester.see(unmasked=Unmasked.NO)
    extraction.approve().build()
    extraction.requester.see(unmasked=Unmasked.ALL_RECORDS)
    made_nobodys(engine, first)
    if columns == ("tst_number",):
        assert len(rows(extraction.fetch())) == 2
        return
    built_anew(extraction)
    assert sorted(row[1] == "" for row in rows(extraction.fetch())) == [False, True]


@pytest.mark.parametrize(
    ("values", "is_other"),
    [
        ({"tst_email": "betsu@example.jp"}, True),
        ({"tst_name": "改めた名"}, True),
        ({"tst_phone": None}, True),
        ({"statuscode": 2}, False),
        ({"tst_memo": "ファイルにない列"}, False),
        ({"tst_integer": 3}, False),
    ],
)
def test_what_a_person_is_by_now_is_in_it(
    engine: RecordEngine, values: dict[str, object], is_other: bool
) -> None:
    """What else becomes of a record leaves the file: a busy office would never get one."""
    ids = things(engine, "い")
    columns = ("tst_name", "tst_email", "tst_phone", "statuscode", "tst_integer")
    extraction = ready(engine, ids, columns=columns)
    changed(engine, *ids, **values)
    if is_other:
        built_anew(extraction)
    assert rows(extraction.fetch())[0][:3] == [
        str(values.get("tst_name", "い")),
        str(values.get("tst_email", "a0@example.jp")),
        "" if "tst_phone" in values else "090-1234-0000",
    ]


@pytest.mark.parametrize("end", [made_nobodys, erase])
def test_nor_is_one_who_goes_in_the_moment_of_the_download(
    engine: RecordEngine, end: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the file was found to be as the records are, before it is handed over."""
    ids = things(engine, "い", "ろ")
    extraction = ready(engine, ids)
    look = downloading.is_outdated

    def looked_and_gone(*given: Any) -> bool:
        found = look(*given)
        end(engine, ids[0])
        return found

    monkeypatch.setattr(downloading, "is_outdated", looked_and_gone)
    with pytest.raises(Outdated):
        extraction.fetch()
    monkeypatch.undo()
    assert extraction.state == State.READY
    assert extraction.is_open(extraction.row.key_id)
    built_anew(extraction)
    assert "a0@example.jp" not in extraction.fetch().decode()

"""What was kept in clear becomes sealed, and back: no value lost, none left in clear, nobody who
goes by the old definition writes."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from crypto.envelope import key_id_of
from models.metadata.errors import ConcurrencyConflict, DefinitionError
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.rekeying import data_keys, journal
from models.records.rekeying.converting import conversions
from models.records.rekeying.places import all_places
from models.records.rekeying.rotating import Course, RotationHalted
from models.records.rekeying.verifying import verify
from models.security.caller import Caller
from packager.converting import convert
from packager.installing import install_audited, preview
from tests.models.office import SOLUTIONS, SYSTEM
from tests.models.rekeying.sealed import AT_ONCE, record, row_of, thing
from tests.packager.folders import edit

THINGS = "entities/things.yaml"
SECRET = "誰にも見せない住所"
TEXT = f"{SECRET}一丁目"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "solution"
    shutil.copytree(SOLUTIONS / "office_of_tests", copy)
    edit(copy, "public_views.yaml", _without_memo)  # what is sealed is not shown to the world
    return copy


def _without_memo(content: Any) -> None:
    content["tst_things"]["detail"].remove("tst_memo")


def stated(folder: Path, entity: str, **attributes: dict[str, Any]) -> Path:
    """The solution with some attributes stated otherwise."""

    def change(content: Any) -> None:
        for name, more in attributes.items():
            content[entity]["attributes"][name].update(more)

    edit(folder, THINGS, change)
    return folder


def converted(engine: RecordEngine, folder: Path) -> None:
    convert(engine, SYSTEM, folder, accept=lambda _: None)


def columns(engine: RecordEngine, table: str) -> set[str]:
    return {one["name"] for one in inspect(engine.database.engine).get_columns(table)}


def files_with(engine: RecordEngine, said: str) -> list[str]:
    place = Path(str(engine.database.engine.url.database))
    found = place.parent.glob(f"{place.name}*")
    return [file.name for file in found if said.encode() in file.read_bytes()]


def test_what_was_in_clear_is_sealed_and_nothing_is_left_in_clear(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    full, empty, other = (
        thing(engine, caller, values)
        for values in (
            {"tst_memo": TEXT, "tst_email": "taro@example.jp"},
            {"tst_name": "空"},
            {"tst_memo": "", "tst_integer": 5},
        )
    )
    before = {one: record(engine, caller, one) for one in (full, empty, other)}
    converted(engine, stated(folder, "tst_thing", tst_memo={"personal": True}))
    assert {one: record(engine, caller, one) for one in before} == before
    row = row_of(engine, full)
    assert key_id_of(row["tst_memo"]) == key_id_of(row["tst_email"]) == row["data_key_id"]
    assert row_of(engine, empty)["tst_memo"] is None
    assert verify(engine, all_places(engine.catalog)).holds
    assert not any(name.endswith("__next") for name in columns(engine, "tst_thing"))
    if engine.database.is_sqlite:
        assert files_with(engine, SECRET) == []


def test_records_that_sealed_nothing_get_their_keys(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    rows = [{"tst_text": f"{TEXT}{number}"} for number in range(3)]
    made = engine.run(lambda s: s.create_multiple(caller, "tst_rule", rows))
    converted(engine, stated(folder, "tst_rule", tst_text={"sealed": True}))
    stored = [row_of(engine, one, "tst_rule") for one in made]
    assert all(one["data_key_id"] == key_id_of(one["tst_text"]) for one in stored)
    read = [record(engine, caller, one, "tst_rule")["tst_text"] for one in made]
    assert read == [row["tst_text"] for row in rows]


def test_to_clear_and_back_it_is_found_again(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    rows = [{"tst_mail": f"t{number}@example.jp"} for number in range(3)]
    made = engine.run(lambda s: s.create_multiple(caller, "tst_month", rows))

    def found() -> int:
        part = Filter((Condition("tst_mail", Operator.EQUAL, "T1@example.jp"),))
        query = Query(entity="tst_month", columns=("tst_label",), filter=part)
        return len(engine.run(lambda s: s.retrieve_multiple(caller, query)).records)

    assert found() == 1
    converted(engine, stated(folder, "tst_month", tst_mail={"personal": False}))
    assert [row_of(engine, one, "tst_month")["tst_mail"] for one in made] == [
        row["tst_mail"] for row in rows
    ]
    converted(engine, stated(folder, "tst_month", tst_mail={"personal": True}))
    assert isinstance(row_of(engine, made[0], "tst_month")["tst_mail"], bytes)
    assert found() == 1


def test_what_changes_meanwhile_follows(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    """Broken off after the values were made; then records change, come, get other keys."""
    changed, rotated = (thing(engine, caller, {"tst_memo": TEXT}) for _ in range(2))
    found = preview(engine, stated(folder, "tst_thing", tst_memo={"personal": True}))
    assert found is not None
    [conversion] = conversions(engine, *found)
    conversion.prepare()
    new = {"tst_memo": "別の本文"}
    engine.run(lambda s: s.update_multiple(caller, "tst_thing", [Change(changed, new)]))
    late = thing(engine, caller, {"tst_memo": "後から"})
    data_keys.rotate(engine, SYSTEM, ["tst_thing"], patience=AT_ONCE)
    converted(engine, folder)
    read = [record(engine, caller, one)["tst_memo"] for one in (changed, rotated, late)]
    assert read == ["別の本文", TEXT, "後から"]
    assert verify(engine, all_places(engine.catalog)).holds


def test_what_was_begun_can_be_given_up(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    """By the solution as it is installed: nothing made by then is left."""
    rows = [{"tst_mail": f"given-up-{number}@example.jp"} for number in range(3)]
    made = engine.run(lambda s: s.create_multiple(caller, "tst_month", rows))
    found = preview(engine, stated(folder, "tst_month", tst_mail={"personal": False}))
    assert found is not None
    [conversion] = conversions(engine, *found)
    conversion.prepare()
    converted(engine, stated(folder, "tst_month", tst_mail={"personal": True}))
    assert "tst_mail__next" not in columns(engine, "tst_month")
    read = [record(engine, caller, one, "tst_month")["tst_mail"] for one in made]
    assert read == [row["tst_mail"] for row in rows]
    if engine.database.is_sqlite:
        assert files_with(engine, rows[1]["tst_mail"]) == []


def test_who_goes_by_the_old_definition_writes_nothing(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    """A request that began before the columns changed places."""
    made, old = thing(engine, caller, {"tst_memo": "元"}), engine.catalog
    converted(engine, stated(folder, "tst_thing", tst_memo={"personal": True}))
    change = Change(made, {"tst_memo": SECRET})
    with pytest.raises((ConcurrencyConflict, DBAPIError)) as refused:
        engine.run(lambda s: s.update_multiple(caller, "tst_thing", [change]), catalog=old)
    assert SECRET not in str(refused.value)
    assert record(engine, caller, made)["tst_memo"] == "元"


def test_an_import_alone_refuses_it_and_a_conversion_of_nothing_too(
    engine: RecordEngine, folder: Path
) -> None:
    with pytest.raises(DefinitionError, match="nothing is sealed newly"):
        converted(engine, folder)
    with pytest.raises(DefinitionError, match="flask solution convert"):
        install_audited(engine, SYSTEM, stated(folder, "tst_thing", tst_memo={"personal": True}))


def test_while_keys_are_changed_the_places_are_not(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    thing(engine, caller, {"tst_memo": TEXT, "tst_email": "taro@example.jp"})
    number = engine.catalog.entity("tst_thing").number
    engine.database.run(
        lambda transaction: journal.begun(
            transaction, journal.DATA, number=number, boundary=1, keys=0
        )
    )
    with pytest.raises(RotationHalted, match="end first"):
        converted(engine, stated(folder, "tst_thing", tst_memo={"personal": True}))
    assert not engine.catalog.entity("tst_thing").attributes["tst_memo"].sealed


def test_definitions_that_change_under_a_rotation_halt_it(
    engine: RecordEngine, caller: Caller, folder: Path
) -> None:
    """A new attribute may be sealed with an old key: the rotation looks again."""
    made = thing(engine, caller, {"tst_email": "taro@example.jp"})
    work = data_keys.DataKeys(engine, "tst_thing")
    course = Course(engine, SYSTEM, work)
    course.begin()
    added = {"type": "String", "display_name": "追加", "sealed": True}
    edit(folder, THINGS, lambda content: content["tst_thing"]["attributes"].update(tst_new=added))
    install_audited(engine, SYSTEM, folder)
    course.pass_over(lambda _: None)
    with pytest.raises(RotationHalted, match="Run the command again"):
        course.end()
    [done] = data_keys.rotate(engine, SYSTEM, ["tst_thing"], patience=AT_ONCE)
    assert done.destroyed > 0
    assert record(engine, caller, made)["tst_email"] == "taro@example.jp"

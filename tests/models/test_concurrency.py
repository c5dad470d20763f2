"""The laws of many at once: no update is lost, one of two equals comes first, none points at
nothing. Real threads, each with connections of its own.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from models.metadata.errors import ConcurrencyConflict, RecordNotFound, ValidationFailed
from models.metadata.loading import CatalogSource
from models.metadata.query import Condition, Filter, Operator, Query, Related
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.session import Database
from tests.models.office import SYSTEM, system
from tests.models.outcomes import ERRORS

THREADS = 6


@pytest.fixture(scope="module")
def maker(engine: RecordEngine) -> Caller:
    return system(engine)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each comes to, all started at the same moment."""
    start = threading.Barrier(len(acts))

    def tried(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except ERRORS as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(tried, acts))


def create(engine: RecordEngine, maker: Caller, entity: str, **values: object) -> UUID:
    return engine.run(lambda s: s.create_multiple(maker, entity, [values]))[0]


def update(engine: RecordEngine, caller: Caller, record_id: UUID, version: int | None) -> None:
    change = Change(record_id, {"tst_title": "変更"}, version)
    engine.run(lambda s: s.update_multiple(caller, "tst_folder", [change]))


def test_a_version_that_has_passed_is_refused_and_nothing_of_the_batch_is_written(
    engine: RecordEngine, maker: Caller
) -> None:
    one, two = (create(engine, maker, "tst_folder", tst_title="元") for _ in range(2))
    update(engine, maker, one, 1)
    stale = [Change(two, {"tst_title": "新"}, 1), Change(one, {"tst_title": "新"}, 1)]
    with pytest.raises(ConcurrencyConflict):
        engine.run(lambda s: s.update_multiple(maker, "tst_folder", stale))
    for version in (1, 3):
        deletion = Deletion(one, version)
        with pytest.raises(ConcurrencyConflict):
            engine.run(lambda s, d=deletion: s.delete_multiple(maker, "tst_folder", [d]))
    found = engine.run(lambda s: s.retrieve(maker, "tst_folder", two))
    assert (found["tst_title"], found["versionnumber"]) == ("元", 1)
    update(engine, maker, one, None)
    engine.run(lambda s: s.delete_multiple(maker, "tst_folder", [Deletion(one, 3)]))


def test_of_those_who_knew_the_same_version_one_writes(
    engine: RecordEngine, maker: Caller
) -> None:
    for _ in range(5):
        one = create(engine, maker, "tst_folder", tst_title="元")
        outcomes = at_once(*[lambda r=one: update(engine, maker, r, 1)] * THREADS)
        assert Counter(outcomes) == {"done": 1, "ConcurrencyConflict": THREADS - 1}
        assert (
            engine.run(lambda s, r=one: s.retrieve(maker, "tst_folder", r))["versionnumber"] == 2
        )


def test_no_update_is_lost(engine: RecordEngine, maker: Caller) -> None:
    """Each adds one, reading and writing as a page does: again, if another came first."""
    counter = create(engine, maker, "tst_thing", tst_integer=0)

    def add_one() -> None:
        while True:
            known = engine.run(lambda s: s.retrieve(SYSTEM, "tst_thing", counter))
            value, version = known["tst_integer"], known["versionnumber"]
            change = Change(counter, {"tst_integer": value + 1}, version)
            try:
                engine.run(lambda s, c=change: s.update_multiple(SYSTEM, "tst_thing", [c]))
                return
            except ConcurrencyConflict:
                continue

    assert at_once(*[add_one] * THREADS) == ["done"] * THREADS
    found = engine.run(lambda s: s.retrieve(SYSTEM, "tst_thing", counter))
    assert (found["tst_integer"], found["versionnumber"]) == (THREADS, THREADS + 1)


def test_those_who_name_no_version_write_one_after_the_other(
    engine: RecordEngine, maker: Caller
) -> None:
    one = create(engine, maker, "tst_folder", tst_title="元")
    assert set(at_once(*[lambda: update(engine, maker, one, None)] * THREADS)) == {"done"}
    found = engine.run(lambda s: s.retrieve(maker, "tst_folder", one))
    assert found["versionnumber"] == THREADS + 1


ROOM = {"tst_roomname": "会議室", "tst_building": "本館", "tst_roomnumber": 301}


def duplicate_of(engine: RecordEngine, act: Callable[[RecordService], object]) -> ValidationFailed:
    with pytest.raises(ValidationFailed) as refusal:
        engine.run(act)
    assert {problem.code for problem in refusal.value.problems} == {"duplicate"}
    # nothing of the database's own words, which show values, is chained to it
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
    return refusal.value


def test_a_duplicate_is_refused_by_the_names_of_its_attributes(
    engine: RecordEngine, maker: Caller
) -> None:
    create(engine, maker, "tst_room", **ROOM, tst_extension="1234")
    again = duplicate_of(engine, lambda s: s.create_multiple(maker, "tst_room", [ROOM]))
    assert [one.attribute for one in again.problems] == ["tst_building", "tst_roomnumber"]
    assert "建物・室番号" in again.problems[0].text("ja")
    assert "本館" not in str(again)
    other = create(engine, maker, "tst_room", **ROOM | {"tst_roomnumber": 302})
    change = Change(other, {"tst_extension": "1234"})
    moved = duplicate_of(engine, lambda s: s.update_multiple(maker, "tst_room", [change]))
    assert [one.attribute for one in moved.problems] == ["tst_extension"]
    twice = [{"tst_extension": "5678"}] * 2
    duplicate_of(engine, lambda s: s.create_multiple(maker, "tst_room", twice))


def test_half_of_a_key_or_nothing_in_it_is_no_duplicate(
    engine: RecordEngine, maker: Caller
) -> None:
    batch = [{"tst_building": "別館"}] * 2 + [{"tst_building": None}] * 2
    assert len(engine.run(lambda s: s.create_multiple(maker, "tst_room", batch))) == 4


def test_of_those_who_take_a_key_at_once_one_gets_it(engine: RecordEngine, maker: Caller) -> None:
    for number in range(5):
        values = {"tst_building": "新館", "tst_roomnumber": number}
        outcomes = at_once(*[lambda v=values: create(engine, maker, "tst_room", **v)] * THREADS)
        assert Counter(outcomes) == {"done": 1, "ValidationFailed": THREADS - 1}


def test_an_id_that_is_taken_is_a_conflict(engine: RecordEngine, maker: Caller) -> None:
    one = create(engine, maker, "tst_folder", tst_title="元")
    with pytest.raises(ConcurrencyConflict):
        create(engine, maker, "tst_folder", id=one, tst_title="同じ識別子")


def test_nothing_is_made_to_point_at_what_is_being_deleted(
    engine: RecordEngine, maker: Caller
) -> None:
    """Whoever comes first: the note is refused, or let go of; the same for N:N relationships."""
    for _ in range(8):
        person = create(engine, maker, "tst_person", tst_fullname="去る人")
        friend = create(engine, maker, "tst_person", tst_fullname="友人")
        at_once(
            lambda p=person: engine.run(
                lambda s: s.delete_multiple(maker, "tst_person", [Deletion(p)])
            ),
            lambda p=person: create(engine, maker, "tst_note", tst_heading="件", tst_about=p),
            lambda p=person, f=friend: engine.run(
                lambda s: s.associate(maker, "tst_person_friends", [(f, p)])
            ),
        )
        pointing = Filter((Condition("tst_about", Operator.EQUAL, person),))
        query = Query(entity="tst_note", filter=pointing, count=True)
        assert engine.run(lambda s, q=query: s.retrieve_multiple(SYSTEM, q)).count == 0
        table = engine.catalog.tables.intersects["tst_person_friends"]
        with engine.database.reading() as connection:
            rows = connection.execute(table.select().where(table.c.second_id == person)).all()
        assert rows == []
        with pytest.raises(RecordNotFound):
            engine.run(lambda s, p=person: s.retrieve(SYSTEM, "tst_person", p))
        related = Query(entity="tst_person", related=Related("tst_person_friends", friend))
        assert engine.run(lambda s, q=related: s.retrieve_multiple(SYSTEM, q)).records == []


def test_another_process_sees_what_was_committed_and_conflicts_alike(
    engine: RecordEngine, maker: Caller, module_database_url: str, tmp_path: Path
) -> None:
    """An engine with connections and a catalog of its own stands for the other process."""
    database = Database(module_database_url)
    other = replace(engine, database=database, catalogs=CatalogSource(database))
    one = create(engine, maker, "tst_folder", tst_title="元")
    update(other, maker, one, 1)
    with pytest.raises(ConcurrencyConflict):
        update(engine, maker, one, 1)
    assert engine.run(lambda s: s.retrieve(maker, "tst_folder", one))["tst_title"] == "変更"
    database.dispose()

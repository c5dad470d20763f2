"""A record goes on when what its stage asks for is there: whatever the door, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.metadata.errors import ValidationFailed
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.processes import StageMove
from tests.models.office import member, system

CASE, VISIT = "tst_case", "tst_visit"
RECEPTION, HEARING, VISITING, DONE = 1, 2, 3, 4
HEARD = {"tst_means": "電話", "tst_heard": date(2026, 4, 1)}


@pytest.fixture(scope="module")
def clerk(engine: RecordEngine) -> Caller:
    return member(engine)


@pytest.fixture
def case(engine: RecordEngine, clerk: Caller) -> UUID:
    return new(engine, clerk)


def new(engine: RecordEngine, caller: Caller, **values: object) -> UUID:
    batch = [{"tst_title": "相談", **values}]
    return engine.run(lambda s: s.create_multiple(caller, CASE, batch))[0]


def give(engine: RecordEngine, caller: Caller, record: UUID, **values: object) -> None:
    engine.run(lambda s: s.update_multiple(caller, CASE, [Change(record, values)]))


def change(engine: RecordEngine, caller: Caller, visit: UUID, **values: object) -> None:
    engine.run(lambda s: s.update_multiple(caller, VISIT, [Change(visit, values)]))


def refused(
    engine: RecordEngine, caller: Caller, record: UUID, *, told: str = "", **values: object
) -> list[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as error:
        give(engine, caller, record, **values)
    for problem in error.value.problems:
        assert "{" not in problem.text("ja") + problem.text("en")
        assert told in problem.text("ja")
    return [(problem.attribute, problem.code) for problem in error.value.problems]


def of(engine: RecordEngine, record: UUID) -> dict[str, object]:
    return engine.run(lambda s: s.retrieve(system(engine), CASE, record))


def course(engine: RecordEngine, record: UUID) -> list[int]:
    table = StageMove.__table__
    statement = select(table.c.stage).where(table.c.record_id == record)
    with engine.database.reading() as connection:
        return list(connection.scalars(statement.order_by(table.c.moved_on, table.c.id)))


def test_it_begins_in_the_first_stage_now(engine: RecordEngine, case: UUID) -> None:
    found = of(engine, case)
    assert found["tst_stage"] == RECEPTION
    assert utc_now() - found["tst_since"] < timedelta(minutes=1)
    assert course(engine, case) == [], "it did not move"


def test_no_user_begins_elsewhere_the_platform_may(engine: RecordEngine, clerk: Caller) -> None:
    with pytest.raises(ValidationFailed) as error:
        new(engine, clerk, tst_stage=HEARING)
    assert [problem.code for problem in error.value.problems] == ["begins_in"]
    assert of(engine, new(engine, system(engine), tst_stage=HEARING))["tst_stage"] == HEARING


def test_it_goes_on_once_what_is_asked_for_is_there(
    engine: RecordEngine, clerk: Caller, case: UUID
) -> None:
    assert refused(engine, clerk, case, tst_stage=HEARING) == [("tst_means", "needed_by_stage")]
    give(engine, clerk, case, tst_stage=HEARING, tst_means="電話")
    assert refused(engine, clerk, case, tst_stage=VISITING, tst_means=None) == [
        ("tst_means", "needed_by_stage"),
        ("tst_heard", "needed_by_stage"),
    ]
    give(engine, clerk, case, tst_heard=date(2026, 4, 1))
    give(engine, clerk, case, tst_stage=VISITING)
    assert course(engine, case) == [HEARING, VISITING]


def test_it_goes_back_without_and_along_the_branches_only(
    engine: RecordEngine, clerk: Caller, case: UUID
) -> None:
    give(engine, clerk, case, tst_stage=HEARING, tst_means="電話")
    give(engine, clerk, case, tst_stage=RECEPTION, tst_means=None)
    assert refused(engine, clerk, case, tst_stage=VISITING, **HEARD) == [
        ("tst_stage", "does_not_follow")
    ]
    assert ("tst_stage", "choose") in refused(engine, clerk, case, tst_stage=None)
    assert of(engine, case)["tst_stage"] == RECEPTION


def test_a_record_that_points_to_it_may_be_asked_for(
    engine: RecordEngine, clerk: Caller, case: UUID
) -> None:
    lead = replace(clerk, roles=frozenset({"tst_lead"}))
    give(engine, clerk, case, tst_stage=HEARING, **HEARD)
    give(engine, clerk, case, tst_stage=VISITING)
    asked = [("tst_stage", "needs_related")]
    assert refused(engine, lead, case, tst_stage=DONE) == asked
    visits = [
        {"tst_case": case, "tst_place": "東区役所"},
        {"tst_case": new(engine, clerk), "tst_place": "自宅", "tst_visited": date(2026, 5, 1)},
    ]
    first, _ = engine.run(lambda s: s.create_multiple(clerk, VISIT, visits))
    told = "訪問（場所、訪問日、対応状況：非アクティブ）を登録してください。"
    for half in ({"tst_visited": date(2026, 5, 2)}, {"tst_visited": None, "statuscode": 2}):
        assert refused(engine, lead, case, tst_stage=DONE, told=told) == asked
        change(engine, clerk, first, **half)
    assert refused(engine, lead, case, tst_stage=DONE) == asked
    change(engine, clerk, first, tst_visited=date(2026, 5, 2))
    give(engine, lead, case, tst_stage=DONE)
    assert course(engine, case)[-1] == DONE


def test_only_the_roles_in_charge_move_it(engine: RecordEngine, clerk: Caller, case: UUID) -> None:
    give(engine, clerk, case, tst_stage=HEARING, **HEARD)
    give(engine, clerk, case, tst_stage=VISITING)
    assert refused(engine, clerk, case, tst_stage=HEARING) == [("tst_stage", "moved_by_others")]
    give(engine, replace(clerk, roles=frozenset({"tst_lead"})), case, tst_stage=HEARING)


def test_since_is_the_platforms(engine: RecordEngine, clerk: Caller, case: UUID) -> None:
    before = of(engine, case)["tst_since"]
    assert refused(engine, clerk, case, tst_since=utc_now()) == [("tst_since", "read_only")]
    give(engine, clerk, case, tst_title="別の件名", tst_stage=RECEPTION)
    assert of(engine, case)["tst_since"] == before, "it did not move"
    assert course(engine, case) == [], "it did not move"


def test_the_course_goes_with_the_record(engine: RecordEngine, clerk: Caller, case: UUID) -> None:
    engine.run(lambda s: s.delete_multiple(clerk, CASE, [Deletion(case)]))
    assert course(engine, case) == []


STATUS_ALLOWED = {1: {1, 2, 3}, 2: {2, 3}, 3: {3}, 4: {1, 2, 3, 4}}


@pytest.mark.parametrize("before", STATUS_ALLOWED)
@pytest.mark.parametrize("after", STATUS_ALLOWED)
def test_a_status_reason_follows_those_that_lead_to_it(
    engine: RecordEngine, clerk: Caller, before: int, after: int
) -> None:
    record = new(engine, clerk, statuscode=before)
    if after in STATUS_ALLOWED[before]:
        give(engine, clerk, record, statuscode=after)
        assert of(engine, record)["statecode"] == (0 if after < 3 else 1)
    else:
        assert refused(engine, clerk, record, statuscode=after) == [
            ("statuscode", "does_not_follow")
        ]


def test_a_status_reason_may_be_given_by_some_only(engine: RecordEngine, clerk: Caller) -> None:
    lead, record = replace(clerk, roles=frozenset({"tst_lead"})), new(engine, clerk, statuscode=4)
    assert refused(engine, clerk, record, statuscode=5) == [("statuscode", "given_by_others")]
    give(engine, lead, record, statuscode=5)
    with pytest.raises(ValidationFailed, match="roles in charge"):
        new(engine, clerk, statuscode=5)
    new(engine, lead, statuscode=5)


NEXT = {
    RECEPTION: {HEARING, DONE},
    HEARING: {RECEPTION, VISITING, DONE},
    VISITING: {HEARING, DONE},
}
NEXT |= {DONE: {VISITING}}
MOVES = st.lists(
    st.tuples(st.sampled_from([RECEPTION, HEARING, VISITING, DONE]), st.booleans(), st.booleans()),
    max_size=6,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_any_walk_is_one_the_rule_allows(
    engine: RecordEngine, clerk: Caller, moves: list[tuple[int, bool, bool]]
) -> None:
    """The rule, in plain words: along the branches; forward only with all that is asked for;
    from a visit only by those in charge."""
    record, at, walked = new(engine, clerk), RECEPTION, []
    for wanted, is_heard, leads in moves:
        caller = replace(clerk, roles=frozenset({"tst_lead"} if leads else ()))
        values = HEARD if is_heard else dict.fromkeys(HEARD)
        gate = is_heard if at in (RECEPTION, HEARING) else False  # nobody was visited
        may = wanted == at or (
            wanted in NEXT[at] and (at != VISITING or leads) and (wanted < at or gate)
        )
        try:
            give(engine, caller, record, tst_stage=wanted, **values)
        except ValidationFailed:
            assert not may, (at, wanted)
        else:
            assert may, (at, wanted)
            walked += [wanted] if wanted != at else []
            at = wanted
    assert course(engine, record) == walked


def test_processes_are_part_of_the_catalog(engine: RecordEngine) -> None:
    [process] = engine.catalog.processes_of(CASE)
    assert list(process.stages) == [RECEPTION, HEARING, VISITING, DONE]
    assert process.goes_on(RECEPTION, DONE)
    assert not process.goes_on(DONE, VISITING)

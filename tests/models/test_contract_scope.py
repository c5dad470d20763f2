"""The law of contracts: a contractor's account reaches records of the entities and options that
its contract allows, in every verb and in every question, and moves none out of them or into them.

What is allowed is asked of a plain set, not of the code under test.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.metadata.errors import ValidationFailed
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import Privilege
from tests.models.office import account, member, system
from tests.models.outcomes import DENIED, DONE, NOT_FOUND, outcome, result_of

THING, CHOICE = "tst_thing", "tst_choice"
OPTIONS = (1, 2, 3)
COLOURS = (*OPTIONS, None)
ON_RECORDS = sorted(set(Privilege) - {Privilege.CREATE})
ALLOWED = st.frozensets(st.sampled_from(OPTIONS))


@pytest.fixture(scope="module")
def office_caller(engine: RecordEngine) -> Caller:
    """Of the office's own: every privilege on every record."""
    return member(engine)


@pytest.fixture(scope="module")
def things(engine: RecordEngine) -> Mapping[int | None, UUID]:
    """One record of each colour, and one of none."""
    values = [{"tst_name": f"色 {colour}", CHOICE: colour} for colour in COLOURS]
    made = engine.run(lambda s: s.create_multiple(system(engine), THING, values))
    return dict(zip(COLOURS, made, strict=True))


def bound(caller: Caller, allowed: frozenset[int]) -> Caller:
    return replace(caller, scope={THING: {CHOICE: allowed}})


def visible(
    service: RecordService, caller: Caller, privilege: Privilege, ids: list[UUID]
) -> set[UUID]:
    entity = service.catalog.entity(THING)
    return service.unit.store.visible_ids(caller, privilege, entity, ids)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(allowed=ALLOWED)
def test_every_privilege_reaches_the_options_allowed(
    engine: RecordEngine,
    office_caller: Caller,
    things: Mapping[int | None, UUID],
    allowed: frozenset[int],
) -> None:
    wanted = {things[colour] for colour in allowed}
    caller = bound(office_caller, allowed)
    for privilege in ON_RECORDS:
        found = engine.run(
            lambda s, p=privilege: visible(s, caller, p, list(things.values()))  # type: ignore[misc]
        )
        assert found == wanted, privilege


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    allowed=ALLOWED, present=st.sampled_from(COLOURS), wanted=st.sampled_from([*COLOURS, "none"])
)
def test_no_update_takes_a_record_out_or_brings_one_in(
    engine: RecordEngine,
    office_caller: Caller,
    things: Mapping[int | None, UUID],
    allowed: frozenset[int],
    present: int | None,
    wanted: int | str | None,
) -> None:
    values: dict[str, object] = {"tst_name": "改"}
    values |= {} if wanted == "none" else {CHOICE: wanted}
    change = Change(things[present], values)
    caller = bound(office_caller, allowed)
    found = outcome(engine, lambda s: s.update_multiple(caller, THING, [change]))
    if wanted != "none" and wanted not in allowed:
        assert found == DENIED
    else:
        assert found == (DONE if present in allowed else NOT_FOUND)


@pytest.mark.parametrize("colour", [*COLOURS, "left out"])
@pytest.mark.parametrize("allowed", [frozenset(), frozenset({1}), frozenset({1, 3})])
def test_new_records_are_of_the_options_allowed(
    engine: RecordEngine, office_caller: Caller, allowed: frozenset[int], colour: object
) -> None:
    values = {"tst_name": "新"} | ({} if colour == "left out" else {CHOICE: colour})
    caller = bound(office_caller, allowed)
    found = outcome(engine, lambda s: s.create_multiple(caller, THING, [values]))
    assert found == (DONE if colour in allowed else DENIED)


@pytest.mark.parametrize("allowed", [frozenset(), frozenset({2}), frozenset({1, 3})])
def test_lists_counts_filters_and_orders_hold_nothing_else(
    engine: RecordEngine,
    office_caller: Caller,
    things: Mapping[int | None, UUID],
    allowed: frozenset[int],
) -> None:
    caller, wanted = bound(office_caller, allowed), {things[colour] for colour in allowed}
    questions = [Filter(), Filter((Condition("tst_name", Operator.CONTAINS, "色"),))]
    questions += [Filter((Condition(CHOICE, Operator.EQUAL, one),)) for one in OPTIONS]
    questions += [Filter((Condition(CHOICE, Operator.NULL),))]
    questions += [Filter((Condition(CHOICE, Operator.NOT_IN, tuple(allowed)),))]
    for asked, order in product(questions, [(), (Order(CHOICE),), (Order("tst_name"),)]):
        query = Query(
            entity=THING, ids=tuple(things.values()), filter=asked, order=order, count=True
        )
        page = engine.run(lambda s, q=query: s.retrieve_multiple(caller, q))  # type: ignore[misc]
        everything = engine.run(lambda s, q=query: s.retrieve_multiple(office_caller, q))  # type: ignore[misc]
        assert {one["id"] for one in page.records} == wanted & {
            one["id"] for one in everything.records
        }
        assert page.count == len(page.records)


def test_a_stream_for_an_export_holds_nothing_else(
    engine: RecordEngine, office_caller: Caller, things: Mapping[int | None, UUID]
) -> None:
    caller = bound(office_caller, frozenset({2}))
    query = Query(entity=THING, ids=tuple(things.values()), columns=("tst_name",))
    assert [row for chunk in engine.stream(caller, query) for row in chunk] == [("色 2",)]


@pytest.mark.parametrize("colour", COLOURS)
def test_verbs_on_one_record(
    engine: RecordEngine,
    office_caller: Caller,
    things: Mapping[int | None, UUID],
    colour: int | None,
) -> None:
    caller, one = bound(office_caller, frozenset({1})), things[colour]
    wanted = DONE if colour == 1 else NOT_FOUND
    owner = account(engine, "東区")
    verbs = {
        "retrieve": lambda s: s.retrieve(caller, THING, one),
        "delete": lambda s: s.delete_multiple(caller, THING, [Deletion(one)]),
        "assign": lambda s: s.assign_multiple(caller, THING, [one], owner=owner),
        "reveal": lambda s: s.reveal(caller, THING, one, "tst_email", purpose="点検"),
        "share": lambda s: s.sharing(caller, THING, [one]).shares(),
    }
    assert {name: outcome(engine, act) for name, act in verbs.items()} == dict.fromkeys(
        verbs, wanted
    )


@pytest.mark.parametrize("entity", ["tst_folder", "tst_person", "tst_rule"])
def test_an_entity_that_the_contract_does_not_name_is_closed(
    engine: RecordEngine, office_caller: Caller, entity: str
) -> None:
    caller = bound(office_caller, frozenset(OPTIONS))
    primary = engine.catalog.entity(entity).primary_name
    assert not any(caller.has(entity, privilege) for privilege in Privilege)
    acts = [
        lambda s: s.retrieve_multiple(caller, Query(entity=entity)),
        lambda s: s.create_multiple(caller, entity, [{primary: "新"}]),
    ]
    assert [outcome(engine, act) for act in acts] == [DENIED, DENIED]


def test_an_entity_without_limits_is_open_as_the_roles_say(
    engine: RecordEngine, office_caller: Caller, things: Mapping[int | None, UUID]
) -> None:
    caller = replace(office_caller, scope={THING: {}})
    ids = list(things.values())
    assert engine.run(lambda s: visible(s, caller, Privilege.READ, ids)) == set(ids)


def test_a_limit_on_an_attribute_that_is_gone_lets_none_through(
    engine: RecordEngine, office_caller: Caller, things: Mapping[int | None, UUID]
) -> None:
    caller = replace(office_caller, scope={THING: {"tst_gone": frozenset({1})}})
    ids = list(things.values())
    assert engine.run(lambda s: visible(s, caller, Privilege.READ, ids)) == set()


def test_a_lookup_points_to_no_record_outside(engine: RecordEngine, office_caller: Caller) -> None:
    """Neither to one of another entity, nor does what points there show its name."""
    folder = engine.run(
        lambda s: s.create_multiple(system(engine), "tst_folder", [{"tst_title": "外"}])
    )[0]
    values = {"tst_name": "指す", CHOICE: 1, "tst_parent": folder}
    caller = bound(office_caller, frozenset({1}))
    assert outcome(engine, lambda s: s.create_multiple(caller, THING, [values])) == DENIED
    limited = replace(caller, scope={THING: {}, "tst_folder": {"statuscode": frozenset({99})}})
    result = result_of(engine, lambda s: s.create_multiple(limited, THING, [values]))
    assert isinstance(result, ValidationFailed)
    assert [problem.code for problem in result.problems] == ["no_such_record"]


def test_who_acts_for_another_is_bound_by_both_contracts(
    engine: RecordEngine, office_caller: Caller, things: Mapping[int | None, UUID]
) -> None:
    one, other = frozenset({1, 2}), frozenset({2, 3})
    caller = replace(bound(office_caller, one), supporter=bound(office_caller, other))
    ids = list(things.values())
    assert engine.run(lambda s: visible(s, caller, Privilege.READ, ids)) == {things[2]}
    for colour in OPTIONS:
        values = {"tst_name": "新", CHOICE: colour}
        made = outcome(engine, lambda s, v=values: s.create_multiple(caller, THING, [v]))  # type: ignore[misc]
        assert made == (DONE if colour == 2 else DENIED)

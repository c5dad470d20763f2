"""What follows from other values: written with the record, read with it, entered by nobody."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models.metadata.errors import DefinitionError, ValidationFailed
from models.metadata.query import Condition, Filter, Operator, Order, Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.matching.merging import Merging, merge
from models.records.tallying import Tally
from models.security.caller import Caller
from models.security.contracts import today

BILL, BUDGET = "val_bill", "val_budget"


def create(engine: RecordEngine, maker: Caller, entity: str, **values: object) -> UUID:
    return engine.run(lambda s: s.create_multiple(maker, entity, [values]))[0]


def update(
    engine: RecordEngine, maker: Caller, entity: str, record_id: UUID, **values: object
) -> None:
    change = Change(record_id, values)
    engine.run(lambda s: s.update_multiple(maker, entity, [change]))


def read(engine: RecordEngine, maker: Caller, entity: str, record_id: UUID) -> dict[str, Any]:
    return engine.run(lambda s: s.retrieve(maker, entity, record_id))


def test_a_new_record_has_what_follows_from_its_values(
    engine: RecordEngine, maker: Caller
) -> None:
    moment = datetime(2026, 3, 31, 16, tzinfo=UTC)  # the first of April in Japan
    values = {"val_subject": "机", "val_count": 3, "val_price": 1200, "val_kind": 1}
    made = create(engine, maker, BILL, **values, val_day=date(2026, 4, 8), val_moment=moment)
    found = read(engine, maker, BILL, made)
    assert found["val_name"] == f"{found['val_number']} 机"
    assert (found["val_total"], found["val_tax"]) == (Decimal(3600), Decimal(360))
    assert (found["val_due"], found["val_waited"]) == (date(2026, 5, 8), 7)


def test_a_change_brings_along_what_follows_from_it_and_nothing_else(
    engine: RecordEngine, maker: Caller
) -> None:
    made = create(engine, maker, BILL, val_subject="椅子", val_count=2, val_price=50, val_kind=1)
    update(engine, maker, BILL, made, val_count=20)
    found = read(engine, maker, BILL, made)
    assert (found["val_total"], found["val_tax"]) == (1000, 100)
    update(engine, maker, BILL, made, val_price=None)
    found = read(engine, maker, BILL, made)
    assert (found["val_total"], found["val_tax"], found["val_due"]) == (None, None, None)
    assert found["versionnumber"] == 3


def test_what_does_not_fit_is_left_blank_and_refuses_nothing(
    engine: RecordEngine, maker: Caller
) -> None:
    big = 10**17
    made = create(engine, maker, BILL, val_subject="字" * 50, val_count=2**31 - 1, val_price=big)
    found = read(engine, maker, BILL, made)
    assert found["val_total"] is None
    assert found["val_price"] == big
    assert found["val_name"] is not None
    update(engine, maker, BILL, made, val_day=date.max)
    assert read(engine, maker, BILL, made)["val_due"] is None


def test_what_hangs_on_the_day_is_reckoned_when_it_is_read(
    engine: RecordEngine, maker: Caller
) -> None:
    day = today() - timedelta(days=31)
    made = create(engine, maker, BILL, val_day=day, val_subject="今日")
    columns = ("val_late", "val_age", "val_subject")
    query = Query(entity=BILL, columns=columns, ids=(made,))
    [record] = engine.run(lambda s: s.retrieve_multiple(maker, query)).records
    assert (record["val_age"], record["val_late"]) == (31, True)
    [[row]] = list(engine.stream(maker, query))
    assert row == (True, 31, "今日")
    update(engine, maker, BILL, made, statuscode=2)
    assert read(engine, maker, BILL, made)["val_late"] is False
    other = create(engine, maker, BILL, val_subject="日付なし")
    assert read(engine, maker, BILL, other)["val_age"] is None


@pytest.mark.parametrize(
    "asked",
    [
        {"filter": Filter((Condition("val_age", Operator.EQUAL, 3),))},
        {"filter": Filter((Condition("val_late", Operator.NULL),))},
        {"order": (Order("val_age"),)},
    ],
)
def test_nothing_is_found_or_sorted_by_what_hangs_on_the_day(
    engine: RecordEngine, maker: Caller, asked: dict[str, Any]
) -> None:
    query = Query(entity=BILL, columns=("val_age",), **asked)
    with pytest.raises(DefinitionError):
        engine.run(lambda s: s.retrieve_multiple(maker, query))
    with pytest.raises(DefinitionError):
        list(engine.stream(maker, query))


def test_nothing_is_counted_by_it_either(engine: RecordEngine, maker: Caller) -> None:
    query = Query(entity=BILL)
    with pytest.raises(DefinitionError):
        engine.run(lambda s: s.count_by(maker, query, by=["val_late"]))
    for asked in (
        Tally(query=query, by=("val_late",)),
        Tally(query=query, by=(), total_of="val_age"),
    ):
        with pytest.raises(DefinitionError):
            engine.run(lambda s, asked=asked: s.tally(maker, asked))


def test_what_is_stored_can_be_found_sorted_and_added_up(
    engine: RecordEngine, maker: Caller
) -> None:
    for count in (7, 9, 8):
        create(engine, maker, BILL, val_subject="検索", val_count=count, val_price=10_000_000)
    over = Filter((Condition("val_total", Operator.GREATER_OR_EQUAL, 80_000_000),))
    query = Query(entity=BILL, filter=over, order=(Order("val_total", descending=True),))
    found = engine.run(lambda s: s.retrieve_multiple(maker, query)).records
    assert [record["val_count"] for record in found] == [9, 8]
    total = engine.run(
        lambda s: s.tally(
            maker, Tally(query=Query(entity=BILL, filter=over), by=(), total_of="val_total")
        )
    )
    assert total == {(): Decimal(170_000_000)}


@pytest.mark.parametrize("name", ["val_total", "val_name", "val_age", "val_number"])
def test_nobody_enters_what_follows(engine: RecordEngine, maker: Caller, name: str) -> None:
    made = create(engine, maker, BILL, val_subject="入力")
    code = "read_only" if name == "val_number" else "derived"
    for act in (
        lambda: create(engine, maker, BILL, **{name: "1"}),
        lambda: update(engine, maker, BILL, made, **{name: "1"}),
        lambda: update(engine, maker, BILL, made, **{name: None}),
    ):
        with pytest.raises(ValidationFailed) as refused:
            act()
        assert [problem.code for problem in refused.value.problems] == [code]


def test_a_record_to_which_nothing_points_counts_nothing(
    engine: RecordEngine, maker: Caller
) -> None:
    made = read(engine, maker, BUDGET, create(engine, maker, BUDGET, val_limit=500))
    zero = ("val_below", "val_bills", "val_dated", "val_spent", "val_weighed", "val_open")
    assert {made[name] for name in zero} == {0}
    assert {made[name] for name in ("val_mean", "val_least", "val_latest")} == {None}
    assert (made["val_left"], made["val_over"]) == (500, False)


def test_whatever_points_is_rolled_up_and_what_follows_from_that(
    engine: RecordEngine, maker: Caller
) -> None:
    top = create(engine, maker, BUDGET, val_limit=1000, val_title="上")
    other = create(engine, maker, BUDGET, val_title="下", val_above=top)
    day = date(2026, 4, 1)
    first = create(
        engine, maker, BILL, val_budget=top, val_count=3, val_price=400, val_day=day, val_kind=3
    )
    create(engine, maker, BILL, val_budget=top, val_count=1, val_price=10, val_weight="0.5")
    create(engine, maker, BILL, val_budget=top, val_count=2, val_weight="0.25", val_kind=1)
    found = read(engine, maker, BUDGET, top)
    assert (found["val_below"], found["val_bills"], found["val_dated"]) == (1, 3, 1)
    assert (found["val_spent"], found["val_open"], found["val_least"]) == (1210, 1200, 1)
    assert (found["val_weighed"], found["val_mean"]) == (Decimal("0.75"), Decimal("0.375"))
    assert (found["val_latest"], found["val_left"], found["val_over"]) == (day, -210, True)
    assert found["versionnumber"] == 1, "who edits the budget meanwhile is in nobody's way"

    update(engine, maker, BILL, first, statuscode=2)
    assert read(engine, maker, BUDGET, top)["val_open"] == 0
    update(engine, maker, BILL, first, val_budget=other)
    assert read(engine, maker, BUDGET, top)["val_spent"] == 10
    assert read(engine, maker, BUDGET, other)["val_spent"] == 1200
    engine.run(lambda s: s.delete_multiple(maker, BILL, [Deletion(first)]))
    assert read(engine, maker, BUDGET, other)["val_spent"] == 0
    engine.run(lambda s: s.delete_multiple(maker, BUDGET, [Deletion(other)]))
    assert read(engine, maker, BUDGET, top)["val_below"] == 0


def test_sums_beyond_any_number_are_blank_and_hold_nobody_up(
    engine: RecordEngine, maker: Caller
) -> None:
    budget = create(engine, maker, BUDGET)
    for _ in range(3):
        create(engine, maker, BILL, val_budget=budget, val_count=1, val_price=9 * 10**18)
    found = read(engine, maker, BUDGET, budget)
    assert (found["val_bills"], found["val_spent"], found["val_left"]) == (3, None, None)


def test_merging_moves_what_pointed(engine: RecordEngine, maker: Caller) -> None:
    one, two = (create(engine, maker, BUDGET, val_title="統合") for _ in range(2))
    for budget in (one, two, two):
        create(engine, maker, BILL, val_budget=budget, val_count=1, val_price=5)
    engine.run(lambda s: merge(s, maker, BUDGET, Merging(master=one, other=two)))
    assert read(engine, maker, BUDGET, one)["val_spent"] == 15
    assert read(engine, maker, BUDGET, two)["val_spent"] == 0


def test_a_change_of_what_a_rollup_does_not_ask_leaves_others_alone(
    engine: RecordEngine, maker: Caller
) -> None:
    """No lock on a record that has nothing to do with the change."""
    budget = create(engine, maker, BUDGET)
    bill = create(engine, maker, BILL, val_budget=budget, val_subject="元")
    engine.database.run(
        lambda t: t.write(engine.catalog.tables.entities[BUDGET].update().values(val_bills=77))
    )
    update(engine, maker, BILL, bill, val_subject="新")
    assert read(engine, maker, BUDGET, budget)["val_bills"] == 77
    update(engine, maker, BILL, bill, val_count=1)
    assert read(engine, maker, BUDGET, budget)["val_bills"] == 1

"""What business rules say of a record holds at every create and change, on both databases."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given, settings

from models.metadata.errors import ValidationFailed
from models.metadata.query import Condition, Filter, Operator
from models.metadata.rule_effects import effects, holds
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models import test_conditions as conditions
from tests.models.office import system

CLAIM, INACTIVE = "tst_claim", 2
USUAL, REFUND, URGENT = 1, 2, 3
SAME = {Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN}
COMPLETE = {"tst_wanted": "2026-04-01", "tst_call": "078-322-0000"}


@pytest.fixture(scope="module")
def clerk(engine: RecordEngine) -> Caller:
    return system(engine)


def new(engine: RecordEngine, caller: Caller, **values: object) -> UUID:
    return engine.run(lambda s: s.create_multiple(caller, CLAIM, [{"tst_title": "件", **values}]))[
        0
    ]


def give(engine: RecordEngine, caller: Caller, record: UUID, **values: object) -> None:
    engine.run(lambda s: s.update_multiple(caller, CLAIM, [Change(record, values)]))


def of(engine: RecordEngine, caller: Caller, record: UUID) -> Mapping[str, Any]:
    return engine.run(lambda s: s.retrieve(caller, CLAIM, record))


def wrong(error: pytest.ExceptionInfo[ValidationFailed]) -> set[tuple[str, str]]:
    return {(problem.attribute, problem.code) for problem in error.value.problems}


@settings(max_examples=200)
@given(part=conditions.FILTERS)
def test_a_rule_asks_as_a_view_does(part: Condition | Filter) -> None:
    """The oracle of views' conditions, which the databases are held to, is this one's too. (No
    rule asks whether several choices are the same.)"""
    asked = part.conditions if isinstance(part, Filter) else (part,)
    assume(not any(one.attribute in conditions.CHOICES and one.operator in SAME for one in asked))
    for record in conditions.POPULATION:
        assert holds(_as_published(part), record) is conditions.holds(record, part)


def _as_published(part: Condition | Filter) -> Condition | Filter:
    """A published condition holds several values as a tuple."""
    if isinstance(part, Filter):
        return Filter(tuple(_as_published(one) for one in part.parts), part.kind)
    value = tuple(part.value) if isinstance(part.value, list) else part.value
    return Condition(part.attribute, part.operator, value)


def test_a_setting_comes_before_what_it_decides(engine: RecordEngine, clerk: Caller) -> None:
    urgent = new(engine, clerk, tst_kind=URGENT, tst_hurried=False, **COMPLETE)
    assert of(engine, clerk, urgent)["tst_hurried"] is True
    with pytest.raises(ValidationFailed) as error:
        new(engine, clerk, tst_kind=URGENT)
    assert wrong(error) == {("tst_wanted", "required"), ("tst_call", "required")}


def test_a_setting_is_written_at_every_change_and_audited(
    engine: RecordEngine, clerk: Caller
) -> None:
    record = new(engine, clerk, tst_kind=URGENT, **COMPLETE)
    give(engine, clerk, record, tst_kind=REFUND, tst_reason="誤請求")
    assert of(engine, clerk, record)["tst_hurried"] is False
    give(engine, clerk, record, tst_hurried=True)
    assert of(engine, clerk, record)["tst_hurried"] is False


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"tst_amount": 10001}, {("tst_reason", "required")}),
        ({"tst_amount": 10000}, set()),
        ({"tst_amount": 10001, "tst_reason": "備品"}, set()),
        (
            {"tst_kind": REFUND, "tst_amount": 5},
            {("tst_reason", "required"), ("tst_amount", "business_rule")},
        ),
        ({"tst_kind": REFUND, "tst_amount": -5, "tst_reason": "誤請求"}, set()),
        ({"tst_kind": USUAL}, {("tst_note", "required")}),
        ({"tst_kind": "no such kind", "tst_amount": 10001}, {("tst_kind", "unknown_option")}),
    ],
)
def test_a_new_record_is_held_to_them(
    engine: RecordEngine,
    clerk: Caller,
    values: dict[str, object],
    problems: set[tuple[str, str]],
) -> None:
    if not problems:
        new(engine, clerk, **values)
        return
    with pytest.raises(ValidationFailed) as error:
        new(engine, clerk, **values)
    assert wrong(error) == problems


def test_words_are_those_of_the_rule(engine: RecordEngine, clerk: Caller) -> None:
    with pytest.raises(ValidationFailed) as error:
        new(engine, clerk, tst_kind=REFUND, tst_amount=0, tst_reason="誤請求")
    (problem,) = error.value.problems
    assert problem.text("ja") == "返金は0より小さい金額です。"
    assert problem.text("en") == "A refund is less than nothing."


def test_of_several_records_the_wrong_one_is_told(engine: RecordEngine, clerk: Caller) -> None:
    batch = [{"tst_title": "一"}, {"tst_title": "二", "tst_kind": USUAL}]
    with pytest.raises(ValidationFailed) as error:
        engine.run(lambda s: s.create_multiple(clerk, CLAIM, batch))
    assert [problem.record for problem in error.value.problems] == [1]


def test_what_was_there_before_holds_nobody_up(engine: RecordEngine, clerk: Caller) -> None:
    """As when the rule came after the record: plain SQL puts it there."""
    record = new(engine, clerk, tst_amount=10001, tst_reason="備品")
    table = engine.catalog.tables.entities[CLAIM]
    emptied = table.update().where(table.c.id == record).values(tst_reason=None)
    engine.database.run(lambda t: t.lock().execute(emptied))
    give(engine, clerk, record, tst_title="直した件名")
    for change in ({"tst_amount": 10002}, {"tst_reason": ""}, {"tst_kind": REFUND}):
        if change == {"tst_reason": ""}:
            give(engine, clerk, record, **change)  # empty as it was: no change at all
            continue
        with pytest.raises(ValidationFailed) as error:
            give(engine, clerk, record, **change)
        assert ("tst_reason", "required") in wrong(error)
    give(engine, clerk, record, tst_amount=5)


def test_a_message_tells_nobody_whether_there_is_a_secured_value(
    engine: RecordEngine, clerk: Caller
) -> None:
    record = new(engine, clerk, tst_kind=REFUND, tst_reason="誤請求")
    give(engine, clerk, record, tst_kind=URGENT, tst_wanted=date(2026, 4, 1))
    with pytest.raises(ValidationFailed) as error:
        give(engine, clerk, record, tst_call="")
    assert wrong(error) == {("tst_call", "required")}


def test_what_is_locked_cannot_be_changed(engine: RecordEngine, clerk: Caller) -> None:
    record = new(engine, clerk, tst_amount=500)
    give(engine, clerk, record, tst_amount=600, statuscode=INACTIVE)  # locked by this change only
    for change in ({"tst_amount": 700}, {"tst_call": "078-322-0001"}):
        with pytest.raises(ValidationFailed) as error:
            give(engine, clerk, record, **change)
        assert {code for _, code in wrong(error)} == {"locked"}
    give(engine, clerk, record, tst_amount=600, tst_title="同じ金額")
    give(engine, clerk, record, tst_amount=700, statuscode=1)  # and this one unlocks it
    assert of(engine, clerk, record)["tst_amount"] == Decimal(700)


def test_what_is_hidden_is_not_required_and_shown_only_while_a_rule_says_so(
    engine: RecordEngine,
) -> None:
    book = engine.catalog.rules_of(CLAIM)
    assert "tst_note" in effects(book, {"tst_kind": REFUND}).hidden
    shown = effects(book, {"tst_kind": USUAL})
    assert "tst_note" not in shown.hidden
    assert "tst_note" in shown.required
    advised = effects(book, {"tst_kind": REFUND}).recommended
    assert [(one.attribute, one.value) for one in advised] == [("tst_kind", USUAL)]
    assert not effects(book, {"tst_kind": USUAL, "tst_amount": Decimal(20000)}).recommended

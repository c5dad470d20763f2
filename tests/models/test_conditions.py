"""The law of conditions: SQL finds what the same condition finds in Python, nulls and all.

Nothing is a value like others: what is not 3 may be nothing, and nothing is less than nothing.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.metadata.errors import DefinitionError
from models.metadata.query import OF_CALLER, RELATIVE, Condition, Filter, Link, Operator, Query
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.privileges import AccessLevel, Privilege
from tests.models.office import member, system

VALUES: Mapping[str, list[Any]] = {
    "tst_name": [None, "神戸", "神戸市", "Kobe", "KOBE", "50%", "a_b", "a/b", "É", "é", "ｋobe"],
    "tst_memo": [None, "一行目\n二行目", "_", "kobe"],
    "tst_integer": [None, -(2**31), -1, 0, 7, 2**31 - 1],
    "tst_decimal": [None, Decimal("-0.0001"), Decimal("10.5000"), Decimal("9.9999")],
    "tst_money": [None, Decimal(0), Decimal(10**15)],
    "tst_boolean": [None, True, False],
    "tst_date": [None, date(1868, 1, 25), date(2026, 4, 1)],
    "tst_time": [
        None,
        datetime(2026, 4, 1, tzinfo=UTC),
        datetime(2026, 4, 1, 0, 0, 1, tzinfo=UTC),
    ],
    "tst_choice": [None, 1, 3],
    "tst_choices": [None, (1,), (1, 2), (2, 3)],
    "tst_identifier": [None, UUID(int=0), UUID(int=2**127), UUID("1e300000" + "0" * 24)],
}
SIZE = max(len(values) for values in VALUES.values())
POPULATION = [
    {name: values[number % len(values)] for name, values in VALUES.items()}
    for number in range(3 * SIZE)
]
COMPARING: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.GREATER: lambda value, asked: value > asked,
    Operator.GREATER_OR_EQUAL: lambda value, asked: value >= asked,
    Operator.LESS: lambda value, asked: value < asked,
    Operator.LESS_OR_EQUAL: lambda value, asked: value <= asked,
    Operator.BEGINS_WITH: lambda value, asked: folded(value).startswith(folded(asked)),
    Operator.CONTAINS: lambda value, asked: folded(asked) in folded(value),
    Operator.CONTAIN_VALUES: lambda value, asked: bool(set(value) & set(asked)),
}
TEXTS, CHOICES = {"tst_name", "tst_memo"}, {"tst_choices"}


def folded(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def holds(record: Mapping[str, Any], part: Condition | Filter) -> bool:
    """The oracle."""
    if isinstance(part, Filter):
        found = [holds(record, one) for one in part.parts]
        return all(found) if part.kind == "and" else any(found) or not found
    value, asked = record[part.attribute], part.value
    match part.operator:
        case Operator.NULL | Operator.NOT_NULL:
            return (value is None) is (part.operator is Operator.NULL)
        case Operator.EQUAL | Operator.NOT_EQUAL:
            return (value == asked) is (part.operator is Operator.EQUAL)
        case Operator.IN | Operator.NOT_IN:
            return (value in asked) is (part.operator is Operator.IN)
        case operator:
            return value is not None and COMPARING[operator](value, asked)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    name = draw(st.sampled_from(sorted(VALUES)))
    values = VALUES[name]
    operators = (
        set(Operator)
        - RELATIVE
        - OF_CALLER
        - (set() if name in CHOICES else {Operator.CONTAIN_VALUES})
    )
    if name not in TEXTS:
        operators -= {Operator.BEGINS_WITH, Operator.CONTAINS}
    if name in {"tst_memo", "tst_choices"}:
        operators -= set(list(COMPARING)[:4])
    operator = draw(st.sampled_from(sorted(operators)))
    if operator in {Operator.IN, Operator.NOT_IN}:
        return Condition(name, operator, draw(st.lists(st.sampled_from(values), max_size=3)))
    needed = operator in COMPARING
    return Condition(name, operator, draw(st.sampled_from(values[1:] if needed else values)))


FILTERS = st.recursive(
    conditions(),
    lambda parts: st.builds(
        Filter, st.lists(parts, max_size=3).map(tuple), st.sampled_from(["and", "or"])
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return system(engine)


@pytest.fixture(scope="module")
def records(engine: RecordEngine, caller: Caller) -> dict[UUID, dict[str, Any]]:
    ids = engine.run(lambda s: s.create_multiple(caller, "tst_thing", POPULATION))
    return dict(zip(ids, POPULATION, strict=True))


@settings(max_examples=100)
@given(part=FILTERS)
def test_a_filter_finds_what_it_describes(
    engine: RecordEngine,
    caller: Caller,
    records: dict[UUID, dict[str, Any]],
    part: Condition | Filter,
) -> None:
    query = Query(
        entity="tst_thing",
        columns=("tst_name",),
        filter=Filter((part,)),
        count=True,
        page_size=999,
    )
    page = engine.run(lambda s: s.retrieve_multiple(caller, query))
    expected = {record_id for record_id, record in records.items() if holds(record, part)}
    assert {record["id"] for record in page.records} == expected
    assert page.count == len(expected)


def test_a_condition_that_does_not_fit_its_attribute_is_refused_by_name(
    engine: RecordEngine, caller: Caller
) -> None:
    """Every operator × every type: an answer or a DefinitionError, never a database's error."""
    entity = engine.catalog.entity("tst_thing")
    asked = (None, "神戸", "2026-04-01", 2**70, -1.5, True, UUID(int=1), [1], "\x00")

    def work(service: RecordService) -> None:
        for attribute, operator, value in product(entity.attributes, Operator, asked):
            part = Filter((Condition(attribute, operator, value),))
            query = Query(entity="tst_thing", columns=("tst_name",), filter=part, page_size=1)
            try:
                service.retrieve_multiple(caller, query)
            except DefinitionError as refusal:
                refused.append((attribute, str(refusal)))

    refused: list[tuple[str, str]] = []
    engine.run(work)
    assert {attribute for attribute, _ in refused} == set(entity.attributes)
    assert [text for attribute, text in refused if attribute not in text] == []


def test_a_link_brings_the_other_records_columns_and_only_those_in_sight(
    engine: RecordEngine, caller: Caller
) -> None:
    near, far = (
        engine.run(
            lambda s, u=unit: s.create_multiple(
                system(engine, u), "tst_person", [{"tst_fullname": u, "tst_tel": "078-331-0001"}]
            )
        )[0]
        for unit in ("東区", "西区")
    )
    notes = [{"tst_heading": str(one), "tst_about": one} for one in (near, far, None)]
    ids = engine.run(lambda s: s.create_multiple(caller, "tst_note", notes))
    held = {("tst_note", Privilege.READ): AccessLevel.GLOBAL}
    held[("tst_person", Privilege.READ)] = AccessLevel.LOCAL
    local = member(engine, "東区", privileges=held)

    def titles(someone: Caller, link: Link) -> list[object]:
        query = Query(entity="tst_note", columns=(), links=(link,), ids=tuple(ids), count=True)
        page = engine.run(lambda s: s.retrieve_multiple(someone, query))
        assert page.count == len(page.records)
        by_id = {record["id"]: record["tst_about.tst_fullname"] for record in page.records}
        return [by_id.get(one, "無") for one in ids]

    columns = ("tst_fullname",)
    named = Filter((Condition("tst_fullname", Operator.EQUAL, "西区"),))
    assert titles(caller, Link("tst_about", columns)) == ["東区", "西区", None]
    assert titles(local, Link("tst_about", columns)) == ["東区", None, None]
    assert titles(caller, Link("tst_about", columns, inner=True)) == ["東区", "西区", "無"]
    assert titles(local, Link("tst_about", columns, inner=True)) == ["東区", "無", "無"]
    assert titles(caller, Link("tst_about", columns, named)) == [None, "西区", None]
    assert titles(local, Link("tst_about", columns, named, inner=True)) == ["無", "無", "無"]

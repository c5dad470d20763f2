"""The law of pages: laid end to end they are the whole ordering, each record once.

Under ties and nothings, in both directions, walking back, and while others insert.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.metadata.attribute_types import type_of
from models.metadata.errors import DefinitionError
from models.metadata.query import LARGEST_PAGE, Order, Page, Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models.office import system
from tests.models.outcomes import outcome, result_of

FEW: dict[str, list[Any]] = {
    "tst_name": [None, "あ", "ア", "亜", "a", "Z", "😀", "ﾊ"],
    "tst_integer": [None, -1, 7, None, 7],
    "tst_decimal": [Decimal("0.1000"), None, Decimal("-2.0000")],
    "tst_boolean": [True, None, False],
    "tst_date": [None, date(2026, 4, 1)],
    "tst_time": [datetime(2026, 4, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC), None],
    "tst_choice": [1, 2],
    "tst_identifier": [UUID(int=2**127), None, UUID(int=1)],
}
POPULATION = [{name: few[i % len(few)] for name, few in FEW.items()} for i in range(24)]
ORDERABLE = [*FEW, "tst_thingid", "createdon", "ownerid", "statuscode", "versionnumber"]
ORDERS = st.lists(
    st.builds(Order, st.sampled_from(ORDERABLE), st.booleans()),
    max_size=3,
    unique_by=lambda one: one.attribute,
).map(tuple)


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return system(engine)


@pytest.fixture(scope="module")
def ids(engine: RecordEngine, caller: Caller) -> tuple[UUID, ...]:
    """In three batches, which share their time of creation."""
    return tuple(
        one
        for start in (0, 8, 16)
        for one in engine.run(
            lambda s, b=POPULATION[start : start + 8]: s.create_multiple(caller, "tst_thing", b)
        )
    )


def retrieve(engine: RecordEngine, caller: Caller, query: Query) -> Page:
    return engine.run(lambda s: s.retrieve_multiple(caller, query))


def pages(engine: RecordEngine, caller: Caller, query: Query) -> Iterator[Page]:
    while True:
        page = retrieve(engine, caller, query)
        yield page
        if page.next is None:
            return
        query = replace(query, after=page.next)


def in_order(records: list[dict[str, Any]], order: tuple[Order, ...]) -> list[UUID]:
    """The oracle: nothing is the smallest value, the id decides in the last order's direction."""
    keys = [*order, Order("id", bool(order) and order[-1].descending)]

    def compare(one: dict[str, Any], other: dict[str, Any]) -> int:
        for key in keys:
            a, b = one[key.attribute], other[key.attribute]
            if a != b:
                smaller = a is None or (b is not None and a < b)
                return 1 if smaller is key.descending else -1
        return 0

    return [record["id"] for record in sorted(records, key=cmp_to_key(compare))]


@settings(max_examples=25)
@given(order=ORDERS, size=st.integers(2, 9))
def test_pages_end_to_end_are_the_whole_ordering_there_and_back(
    engine: RecordEngine,
    caller: Caller,
    ids: tuple[UUID, ...],
    order: tuple[Order, ...],
    size: int,
) -> None:
    query = Query(entity="tst_thing", order=order, ids=ids, page_size=LARGEST_PAGE)
    whole = retrieve(engine, caller, query).records
    expected = in_order(whole, order)
    assert [record["id"] for record in whole] == expected
    there = list(pages(engine, caller, replace(query, page_size=size)))
    assert [record["id"] for page in there for record in page.records] == expected
    assert {len(page.records) for page in there[:-1]} <= {size}
    assert there[0].previous is None
    back, page = list(there[-1].records), there[-1]
    while page.previous is not None:
        token = page.previous
        page = retrieve(
            engine, caller, replace(query, page_size=size, after=token, backwards=True)
        )
        back = page.records + back
    assert [record["id"] for record in back] == expected


def test_every_orderable_attribute_can_be_ordered_by_and_no_other(
    engine: RecordEngine, caller: Caller
) -> None:
    for name, attribute in engine.catalog.entity("tst_thing").attributes.items():
        query = Query(entity="tst_thing", columns=("tst_name",), order=(Order(name),))
        found = outcome(engine, lambda s, q=query: s.retrieve_multiple(caller, q))
        orderable = type_of(attribute).is_orderable and not attribute.sealed
        assert found == ("done" if orderable else "DefinitionError"), name


@pytest.mark.parametrize("descending", [False, True])
def test_what_others_insert_meanwhile_neither_skips_nor_repeats_old_records(
    engine: RecordEngine, caller: Caller, ids: tuple[UUID, ...], descending: bool
) -> None:
    order = (Order("tst_integer", descending),)
    query = Query(entity="tst_thing", columns=("tst_name",), order=order, page_size=5)
    old = {record["id"] for page in pages(engine, caller, query) for record in page.records}
    seen: list[UUID] = []
    for page in pages(engine, caller, query):
        seen += [record["id"] for record in page.records]
        if len(seen) > 200:
            pytest.fail("there is no end to it")
        if len(seen) < 60:
            batch = [{"tst_integer": value} for value in (None, -(2**31), 7)]
            engine.run(lambda s, b=batch: s.create_multiple(caller, "tst_thing", b))
    assert len(seen) == len(set(seen))
    assert old <= set(seen)
    assert set(ids) <= old


@settings(max_examples=100)
@given(
    token=st.one_of(
        st.text(max_size=60),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=8) | st.just("NaN"),
            lambda parts: st.lists(parts, max_size=3),
        ).map(lambda forged: encoded(forged)),
        st.tuples(
            st.sampled_from(["NaN", "1e999", "9" * 30, "\x00", "0001-01-01T00:00:00+14:00"]),
            st.just(UUID(int=1).hex),
        ).map(lambda forged: encoded(list(forged))),
    ),
    name=st.sampled_from(ORDERABLE),
)
def test_a_forged_token_is_refused_or_is_a_place_like_any_other(
    engine: RecordEngine, caller: Caller, ids: tuple[UUID, ...], token: str, name: str
) -> None:
    query = Query(entity="tst_thing", order=(Order(name),), ids=ids, after=token)
    found = result_of(engine, lambda s: s.retrieve_multiple(caller, query))
    if isinstance(found, DefinitionError):
        assert "token" in str(found)
    else:
        assert {record["id"] for record in found.records} <= set(ids)


@pytest.mark.parametrize("name", ORDERABLE)
@pytest.mark.parametrize(
    "value",
    [
        *(sign * 2**bits - less for sign in (1, -1) for bits in (31, 63) for less in (0, 1)),
        *("2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+09:00", "9999-12-31"),
        *("0001-01-01", "Infinity", "\x00", "", True, 1.5),
    ],
)
def test_a_forged_value_is_refused_or_is_a_place_like_any_other(
    engine: RecordEngine, caller: Caller, name: str, value: object
) -> None:
    token = encoded([value, UUID(int=1).hex])
    query = Query(entity="tst_thing", order=(Order(name),), after=token)
    assert outcome(engine, lambda s: s.retrieve_multiple(caller, query)) in {
        "done",
        "DefinitionError",
    }


def encoded(parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_the_count_is_of_all_pages_and_a_page_has_a_largest_size(
    engine: RecordEngine, caller: Caller, ids: tuple[UUID, ...]
) -> None:
    for size, length in ((1, 1), (10, 10), (0, 1), (-5, 1), (10**9, len(ids))):
        query = Query(entity="tst_thing", ids=ids, page_size=size, count=True)
        page = retrieve(engine, caller, query)
        assert (len(page.records), page.count) == (length, len(ids))


def test_a_stream_may_be_left_in_the_middle(
    engine: RecordEngine, caller: Caller, ids: tuple[UUID, ...]
) -> None:
    """An export that is cancelled: nothing stays open (warnings are errors here)."""
    query = Query(entity="tst_thing", columns=("tst_name",), ids=ids, page_size=1)
    stream = iter(engine.stream(caller, query))
    assert len(next(stream)) == len(ids)
    stream.close()
    assert retrieve(engine, caller, query).records

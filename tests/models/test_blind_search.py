"""The law of the blind index: a sealed value is found as it now is, by every spelling, by no part.

The index follows its records through every change, and holds nothing but digests.
"""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.metadata.query import Condition, Filter, Operator, Query
from models.metadata.tables import DATA_KEY
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.sealing import SHREDDED
from models.security.caller import Caller
from models.tables.record_data import BlindIndexEntry
from tests.models.office import system
from tests.models.values import EMAIL, PHONE

SEALED = ("tst_email", "tst_phone")


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return system(engine)


def found(
    engine: RecordEngine, caller: Caller, name: str, value: str, ids: tuple[UUID, ...]
) -> set[UUID]:
    part = Filter((Condition(name, Operator.EQUAL, value),))
    query = Query(entity="tst_thing", columns=("tst_name",), filter=part, ids=ids)
    page = engine.run(lambda s: s.retrieve_multiple(caller, query))
    return {record["id"] for record in page.records}


@pytest.mark.parametrize(
    ("values", "question", "is_found"),
    [
        ({"tst_email": "Taro.Yamada@Example.JP"}, ("tst_email", "ｔaro.yamada@example.jp"), True),
        ({"tst_email": "taro@例え.jp"}, ("tst_email", "taro@xn--r8jz45g.jp"), True),
        ({"tst_email": "taro@example.jp"}, ("tst_email", "taro@example.j"), False),
        ({"tst_phone": "０７８ー３３１ー１２３４"}, ("tst_phone", "+81 78 331 1234"), True),
        ({"tst_phone": "078-331-1234"}, ("tst_phone", "331-1234"), False),
        ({"tst_phone": "078-331-1234"}, ("tst_phone", "電話なし"), False),
    ],
)
def test_a_sealed_value_is_found_by_any_spelling_of_it_and_by_no_part(
    engine: RecordEngine, caller: Caller, values: Any, question: tuple[str, str], is_found: bool
) -> None:
    [one] = engine.run(lambda s: s.create_multiple(caller, "tst_thing", [values]))
    assert found(engine, caller, *question, (one,)) == ({one} if is_found else set())


CHANGE = st.fixed_dictionaries(
    {}, optional={"tst_email": st.none() | EMAIL, "tst_phone": st.none() | PHONE}
)


@settings(max_examples=15)
@given(rounds=st.lists(st.lists(CHANGE, min_size=3, max_size=3), min_size=1, max_size=3))
def test_after_any_changes_each_is_found_by_what_it_now_holds(
    engine: RecordEngine, caller: Caller, rounds: list[list[dict[str, Any]]]
) -> None:
    """Batches in which one changes its address and another its number, as an import makes them."""
    start = [{"tst_email": f"t{i}@example.jp", "tst_phone": f"078-331-000{i}"} for i in range(3)]
    ids = tuple(engine.run(lambda s: s.create_multiple(caller, "tst_thing", start)))
    now: list[dict[str, Any]] = [dict(one) for one in start]
    asked = {name: {one[name] for one in start} for name in SEALED}
    for batch in rounds:
        changes = [Change(one, values) for one, values in zip(ids, batch, strict=True)]
        engine.run(lambda s, c=changes: s.update_multiple(caller, "tst_thing", c))
        for record, values in zip(now, batch, strict=True):
            record |= values
            for name, value in values.items():
                asked[name].add(value)
    for name in SEALED:
        for value in asked[name] - {None}:
            expected = {i for i, one in zip(ids, now, strict=True) if same(one[name], value)}
            assert found(engine, caller, name, value, ids) == expected
    assert entries(engine, ids) == sum(one[name] is not None for one in now for name in SEALED)
    deletions = [Deletion(one) for one in ids]
    engine.run(lambda s: s.delete_multiple(caller, "tst_thing", deletions))
    assert entries(engine, ids) == 0


def test_a_destroyed_value_is_found_no_more_and_hides_no_other(
    engine: RecordEngine, caller: Caller
) -> None:
    """A key goes right before the commit: where that fails, the record stays without it."""
    twins = [{"tst_email": "futago@example.jp", "tst_phone": "078-331-0001"}] * 2
    gone, left = engine.run(lambda s: s.create_multiple(caller, "tst_thing", twins))
    destroy_key(engine, gone)
    both = (gone, left)
    assert found(engine, caller, "tst_email", "futago@example.jp", both) == {left}
    batch = [Change(gone, {"tst_email": "atarashii@example.jp"})]
    engine.run(lambda s: s.update_multiple(caller, "tst_thing", batch))
    assert found(engine, caller, "tst_email", "atarashii@example.jp", both) == {gone}
    record = engine.run(lambda s: s.retrieve(caller, "tst_thing", gone))
    assert (record["tst_email"], record["tst_phone"]) == ("atarashii@example.jp", SHREDDED)


def destroy_key(engine: RecordEngine, record_id: UUID) -> None:
    table = engine.catalog.tables.entities["tst_thing"]
    with engine.database.reading() as connection:
        key = connection.scalar(select(table.c[DATA_KEY]).where(table.c.id == record_id))
    engine.keyring.destroy([key])


def same(one: str | None, other: str) -> bool:
    return one is not None and one.lower() == other.lower()


def entries(engine: RecordEngine, ids: tuple[UUID, ...]) -> int:
    statement = select(BlindIndexEntry.record_id).where(BlindIndexEntry.record_id.in_(ids))
    with engine.database.reading() as connection:
        return len(connection.execute(statement).all())

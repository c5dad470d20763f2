"""Conditions that count from today hold for the days of Japan, whatever is kept."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import DefinitionError
from models.metadata.query import RELATIVE, Condition, Filter, Operator, Query
from models.records import relative_days
from models.records.engine import RecordEngine
from tests.models.office import system

ENTITY = "tst_thing"
DISTANCES = [-400, -31, -8, -7, -6, -2, -1, 0, 1, 2, 6, 7, 8, 31, 400]
HOURS = [0, 8, 9, 15, 23]
NOW = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
"""Half past midnight of 1 April in Japan: still March in UTC."""
TODAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def kept(engine: RecordEngine) -> dict[UUID, tuple[date, datetime]]:
    """Records around that day: a day and a moment of each."""
    values = []
    for distance in DISTANCES:
        for hour in HOURS:
            day = TODAY + timedelta(days=distance)
            moment = datetime(day.year, day.month, day.day, hour, 59, 59, tzinfo=LOCAL_ZONE)
            values.append((day, moment))
    batch = [{"tst_date": day, "tst_time": moment} for day, moment in values]
    ids = engine.run(lambda s: s.create_multiple(system(engine), ENTITY, batch))
    return dict(zip(ids, values, strict=True))


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relative_days, "utc_now", lambda: NOW)


def holds(day: date, operator: Operator, days: int) -> bool:
    """The rule, in plain Python."""
    if operator is Operator.LAST_DAYS:
        return 0 <= (TODAY - day).days <= days
    if operator is Operator.NEXT_DAYS:
        return 0 <= (day - TODAY).days <= days
    return (TODAY - day).days > days


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["tst_date", "tst_time"]),
    operator=st.sampled_from(sorted(RELATIVE)),
    days=st.one_of(st.sampled_from([abs(one) for one in DISTANCES]), st.integers(0, 3660)),
)
def test_the_days_are_those_of_japan(
    engine: RecordEngine,
    kept: dict[UUID, tuple[date, datetime]],
    name: str,
    operator: Operator,
    days: int,
) -> None:
    condition = Condition(name, operator, days)
    query = Query(entity=ENTITY, filter=Filter((condition,)), page_size=1000, ids=tuple(kept))
    found = engine.run(lambda s: s.retrieve_multiple(system(engine), query)).records
    wanted = {one for one, (day, _) in kept.items() if holds(day, operator, days)}
    assert {record["id"] for record in found} == wanted


@pytest.mark.parametrize("value", [-1, 3661, "7", True, None, 1.5, date(2026, 4, 1)])
@pytest.mark.parametrize("operator", sorted(RELATIVE))
def test_anything_else_than_days_is_refused(
    engine: RecordEngine, operator: Operator, value: object
) -> None:
    query = Query(entity=ENTITY, filter=Filter((Condition("tst_date", operator, value),)))
    with pytest.raises(DefinitionError):
        engine.run(lambda s: s.retrieve_multiple(system(engine), query))


@pytest.mark.parametrize("name", ["tst_name", "tst_integer", "tst_choice"])
def test_only_days_are_counted_from_today(engine: RecordEngine, name: str) -> None:
    query = Query(entity=ENTITY, filter=Filter((Condition(name, Operator.LAST_DAYS, 7),)))
    with pytest.raises(DefinitionError):
        engine.run(lambda s: s.retrieve_multiple(system(engine), query))

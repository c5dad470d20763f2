"""How long records are kept, counted as the Civil Code and municipal rules count."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.definitions import AttributeDefinition
from models.metadata.labels import Label
from models.metadata.query import Condition
from models.metadata.retention import Period, RetentionRule

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
PERIODS = st.builds(
    Period, years=st.integers(0, 30), months=st.integers(0, 40), days=st.integers(0, 800)
).filter(lambda period: period != Period())
MOMENT = AttributeDefinition(
    number=1,
    logical_name="new_closedon",
    schema_name="new_Closedon",
    type="DateTime",
    display_name=Label("完結日時"),
)


def rule(keep: Period, *, fiscal_year: bool = False) -> RetentionRule:
    return RetentionRule(
        name="new_kept",
        entity="new_thing",
        display_name=Label("もの"),
        keep=keep,
        counted_from="new_closedon",
        fiscal_year=fiscal_year,
    )


@pytest.mark.parametrize(
    ("closed", "due"),
    [
        ("2026-03-31", "2031-04-01"),  # the last day of fiscal 2025: counted from 1 April 2026
        ("2026-04-01", "2032-04-01"),  # the first of fiscal 2026: a year longer
        ("2027-03-31", "2032-04-01"),
        ("2024-02-29", "2029-04-01"),
    ],
)
def test_five_years_from_the_next_fiscal_year(closed: str, due: str) -> None:
    kept = rule(Period(years=5), fiscal_year=True)
    assert kept.due_day(date.fromisoformat(closed)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("keep", "closed", "due"),
    [
        (Period(years=1), "2026-04-10", "2027-04-11"),  # the day itself does not count
        (Period(years=1), "2024-02-28", "2025-03-01"),  # from 29 February: to the last day
        (Period(years=1), "2023-02-28", "2024-03-01"),
        (Period(months=1), "2026-01-30", "2026-03-01"),  # there is no 31 February
        (Period(months=1), "2026-01-31", "2026-03-01"),
        (Period(days=30), "2026-12-31", "2027-01-31"),
    ],
)
def test_a_period_ends_as_the_civil_code_says(keep: Period, closed: str, due: str) -> None:
    assert rule(keep).due_day(date.fromisoformat(closed)) == date.fromisoformat(due)


@given(PERIODS, DAYS, st.booleans())
@example(Period(years=1), date(2024, 2, 29), False)
@example(Period(years=1), date(2026, 3, 31), True)
def test_later_is_never_due_earlier(keep: Period, day: date, fiscal_year: bool) -> None:
    kept = rule(keep, fiscal_year=fiscal_year)
    assert day < kept.due_day(day) <= kept.due_day(day + timedelta(days=1))
    if fiscal_year and keep.days == 0 and keep.months == 0:
        assert (kept.due_day(day).month, kept.due_day(day).day) == (4, 1)


@given(PERIODS, DAYS, DAYS, st.booleans())
def test_the_last_start_divides_the_due_from_the_others(
    keep: Period, day: date, closed: date, fiscal_year: bool
) -> None:
    """What the database is asked (closed before that day) is what the rule says of each."""
    kept = rule(keep, fiscal_year=fiscal_year)
    assert (closed <= kept.last_start(day)) == (kept.due_day(closed) <= day)


@given(DAYS, st.times())
def test_days_are_the_offices(day: date, time: object) -> None:
    """A record closed at half past midnight in Kobe was closed the day before in London."""
    kept = rule(Period(years=5), fiscal_year=True)
    [condition] = (one for one in kept.due(MOMENT, day).parts if isinstance(one, Condition))
    before = condition.value
    assert isinstance(before, datetime)
    local = datetime.combine(kept.last_start(day), time, tzinfo=LOCAL_ZONE)  # type: ignore[arg-type]
    assert local.astimezone(UTC) < before
    assert (local + timedelta(days=1)).astimezone(UTC) >= before

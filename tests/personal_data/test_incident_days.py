"""The days of the reports, by the office's clock; which kinds have to be reported."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from admin_views.incidents.law import (
    KINDS,
    MANY,
    OTHER,
    PROTECTED,
    REPORTED,
    WRONGFUL,
    Clock,
    duty,
)
from models.metadata.attribute_types import LOCAL_ZONE

MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)
SOME_KINDS = st.sets(st.sampled_from(sorted(KINDS)), min_size=1)


@given(MOMENTS, SOME_KINDS)
def test_the_day_it_was_known_is_the_first(known_on: datetime, kinds: set[str]) -> None:
    clock = Clock.of(known_on, kinds)
    assert clock.known_day == known_on.astimezone(LOCAL_ZONE).date()
    whole = 60 if WRONGFUL in kinds else 30
    assert (clock.soon_on - clock.known_day).days + 1 == 3
    assert (clock.preliminary_on - clock.known_day).days + 1 == 5
    assert (clock.final_on - clock.known_day).days + 1 == whole


def test_midnight_is_that_of_japan() -> None:
    late = datetime(2026, 11, 29, 14, 59, tzinfo=UTC)
    assert str(Clock.of(late, {MANY}).known_day) == "2026-11-29"
    assert str(Clock.of(late + timedelta(minutes=1), {MANY}).known_day) == "2026-11-30"


@given(SOME_KINDS, st.sampled_from(sorted(PROTECTED)))
def test_one_kind_of_the_law_is_enough(kinds: set[str], protected: str) -> None:
    is_reported = bool(kinds & REPORTED)
    assert (duty(kinds, protected) == "none") is not is_reported
    assert duty({OTHER}, protected) == "none"
    if is_reported:
        assert (duty(kinds, protected) == "report") == (protected != "yes")

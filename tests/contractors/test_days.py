"""Days are the office's: a contract ends at midnight in Japan, wherever the server's clock stands;
months end where they end; dormancy counts whole days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.security import contracts, dormancy
from models.security.contracts import has_pledged, months_after, runs, standing, why_closed

JAPAN = timezone(timedelta(hours=9))
DAYS = st.dates(date(2001, 1, 1), date(2199, 12, 31))
MONTHS = st.integers(1, 60)


@dataclass
class Period:
    starts_on: date
    ends_on: date


@dataclass
class Settings:
    must_pledge: bool = False
    training_months: int = 0
    dormant_days: int = 0
    pledge_version: str = "2"
    pledge_ja: str = "誓約します。"
    pledge_en: str = "I pledge."


@dataclass
class Account:
    pledged_on: date | None = None
    pledge_version: str = "2"
    trained_on: date | None = None
    last_signed_in_on: datetime | None = None
    opened_on: datetime | None = None
    created_on: datetime = datetime(2026, 4, 1, tzinfo=UTC)
    is_break_glass: bool = False


def moment(day: date, hour: int, minute: int) -> datetime:
    """By the office's clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JAPAN)


@given(first=DAYS, length=st.integers(0, 1500), day=DAYS)
def test_a_period_holds_its_first_and_its_last_day(first: date, length: int, day: date) -> None:
    period = Period(first, first + timedelta(days=length))
    assert runs(period, on=day) is (period.starts_on <= day <= period.ends_on)
    assert runs(period, on=first)
    assert runs(period, on=period.ends_on)
    assert standing(period, on=first - timedelta(days=1)) == "future"
    assert standing(period, on=period.ends_on + timedelta(days=1)) == "over"


@given(last=DAYS, minutes=st.integers(-3000, 3000))
def test_it_ends_at_midnight_in_japan(last: date, minutes: int) -> None:
    """23:59 of the last day is within; 00:00 of the next is not, though UTC is a day behind."""
    midnight = moment(last, 0, 0) + timedelta(days=1)
    now = (midnight + timedelta(minutes=minutes)).astimezone(UTC)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(contracts, "utc_now", lambda: now)
        assert runs(Period(date(2000, 1, 1), last), on=contracts.today()) is (minutes < 0)


def test_the_last_minute_and_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    period = Period(date(2026, 4, 1), date(2027, 3, 31))
    for now, within in {
        "2026-03-31T14:59:59+00:00": False,  # 23:59:59 in Japan
        "2026-03-31T15:00:00+00:00": True,
        "2027-03-31T14:59:59+00:00": True,
        "2027-03-31T15:00:00+00:00": False,
    }.items():
        monkeypatch.setattr(contracts, "utc_now", lambda said=now: datetime.fromisoformat(said))
        assert runs(period, on=contracts.today()) is within, now


@given(day=DAYS, months=MONTHS)
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    if later.day != day.day:
        assert later.day < day.day
        assert (later + timedelta(days=1)).day == 1


@given(day=DAYS, other=DAYS, months=MONTHS)
def test_who_was_trained_later_stays_trained_no_shorter(
    day: date, other: date, months: int
) -> None:
    assume(day <= other)
    assert months_after(day, months) <= months_after(other, months)


MONTH_ENDS = {
    (date(2026, 1, 31), 1): date(2026, 2, 28),
    (date(2028, 1, 31), 1): date(2028, 2, 29),
    (date(2028, 2, 29), 12): date(2029, 2, 28),
    (date(2026, 12, 15), 12): date(2027, 12, 15),
    (date(2026, 8, 31), 6): date(2027, 2, 28),
    (date(2026, 11, 30), 3): date(2027, 2, 28),
}


@pytest.mark.parametrize(("given_on", "until"), MONTH_ENDS.items())
def test_ends_of_months(given_on: tuple[date, int], until: date) -> None:
    assert months_after(*given_on) == until


@given(trained=st.none() | DAYS, months=MONTHS, day=DAYS)
def test_training_counts_up_to_the_same_day_so_many_months_later(
    trained: date | None, months: int, day: date
) -> None:
    found = why_closed(Account(trained_on=trained), Settings(training_months=months), on=day)
    is_open = trained is not None and day <= months_after(trained, months)
    assert found == ("" if is_open else "training")
    assert why_closed(Account(trained_on=trained), Settings(), on=day) == ""


@given(given_on=st.none() | DAYS, version=st.sampled_from(["", "1", "2"]), must=st.booleans())
def test_a_pledge_is_the_present_versions(given_on: date | None, version: str, must: bool) -> None:
    account = Account(pledged_on=given_on, pledge_version=version)
    settings = Settings(must_pledge=must)
    is_given = given_on is not None and version == "2"
    assert has_pledged(account, settings) is is_given
    found = why_closed(account, settings, on=date(2026, 4, 1))
    assert found == ("pledge" if must and not is_given else "")


@given(
    used=st.lists(st.none() | st.integers(0, 400), min_size=2, max_size=2),
    days=st.integers(1, 120),
    later=st.integers(0, 400),
    hour=st.integers(0, 23),
)
def test_dormant_is_who_did_not_sign_in_for_so_many_days(
    used: list[int | None], days: int, later: int, hour: int
) -> None:
    made = moment(date(2026, 4, 1), hour, 30)
    signed_in, opened = (None if n is None else made + timedelta(days=n) for n in used)
    account = Account(created_on=made, last_signed_in_on=signed_in, opened_on=opened)
    last = max(n for n in (0, *used) if n is not None)
    settings = Settings(dormant_days=days)
    for at in (moment(date(2026, 4, 1), 0, 0), moment(date(2026, 4, 1), 23, 59)):
        now = at + timedelta(days=later)
        assert dormancy.is_dormant(account, settings, at=now) is (later > last + days)
    assert not dormancy.is_dormant(account, Settings(), at=made + timedelta(days=later))


def test_the_account_for_emergencies_is_never_dormant() -> None:
    account = Account(is_break_glass=True)
    now = datetime(2036, 4, 1, tzinfo=UTC)
    assert not dormancy.is_dormant(account, Settings(dormant_days=1), at=now)

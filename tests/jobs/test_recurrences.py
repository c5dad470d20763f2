"""Recurrences: the next occurrence in Japan's time, one waiting row, nothing made up for."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jobs.kinds import KINDS
from jobs.recurrences import check, ensure, next_occurrence
from models.metadata.components import Recurrence
from models.metadata.errors import DefinitionError
from models.records.engine import RecordEngine
from models.tables.session import Database
from tests.jobs.post import WorkerOf, job, jobs, let_time_pass

JAPAN = ZoneInfo("Asia/Tokyo")
SECONDS = st.integers(0, 16 * 366 * 86400)
MOMENTS = SECONDS.map(lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(0, seconds))
HOURLY = Recurrence(name="hourly", kind="purge_intake", rule="FREQ=HOURLY;BYMINUTE=10;BYSECOND=0")
NIGHTLY = Recurrence(name="nightly", kind="erase_unconfirmed", rule="FREQ=DAILY;BYHOUR=3")
RULES = [
    ("FREQ=HOURLY;BYMINUTE=10;BYSECOND=0", "2026-11-23 09:10", "2026-11-23 10:10"),
    ("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "2026-11-23 09:00", "2026-11-24 02:30"),
    ("FREQ=DAILY", "2026-11-23 09:00", "2026-11-24 00:00"),
    ("FREQ=WEEKLY;BYDAY=FR;BYHOUR=18", "2026-11-23 09:00", "2026-11-27 18:00"),
    ("FREQ=WEEKLY", "2026-11-25 09:00", "2026-11-30 00:00"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=23", "2028-02-01 09:00", "2028-02-29 23:00"),
    ("FREQ=MONTHLY", "2026-11-23 09:00", "2026-12-01 00:00"),
    ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1", "2026-11-23 09:00", "2027-04-01 00:00"),
    ("FREQ=MINUTELY;INTERVAL=15", "2026-11-23 09:01", "2026-11-23 09:15"),
    ("FREQ=HOURLY;INTERVAL=6", "2026-11-23 09:01", "2026-11-23 12:00"),
    ("RRULE:FREQ=DAILY;BYHOUR=9", "2026-11-23 09:00", "2026-11-24 09:00"),
    ("FREQ=DAILY;UNTIL=20261124T000000Z;BYHOUR=8", "2026-11-23 09:00", "2026-11-24 08:00"),
]
WRONG = [
    "",
    "every day",
    "FREQ=FORTNIGHTLY",
    "FREQ=SECONDLY",
    "FREQ=DAILY;COUNT=3",
    "FREQ=DAILY;BYHOUR=25",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=00;BYHOUR=3",
    "FREQ=DAILY;INTERVAL=-1",
    "DTSTART:20260101T000000\nRRULE:FREQ=DAILY",
    "FREQ=DAILY\nEXRULE:FREQ=DAILY",
    "BYHOUR=3",
    "FREQ=DAILY;UNTIL=20261124",
]


def japanese(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAPAN)


@pytest.mark.parametrize(("rule", "after", "expected"), RULES)
def test_next_occurrence(rule: str, after: str, expected: str) -> None:
    assert next_occurrence(rule, after=japanese(after)) == japanese(expected)
    assert next_occurrence(rule, after=japanese(after).astimezone(UTC)) == japanese(expected)


@hypothesis_settings(max_examples=40)
@given(
    after=MOMENTS,
    frequency=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    interval=st.integers(1, 5),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
def test_occurrences_do_not_drift(
    after: datetime, frequency: str, interval: int, hour: int, minute: int
) -> None:
    """From one occurrence to the next the way does not matter: no moment between the two, however
    late it is asked, leads elsewhere; and the clock on the wall is the one stated."""
    rule = f"FREQ={frequency};INTERVAL={interval};BYHOUR={hour};BYMINUTE={minute}"
    found = next_occurrence(rule, after=after)
    assert found is not None
    assert found > after
    assert (found.hour, found.minute, found.utcoffset()) == (hour, minute, timedelta(hours=9))
    assert next_occurrence(rule, after=found - timedelta(seconds=1)) == found
    assert next_occurrence(rule, after=after + (found - after) / 2) == found


@pytest.mark.parametrize("rule", WRONG)
def test_rules_that_are_refused(rule: str) -> None:
    with pytest.raises(DefinitionError):
        next_occurrence(rule, after=japanese("2026-11-23 09:00"))


def test_check_names_what_is_wrong() -> None:
    check([HOURLY, NIGHTLY], KINDS)
    unknown = Recurrence(name="x", kind="make_tea", rule="FREQ=DAILY")
    with pytest.raises(DefinitionError, match="recurrence x: there is no job kind 'make_tea'"):
        check([unknown], KINDS)
    over = Recurrence(name="y", kind="purge_intake", rule="FREQ=DAILY;UNTIL=20200101T000000Z")
    with pytest.raises(DefinitionError, match="never happens again"):
        check([over], KINDS)


def ensured(database: Database, *recurrences: Recurrence) -> list[tuple[str, str, str]]:
    database.run(lambda transaction: ensure(transaction, recurrences))
    return sorted((row.name, row.recurrence, row.kind) for row in jobs(database, state="READY"))


def test_each_recurrence_waits_once(database: Database) -> None:
    expected = [(r.name, r.rule, r.kind) for r in (HOURLY, NIGHTLY)]
    assert ensured(database, HOURLY, NIGHTLY) == expected
    assert ensured(database, HOURLY, NIGHTLY) == expected
    assert len(jobs(database)) == 2


def test_a_changed_rule_replaces_the_waiting_job(database: Database) -> None:
    ensured(database, HOURLY)
    changed = Recurrence(name="hourly", kind="purge_intake", rule="FREQ=DAILY;BYHOUR=4")
    assert ensured(database, changed) == [("hourly", changed.rule, "purge_intake")]
    (old,) = jobs(database, state="COMPLETED")
    assert (old.recurrence, old.status) == (HOURLY.rule, "CANCELED")


def test_a_recurrence_no_longer_stated_is_cancelled(database: Database) -> None:
    ensured(database, HOURLY, NIGHTLY)
    assert [name for name, _, _ in ensured(database, NIGHTLY)] == ["nightly"]


def test_a_job_under_way_is_left_alone(database: Database) -> None:
    ensured(database, HOURLY)
    (waiting,) = jobs(database)
    database.run(
        lambda transaction: transaction.lock().exec_driver_sql(
            "UPDATE systemjob SET state = 'LOCKED'"
        )
    )
    changed = Recurrence(name="hourly", kind="purge_intake", rule="FREQ=DAILY;BYHOUR=4")
    assert ensured(database, changed) == []
    assert job(database, waiting.id).state == "LOCKED"


def test_two_at_once_make_one(database: Database) -> None:
    threads = [Thread(target=ensured, args=(database, HOURLY, NIGHTLY)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jobs(database)) == 2


def test_missed_occurrences_are_done_once(kobe: RecordEngine, worker_of: WorkerOf) -> None:
    """Days without a worker: each is done once, then waits for its next time."""
    worker = worker_of(kobe)
    database = kobe.database
    database.run(lambda transaction: ensure(transaction, kobe.catalog.recurrences))
    let_time_pass(database, timedelta(days=4))  # over any weekend
    stated = sorted(one.name for one in kobe.catalog.recurrences)
    assert worker() == len(stated)
    assert worker() == 0
    waiting = jobs(database, state="READY")
    assert sorted(row.name for row in waiting) == stated
    assert all(row.due_on > datetime.now(UTC) for row in waiting)
    assert len(jobs(database, status="SUCCEEDED")) == len(stated)


def test_a_worker_schedules_what_the_solution_states(
    kobe: RecordEngine, worker_of: WorkerOf
) -> None:
    """Nobody has to remember to, after an import or a restore."""
    worker_of(kobe)()
    assert len(jobs(kobe.database, state="READY")) == len(kobe.catalog.recurrences)

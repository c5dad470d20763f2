"""The queue: each job has one holder, a dead holder loses it, and what fails is seen to fail."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from jobs import notices, queue
from jobs.leases import kept
from jobs.notices import Failure
from jobs.queue import LEASE, MOST_ATTEMPTS, ClaimedJob, claim
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Database
from tests.jobs.post import add_job, job, jobs, let_time_pass

MINUTE = timedelta(minutes=1)


def take(database: Database, worker: str = "one") -> ClaimedJob:
    (claimed,) = claim(database, worker)
    return claimed


def finish(
    database: Database, act: Callable[..., bool], claimed: ClaimedJob, *details: object
) -> bool:
    return database.run(lambda transaction: act(transaction, claimed, *details))


def test_a_claimed_job_is_in_progress(database: Database) -> None:
    job_id = add_job(database)
    take(database, "host:1")
    row = job(database, job_id)
    assert (row.state, row.status, row.attempts, row.locked_by) == (
        "LOCKED",
        "IN_PROGRESS",
        1,
        "host:1",
    )
    assert utc_now() < row.lease_until <= utc_now() + LEASE
    assert claim(database, "two") == []


def test_what_is_due_longest_comes_first_and_what_is_not_due_waits(database: Database) -> None:
    now = utc_now()
    add_job(database, name="second", due_on=now - MINUTE)
    add_job(database, name="first", due_on=now - 2 * MINUTE)
    add_job(database, name="later", due_on=now + MINUTE)
    add_job(database, name="suspended", due_on=now - MINUTE, state="SUSPENDED")
    assert [one.name for one in claim(database, "one", limit=9)] == ["first", "second"]
    assert claim(database, "one", limit=9) == []


def test_each_job_is_claimed_once(database: Database) -> None:
    for number in range(40):
        add_job(database, name=str(number))
    claimed: list[str] = []

    def work(name: str) -> None:
        while found := claim(database, name, limit=3):
            claimed.extend(one.name for one in found)

    threads = [Thread(target=work, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed, key=int) == [str(number) for number in range(40)]


def test_success_removes_the_payload(database: Database) -> None:
    job_id = add_job(database, payload=b"sealed")
    assert finish(database, queue.succeed, take(database))
    row = job(database, job_id)
    assert (row.state, row.status, row.payload, row.message) == (
        "COMPLETED",
        "SUCCEEDED",
        None,
        "",
    )
    assert row.completed_on is not None
    assert row.lease_until is None


def test_failure_keeps_the_payload_and_waits(database: Database) -> None:
    job_id = add_job(database, payload=b"sealed")
    assert finish(database, queue.fail, take(database), Failure("It broke."))
    row = job(database, job_id)
    assert (row.state, row.status, row.payload, row.message) == (
        "READY",
        "WAITING",
        b"sealed",
        "It broke.",
    )
    assert row.due_on > utc_now()
    assert claim(database, "one") == []


def test_it_is_tried_nine_times_within_a_day_or_so_then_given_up(database: Database) -> None:
    job_id = add_job(database, payload=b"sealed")
    waited = timedelta()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        finish(database, queue.fail, take(database), Failure("It broke."))
        row = job(database, job_id)
        assert row.attempts == attempt
        if attempt < MOST_ATTEMPTS:
            wait = row.due_on - utc_now()
            waited += wait
            let_time_pass(database, wait + timedelta(seconds=1))
    assert timedelta(hours=16) < waited < timedelta(hours=27)
    assert (row.state, row.status, row.payload) == ("COMPLETED", "FAILED", b"sealed")
    assert row.message == "It broke."


def test_what_cannot_succeed_is_given_up_at_once(database: Database) -> None:
    job_id = add_job(database, payload=b"sealed")
    finish(database, queue.fail, take(database), Failure("Never.", is_final=True))
    row = job(database, job_id)
    assert (row.status, row.message, row.payload) == ("FAILED", "Never.", b"sealed")


def test_what_was_given_up_can_be_put_back(database: Database) -> None:
    job_id = add_job(database, payload=b"sealed")
    finish(database, queue.fail, take(database), Failure("Never.", is_final=True))
    assert database.run(lambda transaction: queue.try_again(transaction, job_id))
    assert take(database).payload == b"sealed"
    assert not database.run(lambda transaction: queue.try_again(transaction, job_id))


@pytest.mark.parametrize("attempts", range(1, MOST_ATTEMPTS))
def test_delays_grow_up_to_six_hours(attempts: int) -> None:
    middle = min(30 * 4 ** (attempts - 1), 6 * 3600)
    delays = [queue.delay(attempts) for _ in range(50)]
    assert all(0.8 * middle <= one <= 1.2 * middle for one in delays)
    assert len(set(delays)) > 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("send_mail", f"{notices.STOPPED}\n{notices.MAYBE_TWICE}"),
        ("purge_intake", notices.STOPPED),
    ],
)
def test_a_dead_worker_s_job_is_taken_over_and_says_so(
    database: Database, kind: str, said: str
) -> None:
    job_id = add_job(database, kind=kind)
    dead = take(database, "dead")
    let_time_pass(database, LEASE + timedelta(seconds=1))
    heir = take(database, "heir")
    assert (heir.attempts, heir.message, job(database, job_id).message) == (2, said, said)
    assert not finish(database, queue.succeed, dead), "the dead one no longer holds it"
    assert finish(database, queue.succeed, heir)
    assert job(database, job_id).message == said, "it stands for good"


def test_what_may_have_happened_twice_is_not_forgotten_by_a_later_failure(
    database: Database,
) -> None:
    job_id = add_job(database, kind="send_mail")
    take(database, "dead")
    let_time_pass(database, LEASE + timedelta(seconds=1))
    finish(database, queue.fail, take(database), Failure(notices.UNREACHABLE))
    assert job(database, job_id).message.split("\n") == [
        notices.STOPPED,
        notices.MAYBE_TWICE,
        notices.UNREACHABLE,
    ]
    let_time_pass(database, timedelta(hours=1))
    finish(database, queue.succeed, take(database))
    assert job(database, job_id).message.split("\n") == [notices.STOPPED, notices.MAYBE_TWICE]


def test_a_job_that_kills_its_workers_is_given_up(database: Database) -> None:
    job_id = add_job(database)
    for _ in range(MOST_ATTEMPTS):
        take(database)
        let_time_pass(database, LEASE + timedelta(seconds=1))
    assert claim(database, "one") == []
    row = job(database, job_id)
    assert (row.state, row.status) == ("COMPLETED", "FAILED")
    assert notices.GIVEN_UP in row.message


def test_a_lease_is_renewed_while_it_is_held(database: Database) -> None:
    job_id = add_job(database)
    held = take(database)
    let_time_pass(database, LEASE - timedelta(seconds=5))
    assert finish(database, queue.renew, held)
    assert job(database, job_id).lease_until > utc_now() + LEASE / 2
    let_time_pass(database, LEASE + timedelta(seconds=1))
    take(database, "heir")
    assert not finish(database, queue.renew, held)


def test_a_long_job_keeps_its_lease(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.leases.RENEWED_AFTER_SECONDS", 0.05)
    job_id = add_job(database)
    held = take(database)
    let_time_pass(database, LEASE)
    with kept(database, held):
        deadline = utc_now() + timedelta(seconds=10)
        while job(database, job_id).lease_until < utc_now() + LEASE / 2:
            assert utc_now() < deadline, "the lease was not renewed"


def test_overdue_is_what_nobody_did_when_it_was_due(database: Database) -> None:
    now, late = utc_now(), timedelta(minutes=6)
    waiting = add_job(database, due_on=now - 2 * late)
    again = add_job(database, due_on=now - late, attempts=3)
    dead = add_job(database, due_on=now - late / 2, state="LOCKED", lease_until=now - late)
    add_job(database, due_on=now - MINUTE)
    add_job(database, due_on=now - late, state="LOCKED", lease_until=now + MINUTE)
    add_job(database, due_on=now - late, state="COMPLETED", status="FAILED")
    with database.reading() as connection:
        assert queue.overdue(connection) == [waiting, again, dead]


@pytest.mark.parametrize("state", ["READY", "LOCKED", "SUSPENDED", "COMPLETED"])
def test_a_job_is_overdue_or_it_is_not(database: Database, state: str) -> None:
    """Never unknown, as SQL has it: a web process's job, which has no lease, would vanish."""
    now, moments = utc_now(), (timedelta(0), timedelta(minutes=6))
    for due in moments:
        for lease in (None, *(now - moment for moment in moments)):
            add_job(database, state=state, due_on=now - due, lease_until=lease)
    late = queue.is_overdue(now)
    with database.reading() as connection:
        assert len(connection.execute(select(SystemJob.id).where(late | ~late)).all()) == 6


def test_an_idle_worker_does_not_write(database: Database) -> None:
    """A writer elsewhere keeps SQLite's only write lock; looking for work must not wait for it."""
    add_job(database, due_on=utc_now() + MINUTE)

    def while_another_writes(transaction: object) -> None:
        transaction.lock()  # type: ignore[attr-defined]
        assert claim(database, "idle") == []

    database.run(while_another_writes)
    assert len(jobs(database, state="READY")) == 1

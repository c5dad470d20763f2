"""Five failures lock an account, each further one for twice as long, in every process alike."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin_views.identity.lockout import FAILURES_ALLOWED, FIRST_LOCK, LONGEST_LOCK
from models.records.engine import RecordEngine
from models.tables.base import utc_now
from tests.identity.staff import SHORT_PASSWORD, Browser, Person, account_of, change_account

Opens = Callable[[], Browser]
WRONG = "not the password of anybody"


def fail(browser: Browser, person: Person, times: int) -> None:
    for _ in range(times):
        browser.try_password(person.email, WRONG)


def lock_of(engine: RecordEngine, person: Person) -> timedelta:
    """How long the account is locked from now, to the minute."""
    until = account_of(engine, person).locked_until
    if until is None:
        return timedelta()
    return timedelta(minutes=round((until - utc_now()).total_seconds() / 60))


def test_four_failures_leave_the_account_open(visitor: Browser, person: Person) -> None:
    fail(visitor, person, FAILURES_ALLOWED - 1)
    visitor.sign_in(person)


def test_five_failures_hold_even_for_the_right_password(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    fail(browser_of(), person, FAILURES_ALLOWED)
    owner = browser_of()
    owner.try_password(person.email, person.password)
    assert not owner.is_in()
    assert lock_of(engine, person) == timedelta(minutes=5)


def test_the_lock_ends_by_itself(visitor: Browser, engine: RecordEngine, person: Person) -> None:
    fail(visitor, person, FAILURES_ALLOWED)
    change_account(engine, person, locked_until=utc_now() - timedelta(seconds=1))
    visitor.sign_in(person)


@pytest.mark.parametrize(
    ("failures", "lock"),
    [(6, FIRST_LOCK * 2), (7, FIRST_LOCK * 4), (9, FIRST_LOCK * 16), (900, LONGEST_LOCK)],
)
def test_each_further_failure_doubles_the_lock(
    visitor: Browser, engine: RecordEngine, person: Person, failures: int, lock: timedelta
) -> None:
    change_account(engine, person, failed_sign_ins=failures - 1)
    fail(visitor, person, 1)
    assert lock_of(engine, person) == lock


def test_a_complete_sign_in_ends_the_count(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    fail(visitor, person, FAILURES_ALLOWED - 1)
    visitor.sign_in(person)
    assert account_of(engine, person).failed_sign_ins == 0


def test_a_right_password_without_its_code_does_not_end_the_count(
    visitor: Browser, engine: RecordEngine, guarded: Person
) -> None:
    fail(visitor, guarded, FAILURES_ALLOWED - 1)
    visitor.try_password(guarded.email, guarded.password)
    assert account_of(engine, guarded).failed_sign_ins == FAILURES_ALLOWED - 1


def test_wrong_codes_lock_and_then_the_right_one_is_refused(
    browser_of: Opens, guarded: Person
) -> None:
    browser = browser_of()
    browser.try_password(guarded.email, guarded.password)
    wrong = str((int(guarded.code()) + 500_000) % 1_000_000).zfill(6)
    for _ in range(FAILURES_ALLOWED):
        browser.enter(wrong)
    browser.enter(guarded.code())
    assert not browser.is_in()
    again = browser_of()
    assert again.try_password(guarded.email, guarded.password).status_code == 200, "locked"


def test_failures_with_password_and_code_are_counted_together(
    visitor: Browser, engine: RecordEngine, guarded: Person
) -> None:
    fail(visitor, guarded, 3)
    visitor.try_password(guarded.email, guarded.password)
    for _ in range(2):
        visitor.enter("no code")
    assert lock_of(engine, guarded) == FIRST_LOCK


def test_failures_at_once_are_all_counted(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    start = threading.Barrier(4)

    def one() -> None:
        browser = browser_of()
        start.wait()
        fail(browser, person, 1)

    threads = [threading.Thread(target=one) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account_of(engine, person).failed_sign_ins == start.parties


def test_the_lock_holds_in_every_process(
    other_process: Flask, visitor: Browser, person: Person
) -> None:
    fail(visitor, person, FAILURES_ALLOWED)
    elsewhere = Browser(other_process)
    elsewhere.try_password(person.email, person.password)
    assert not elsewhere.is_in()


def test_the_present_password_cannot_be_guessed_inside_either(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    for _ in range(FAILURES_ALLOWED):
        visitor.change_password(WRONG, "another long phrase that nobody knows")
    visitor.change_password(person.password, "another long phrase that nobody knows")
    assert lock_of(engine, person) == FIRST_LOCK
    change_account(engine, person, locked_until=None)
    visitor.sign_out()
    visitor.sign_in(person)


def test_asking_again_for_the_password_counts_too(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    for _ in range(FAILURES_ALLOWED):
        visitor.send("/verify", password=SHORT_PASSWORD)
    assert lock_of(engine, person) == FIRST_LOCK
    assert visitor.send("/verify", password=person.password).status_code == 200

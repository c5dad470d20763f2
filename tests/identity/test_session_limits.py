"""How long sessions live is a setting, how many an account has is bounded, and ended ones leave no
row behind."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin_views.identity import accounts
from admin_views.identity.sessions import MOST_SESSIONS
from config import Settings, SettingsError
from models.metadata.errors import AccessDenied
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.admin_views.office import build_app
from tests.identity.staff import (
    HIRING,
    Browser,
    Person,
    acts_on,
    age_sessions,
    sessions_of,
)
from tests.identity.test_second_factor import set_up

Opens = Callable[[], Browser]
NOT_AT_ALL = timedelta()
TESTING = {"UKETSUKE_ENV": "testing"}
STRICT = TESTING | {"UKETSUKE_SESSION_IDLE_MINUTES": "10", "UKETSUKE_SESSION_HOURS": "8"}


def test_unless_said_otherwise_half_an_hour_and_half_a_day() -> None:
    settings = Settings.from_environment(TESTING)
    assert settings.session_idle == timedelta(minutes=30)
    assert settings.session_length == timedelta(hours=12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_IDLE_MINUTES", "4"),
        ("SESSION_IDLE_MINUTES", "61"),
        ("SESSION_IDLE_MINUTES", "-30"),
        ("SESSION_IDLE_MINUTES", "30.5"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "25"),
        ("SESSION_HOURS", "a day"),
    ],
)
def test_longer_or_shorter_than_is_reasonable_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(TESTING | {f"UKETSUKE_{name}": value})


@pytest.mark.parametrize(
    ("seen", "made", "lives"),
    [(9, 0, True), (10, 0, False), (0, 8 * 60 - 1, True), (0, 8 * 60, False)],
)
def test_the_settings_are_what_ends_a_session(
    engine: RecordEngine, person: Person, seen: int, made: int, lives: bool
) -> None:
    app = build_app(engine, settings=Settings.from_environment(STRICT))
    browser = Browser(app).sign_in(person)
    age_sessions(engine, person, seen=timedelta(minutes=seen), made=timedelta(minutes=made))
    assert browser.is_in() is lives


def test_of_one_account_the_sixth_session_ends_the_one_unused_for_longest(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    open_ones = []
    for _ in range(MOST_SESSIONS):
        open_ones.append(browser_of().sign_in(person))
        age_sessions(engine, person, seen=timedelta(minutes=2), made=NOT_AT_ALL)
    assert open_ones[0].is_in(), "used just now, so that the second is unused for longest"
    last = browser_of().sign_in(person)
    assert [browser.is_in() for browser in open_ones] == [True, False, True, True, True]
    assert last.is_in()
    assert len(sessions_of(engine, person)) == MOST_SESSIONS


def test_sessions_of_others_do_not_count(
    browser_of: Opens, person: Person, guarded: Person
) -> None:
    mine = browser_of().sign_in(person)
    other = browser_of()
    other.try_password(guarded.email, guarded.password)
    for _ in range(MOST_SESSIONS):
        browser_of().get("/login")
    assert mine.is_in()


ENDS: dict[str, Callable[[Browser, Person], object]] = {
    "a new password": lambda browser, person: browser.change_password(
        person.password, "rivers under seven bridges"
    ),
    "a new factor": lambda browser, _: set_up(browser),
}


@pytest.mark.parametrize("change", ENDS)
def test_what_ends_the_other_sessions_leaves_no_row_of_them(
    browser_of: Opens, engine: RecordEngine, person: Person, change: str
) -> None:
    browser_of().sign_in(person)
    mine = browser_of().sign_in(person)
    assert len(sessions_of(engine, person)) == 2
    ENDS[change](mine, person)
    assert len(sessions_of(engine, person)) == 1
    assert mine.is_in()


@pytest.mark.parametrize(
    "act",
    [
        accounts.deactivate,
        accounts.reset_password,
        accounts.reset_second_factor,
        accounts.sign_out_everywhere,
    ],
)
def test_an_administrator_who_ends_them_leaves_none(
    app: Flask,
    browser_of: Opens,
    engine: RecordEngine,
    person: Person,
    act: Callable[[Caller, object], object],
) -> None:
    open_ones = [browser_of().sign_in(person) for _ in range(2)]
    with app.app_context():
        act(HIRING, person.id)
    assert sessions_of(engine, person) == []
    assert [browser.is_in() for browser in open_ones] == [False, False]


def test_signing_out_everywhere_is_audited_and_takes_nothing_away(
    app: Flask, browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    with app.app_context():
        accounts.sign_out_everywhere(HIRING, person.id)
    assert [act["action"] for act in acts_on(engine, person)] == ["end_sessions"]
    browser_of().sign_in(person)


def test_it_is_for_those_who_manage_users(app: Flask, person: Person) -> None:
    nobody = Caller(id=person.id, kind="user", name=person.email)
    with app.app_context(), pytest.raises(AccessDenied):
        accounts.sign_out_everywhere(nobody, person.id)

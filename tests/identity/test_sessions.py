"""Sessions live on the server: the cookie is a key to them, and they die when they should."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from admin_views.identity import accounts
from admin_views.identity.sessions import SEEN_EVERY
from models.records.engine import RecordEngine
from models.tables.principals import StaffSession
from tests.admin_views.office import build_app
from tests.identity.staff import (
    COOKIE,
    HIRING,
    Browser,
    Person,
    account_of,
    age_sessions,
    change_account,
    hire,
    sessions_of,
)

Opens = Callable[[], Browser]
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
"""What the settings say unless told otherwise."""
NOT_AT_ALL = timedelta()
A_MINUTE = timedelta(minutes=1)


def of_device(cookie: str) -> bool:
    """Whether it is the one a browser is known by (see test_devices), which signs nobody in."""
    return cookie.startswith("staff-device=")


def test_the_cookie_is_for_this_server_and_no_script(visitor: Browser, person: Person) -> None:
    response = visitor.try_password(person.email, person.password)
    [cookie, _device] = sorted(response.headers.getlist("Set-Cookie"), key=of_device)
    assert cookie == f"{COOKIE}={visitor.token}; HttpOnly; Path=/; SameSite=Lax"
    assert len(visitor.token) == 43, "256 bits"


def test_in_production_the_cookie_is_bound_to_the_host_and_to_tls(engine: RecordEngine) -> None:
    app = build_app(engine, SESSION_COOKIE_SECURE=True)
    response = app.test_client().get("/login", base_url="https://uketsuke.example.jp")
    [cookie] = response.headers.getlist("Set-Cookie")
    name, _, rest = cookie.partition("=")
    assert name == "__Host-staff"
    assert rest.split("; ")[1:] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


def test_the_database_holds_the_hash_of_the_token_and_a_sealed_payload(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    [row] = sessions_of(engine, person)
    assert row.token_hash == hashlib.sha256(visitor.token.encode()).digest()
    for readable in (visitor.token, account_of(engine, person).fs_uniquifier, "csrf", "_user_id"):
        assert readable.encode() not in row.payload


def test_a_payload_does_not_open_in_another_session(
    browser_of: Opens, app: Flask, engine: RecordEngine, person: Person
) -> None:
    other = hire(app, engine)
    mine, theirs = browser_of().sign_in(person), browser_of().sign_in(other)
    [payload] = [row.payload for row in sessions_of(engine, person)]
    engine.database.run(
        lambda transaction: transaction.write(
            update(StaffSession).where(StaffSession.systemuser_id == other.id),
            {"payload": payload},
        )
    )
    assert mine.is_in()
    assert not theirs.is_in()


def test_a_token_known_before_sign_in_opens_nothing_after_it(
    browser_of: Opens, person: Person
) -> None:
    victim, intruder = browser_of(), browser_of()
    victim.get("/login")
    planted = victim.token
    victim.sign_in(person)
    assert victim.token != planted
    intruder.client.set_cookie(COOKIE, planted)
    assert not intruder.is_in()


def test_a_form_token_known_before_sign_in_is_refused_after_it(
    visitor: Browser, person: Person
) -> None:
    visitor.get("/login")
    with visitor.client.session_transaction(path="/login") as session:
        planted = session["csrf_token"]
    visitor.sign_in(person).get("/account/password")
    with visitor.client.session_transaction(path="/admin/") as session:
        assert session["csrf_token"] != planted


def test_a_token_that_we_never_gave_is_not_taken_over(visitor: Browser, person: Person) -> None:
    visitor.client.set_cookie(COOKIE, "chosen-by-somebody-else")
    visitor.sign_in(person)
    assert visitor.token != "chosen-by-somebody-else"


def test_signing_out_kills_the_session_on_the_server(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    browser, thief = browser_of().sign_in(person), browser_of()
    token = browser.token
    assert browser.sign_out().location == "/login"
    assert sessions_of(engine, person) == []
    thief.client.set_cookie(COOKIE, token)
    assert thief.get("/admin/").location.startswith("/login")


def test_signing_out_here_leaves_the_session_there(browser_of: Opens, person: Person) -> None:
    here, there = browser_of().sign_in(person), browser_of().sign_in(person)
    here.sign_out()
    assert there.is_in()


@pytest.mark.parametrize(
    ("seen", "made", "lives"),
    [
        (IDLE - A_MINUTE, NOT_AT_ALL, True),
        (IDLE, NOT_AT_ALL, False),
        (NOT_AT_ALL, ABSOLUTE - A_MINUTE, True),
        (NOT_AT_ALL, ABSOLUTE, False),
    ],
)
def test_a_session_dies_when_idle_and_when_old(
    visitor: Browser,
    engine: RecordEngine,
    person: Person,
    seen: timedelta,
    made: timedelta,
    lives: bool,
) -> None:
    visitor.sign_in(person)
    age_sessions(engine, person, seen=seen, made=made)
    assert visitor.is_in() is lives


def test_use_keeps_a_session_from_idling_but_not_from_growing_old(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    [begun] = sessions_of(engine, person)
    for _ in range(3):
        age_sessions(engine, person, seen=IDLE - SEEN_EVERY, made=NOT_AT_ALL)
        assert visitor.is_in()
    [used] = sessions_of(engine, person)
    assert used.last_seen_on > begun.last_seen_on
    assert used.expires_on == begun.expires_on


def test_a_session_dies_when_the_account_is_deactivated(
    app: Flask, visitor: Browser, person: Person
) -> None:
    visitor.sign_in(person)
    with app.app_context():
        accounts.deactivate(HIRING, person.id)
        assert not visitor.is_in()
        accounts.activate(HIRING, person.id)
    assert not visitor.is_in(), "what ended stays ended"


def test_an_inactive_account_has_no_session_whatever_the_cookie_says(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    change_account(engine, person, active=False)
    for path in ("/admin/", "/account/password", "/tf-setup"):
        assert visitor.get(path).status_code == 302, path


def test_a_change_of_password_ends_every_other_session(browser_of: Opens, person: Person) -> None:
    mine, other = browser_of().sign_in(person), browser_of().sign_in(person)
    before = mine.token
    changed = mine.change_password(person.password, "a quite different long phrase")
    assert changed.location == "/account/"
    assert mine.is_in()
    assert mine.token != before
    assert not other.is_in()


def test_an_account_ended_during_its_own_change_of_password_stays_ended(
    app: Flask, engine: RecordEngine, person: Person
) -> None:
    """The library writes the account back as it was loaded; only what changed may be written."""
    with app.app_context():
        datastore = app.extensions["security"].datastore
        loaded = datastore.find_user(email=person.email)
        accounts.deactivate(HIRING, person.id)
        loaded.password = "changed"
        datastore.set_uniquifier(loaded)
    account = account_of(engine, person)
    assert account.password == "changed"
    assert not account.active


def test_signing_out_asks_for_the_form_token(visitor: Browser, person: Person) -> None:
    visitor.sign_in(person)
    assert visitor.client.post("/logout").status_code == 400
    assert visitor.client.post("/logout", data={"csrf_token": "guessed"}).status_code == 400
    assert visitor.client.get("/logout").status_code == 405
    assert visitor.is_in()

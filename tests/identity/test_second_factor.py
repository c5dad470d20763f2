"""The second factor: a code counts once, within a step of now, and there is no way round it."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from admin_views.identity import accounts
from models.records.engine import RecordEngine
from tests.admin_views.office import build_app, build_engine, open_engine
from tests.identity.staff import (
    HIRING,
    SHORT_PASSWORD,
    Browser,
    Person,
    account_of,
    acts,
    code_of,
    early_in_the_step,
    hire,
)
from tests.support.databases import NewDatabase

Opens = Callable[[], Browser]


def test_password_and_code_sign_in(visitor: Browser, guarded: Person) -> None:
    assert visitor.try_password(guarded.email, guarded.password).location.startswith(
        "/tf-validate"
    )
    assert visitor.enter(guarded.code()).location == "/admin/"
    assert visitor.is_in()


def test_the_password_alone_opens_nothing(visitor: Browser, guarded: Person) -> None:
    visitor.try_password(guarded.email, guarded.password)
    for path in ("/admin/", "/admin/t/kobe_application/", "/account/password", "/verify"):
        response = visitor.get(path)
        assert response.status_code == 302, path
        assert response.location.startswith("/login"), path


def test_the_password_alone_sets_no_new_factor_up(visitor: Browser, guarded: Person) -> None:
    visitor.try_password(guarded.email, guarded.password)
    response = visitor.send("/tf-setup", page="/tf-validate", setup="authenticator")
    assert response.status_code == 302
    assert "/login" in response.location


@pytest.mark.parametrize("path", ["/tf-rescue", "/tf-select", "/tf-setup/token"])
def test_pages_of_the_library_that_are_not_offered_are_closed(
    visitor: Browser, guarded: Person, path: str
) -> None:
    visitor.try_password(guarded.email, guarded.password)
    assert visitor.send(path, page="/tf-validate", help_setup="help").status_code == 404


@pytest.mark.parametrize(
    ("step", "enters"), [(-3, False), (-2, False), (-1, True), (1, True), (2, False), (3, False)]
)
def test_a_code_of_the_step_beside_now_is_taken_and_no_other(
    visitor: Browser, guarded: Person, step: int, enters: bool
) -> None:
    visitor.try_password(guarded.email, guarded.password)
    early_in_the_step()
    visitor.enter(guarded.code(step))
    assert visitor.is_in() is enters


def test_a_code_is_taken_once(browser_of: Opens, guarded: Person) -> None:
    code = guarded.code()
    for enters in (True, False):
        browser = browser_of()
        browser.try_password(guarded.email, guarded.password)
        browser.enter(code)
        assert browser.is_in() is enters


def test_an_older_code_is_not_taken_after_a_newer_one(browser_of: Opens, guarded: Person) -> None:
    early_in_the_step()
    for step, enters in ((1, True), (0, False), (-1, False)):
        browser = browser_of()
        browser.try_password(guarded.email, guarded.password)
        browser.enter(guarded.code(step))
        assert browser.is_in() is enters, step


@pytest.fixture(scope="module")
def two_processes(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[RecordEngine]]:
    """One office as two web workers open it: nothing shared but database and keys."""
    folder, url = tmp_path_factory.mktemp("two"), new_database()
    engines = [build_engine(folder, url), open_engine(folder, url)]
    yield engines
    for engine in engines:
        engine.database.dispose()


def test_of_fifty_who_show_one_code_at_once_one_enters(
    two_processes: list[RecordEngine],
) -> None:
    apps = [build_app(engine) for engine in two_processes]
    person = hire(apps[0], two_processes[0], key=accounts.new_totp_key())
    browsers = [Browser(apps[number % 2]) for number in range(50)]
    for browser in browsers:
        browser.try_password(person.email, person.password)
    tokens = [browser.form_token("/tf-validate") for browser in browsers]
    early_in_the_step()
    code, start, led = person.code(), threading.Barrier(len(browsers)), list[str]()

    def enter(browser: Browser, token: str) -> None:
        start.wait()
        form = {"code": code, "csrf_token": token}
        led.append(browser.client.post("/tf-validate", data=form).location or "")

    threads = [
        threading.Thread(target=enter, args=pair) for pair in zip(browsers, tokens, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(led) == [""] * 49 + ["/admin/"]
    signed = [a for a in acts(two_processes[0], person) if a["action"] == "sign_in"]
    assert len(signed) == 1
    assert sum(browser.is_in() for browser in browsers) == 1


def set_up(browser: Browser) -> str:
    """Go through the page of set-up; the key of the new factor, confirmed."""
    page = browser.send("/tf-setup", setup="authenticator").text
    key = page.split("<code>")[1].split("</code>")[0].replace("-", "").replace(" ", "")
    browser.send("/tf-validate", code=code_of(key))
    return key


def test_a_factor_can_be_set_up_and_is_asked_for_from_then_on(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    key = set_up(browser_of().sign_in(person))
    assert key not in str(account_of(engine, person))
    browser = browser_of()
    browser.try_password(person.email, person.password)
    assert not browser.is_in()
    browser.enter(code_of(key, 1))
    assert browser.is_in()


def test_a_new_factor_ends_the_sessions_that_began_without_it(
    browser_of: Opens, person: Person
) -> None:
    mine, other = browser_of().sign_in(person), browser_of().sign_in(person)
    before = mine.token
    set_up(mine)
    assert mine.is_in()
    assert mine.token != before
    assert not other.is_in()


def test_nobody_takes_their_own_factor_away(
    visitor: Browser, engine: RecordEngine, guarded: Person
) -> None:
    visitor.sign_in(guarded).send("/tf-setup", setup="disable")
    account = account_of(engine, guarded)
    assert account.tf_totp_secret
    assert account.tf_primary_method == "authenticator"


def test_a_short_password_does_not_get_in_when_its_factor_was_reset(
    app: Flask, engine: RecordEngine, visitor: Browser
) -> None:
    person = hire(app, engine, SHORT_PASSWORD, accounts.new_totp_key())
    with app.app_context():
        accounts.reset_second_factor(HIRING, person.id)
    assert visitor.try_password(person.email, person.password).location == "/tf-setup"
    assert not visitor.is_in()
    set_up(visitor)
    assert visitor.is_in()
    assert account_of(engine, person).tf_totp_secret


def test_a_long_password_gets_in_when_its_factor_was_reset(
    app: Flask, visitor: Browser, guarded: Person
) -> None:
    with app.app_context():
        accounts.reset_second_factor(HIRING, guarded.id)
    visitor.try_password(guarded.email, guarded.password)
    assert visitor.is_in()


def test_setting_up_asks_for_the_password_again_when_the_sign_in_is_some_time_ago(
    visitor: Browser, person: Person
) -> None:
    visitor.sign_in(person)
    long_ago = timedelta(hours=2).total_seconds()
    with visitor.client.session_transaction(path="/admin/") as session:
        session["fs_paa"] -= long_ago
        session.pop("fs_gexp", None)
    response = visitor.send("/tf-setup", page="/account/password", setup="authenticator")
    assert response.status_code == 302
    assert response.location.startswith("/verify")

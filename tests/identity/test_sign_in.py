"""Signing in: one answer to whatever is wrong, no way past the session, none to another site."""

import re
import time
from collections.abc import Callable
from statistics import median

import pytest
from flask import Flask

from admin_views.identity import accounts
from models.records.engine import RecordEngine
from tests.admin_views.office import PASSWORD, build_app
from tests.identity.staff import (
    HIRING,
    Browser,
    Person,
    account_of,
    change_account,
    hire,
)

Opens = Callable[[], Browser]
NOBODY = "nobody-at-all-here@example.jp"
VARYING = re.compile(r'(name="csrf_token"[^>]*|name="email"[^>]*|nonce=)"[^"]+"|value="[^"]*"')


def refusal(browser: Browser, email: str, password: str) -> tuple[int, str, list[str]]:
    """What one who is refused sees, but for what they typed and what is new each time."""
    response = browser.try_password(email, password)
    return response.status_code, VARYING.sub("", response.text), sorted(response.headers.keys())


def test_a_stranger_a_slip_a_lock_and_an_ended_account_look_alike(
    browser_of: Opens, app: Flask, engine: RecordEngine, person: Person
) -> None:
    ended, locked = hire(app, engine), hire(app, engine)
    with app.app_context():
        accounts.deactivate(HIRING, ended.id)
    for _ in range(5):
        browser_of().try_password(locked.email, "wrong")
    seen = refusal(browser_of(), NOBODY, PASSWORD)
    assert seen[0] == 200
    assert "正しくありません" in seen[1]
    for email, password in (
        (person.email, "wrong"),
        (locked.email, locked.password),
        (locked.email, "wrong"),
        (ended.email, ended.password),
        (ended.email, "wrong"),
    ):
        assert refusal(browser_of(), email, password) == seen, email


def test_an_account_without_a_password_lets_nobody_in(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    change_account(engine, person, password=None)
    for password in ("", "None", person.password):
        visitor.try_password(person.email, password)
        assert not visitor.is_in()


@pytest.fixture(scope="module")
def costly(engine: RecordEngine) -> Flask:
    """The same office with hashes of the cost they have in service."""
    return build_app(engine, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={})


def test_a_hash_is_computed_for_a_stranger_as_for_an_account(
    costly: Flask, engine: RecordEngine
) -> None:
    """In CPU time, which other processes do not disturb: a hash is nearly all of it."""
    person = hire(costly, engine)
    costs: dict[str, list[float]] = {NOBODY: [], person.email: []}
    for email in [NOBODY, person.email] * 5:
        browser = Browser(costly)
        browser.get("/login")
        start = time.process_time()
        browser.try_password(email, "wrong")
        costs[email].append(time.process_time() - start)
    stranger, known = (median(cost) for cost in costs.values())
    assert 0.6 < stranger / known < 1.6


def test_passwords_are_kept_as_argon2id_of_the_cost_recommended(
    costly: Flask, engine: RecordEngine
) -> None:
    """At least what OWASP's cheat sheet asks for: 19 MiB, two passes."""
    person = hire(costly, engine)
    found = re.match(
        r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", account_of(engine, person).password
    )
    assert found is not None
    assert int(found[1]) >= 19 * 1024
    assert int(found[2]) >= 2


def test_a_hash_of_another_cost_is_renewed_at_sign_in(
    costly: Flask, engine: RecordEngine, person: Person
) -> None:
    before = account_of(engine, person).password
    Browser(costly).sign_in(person)
    after = account_of(engine, person).password
    assert "m=256," in before
    assert "m=65536," in after


@pytest.mark.parametrize(
    "written", ["{0}", "  {0} ", "{1}"], ids=["as it is", "with spaces", "in capitals"]
)
def test_an_address_may_be_written_as_people_do(
    visitor: Browser, person: Person, written: str
) -> None:
    visitor.try_password(written.format(person.email, person.email.upper()), person.password)
    assert visitor.is_in()


@pytest.mark.parametrize("email", ["taro@shiyakusho.local", "taro.@docomo.ne.jp"])
def test_every_address_that_an_account_may_have_signs_in(
    visitor: Browser, app: Flask, engine: RecordEngine, email: str
) -> None:
    person = hire(app, engine)
    change_account(engine, person, email=email)
    visitor.try_password(email, person.password)
    assert visitor.is_in()


@pytest.mark.parametrize(
    "email", ["", " ", "\0", "x" * 5000, "'; --", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ"]
)
def test_an_impossible_address_is_refused_like_any_other(visitor: Browser, email: str) -> None:
    response = visitor.try_password(email, PASSWORD)
    assert response.status_code == 200
    assert "正しくありません" in response.text


def test_there_is_no_being_remembered(visitor: Browser, person: Person) -> None:
    response = visitor.try_password(person.email, person.password, remember="y")
    cookies = [line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")]
    assert sorted(cookies) == ["staff", "staff-device"]
    visitor.client.delete_cookie("staff")
    assert not visitor.is_in()


def test_there_are_no_tokens_beside_the_session(
    browser_of: Opens, app: Flask, person: Person
) -> None:
    """The library's own: given to who asks for JSON, good in a header or an address alone."""
    browser = browser_of()
    headers = {"X-CSRFToken": browser.form_token("/login"), "Accept": "application/json"}
    form = {"email": person.email, "password": person.password}
    signed = browser.client.post("/login?include_auth_token", data=form, headers=headers)
    assert signed.location == "/admin/"
    with app.test_request_context():
        account = app.extensions["security"].datastore.find_user(email=person.email)
        token = account.get_auth_token()
    thief = browser_of().client
    assert thief.get("/admin/", headers={"Authentication-Token": token}).status_code == 302
    assert thief.get("/admin/", query_string={"auth_token": token}).status_code == 302


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_stranger_changes_nothing_by_any_method(visitor: Browser, method: str) -> None:
    headers = {"X-CSRFToken": visitor.form_token("/login")}
    path = "/admin/t/kobe_application/new/"
    assert visitor.client.open(path, method=method, headers=headers).status_code in {401, 405}


def test_sign_in_asks_for_the_form_token(visitor: Browser, person: Person) -> None:
    form = {"email": person.email, "password": person.password}
    visitor.get("/login")
    for given_token in ({}, {"csrf_token": ""}, {"csrf_token": "guessed"}):
        assert visitor.client.post("/login", data={**form, **given_token}).status_code == 400
    assert not visitor.is_in()


def test_the_form_token_of_one_browser_is_none_of_another(
    browser_of: Opens, person: Person
) -> None:
    """Or an intruder could sign a victim in to the intruder's own account."""
    victim, intruder = browser_of(), browser_of()
    victim.get("/login")
    token = intruder.form_token("/login")
    form = {"email": person.email, "password": person.password, "csrf_token": token}
    assert victim.client.post("/login", data=form).status_code == 400

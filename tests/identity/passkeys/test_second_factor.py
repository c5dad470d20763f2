"""A passkey beside a password: asked for after it, of this account, and never instead of it."""

from collections.abc import Callable

import pytest
from flask import Flask

from admin_views.identity import accounts
from models.records.engine import RecordEngine
from tests.identity.passkeys.software import (
    Software,
    options_of,
    register,
    show_at_sign_in,
    sign_in_options,
)
from tests.identity.staff import Browser, Person, acts, hire
from tests.identity.test_second_factor import set_up

Opens = Callable[[], Browser]
OPTIONS, SHOW = "/tf-passkey/options", "/tf-passkey"


def after_password(browser: Browser, person: Person) -> Browser:
    browser.try_password(person.email, person.password)
    return browser


def options(browser: Browser) -> dict[str, object]:
    return options_of(browser, OPTIONS, page="/tf-validate")


def show(browser: Browser, sent: str) -> str:
    """Where it leads."""
    return browser.send(SHOW, page="/tf-validate", credential=sent).location or ""


@pytest.mark.usefixtures("inside")
def test_password_and_passkey_sign_in(
    opens: Opens, engine: RecordEngine, somebody: Person, key: Software
) -> None:
    browser = opens()
    awaited = browser.try_password(somebody.email, somebody.password).location
    assert awaited.startswith("/tf-validate")
    assert not browser.is_in()
    assert show(browser, key.shown(options(browser))) == "/admin/"
    assert browser.is_in()
    assert acts(engine, somebody)[-1]["details"] == {"factor": "password, passkey"}


@pytest.mark.usefixtures("inside")
def test_only_the_accounts_own_are_asked_for(opens: Opens, somebody: Person) -> None:
    browser = after_password(opens(), somebody)
    assert len(options(browser)["allowCredentials"]) == 1  # type: ignore[arg-type]
    assert sign_in_options(opens())["allowCredentials"] == [], "nobody is told who has one"


@pytest.mark.usefixtures("inside")
def test_another_persons_does_not_do(
    named: Flask, engine: RecordEngine, opens: Opens, somebody: Person
) -> None:
    theirs = Software()
    register(opens().sign_in(hire(named, engine)), theirs)
    browser = after_password(opens(), somebody)
    assert show(browser, theirs.shown(options(browser))) == "/tf-validate"
    assert not browser.is_in()


@pytest.mark.usefixtures("inside")
def test_the_page_offers_what_the_account_has(
    named: Flask, engine: RecordEngine, opens: Opens, somebody: Person
) -> None:
    only = after_password(opens(), somebody).get("/tf-validate").text
    assert "パスキーの確認" in only
    assert 'name="code"' not in only
    guarded = hire(named, engine, key=accounts.new_totp_key())
    code = after_password(opens(), guarded).get("/tf-validate").text
    assert 'name="code"' in code
    assert "data-passkey" not in code


def test_of_code_and_passkey_either_will_do(
    opens: Opens, somebody: Person, inside: Browser, key: Software
) -> None:
    set_up(inside)
    page = after_password(opens(), somebody).get("/tf-validate").text
    assert 'name="code"' in page
    assert "data-passkey" in page
    browser = after_password(opens(), somebody)
    assert show(browser, key.shown(options(browser))) == "/admin/"


def test_without_the_password_before_there_is_nothing(opens: Opens, key: Software) -> None:
    browser = opens()
    assert browser.send(OPTIONS, page="/login").status_code == 401
    sent = key.shown(sign_in_options(browser))
    assert browser.send(SHOW, page="/login", credential=sent).location == "/login"
    assert not browser.is_in()


@pytest.mark.usefixtures("inside")
def test_a_code_guessed_where_there_is_no_app_is_none(opens: Opens, somebody: Person) -> None:
    browser = after_password(opens(), somebody)
    for code in ("000000", "123456", ""):
        browser.client.post(
            "/tf-validate", data={"csrf_token": browser.form_token("/tf-validate"), "code": code}
        )
    assert not browser.is_in()


@pytest.mark.usefixtures("inside")
def test_the_page_one_wanted_is_where_one_gets(
    opens: Opens, somebody: Person, key: Software
) -> None:
    browser = opens()
    browser.try_password(somebody.email, somebody.password, next="/admin/audit/")
    sent = key.shown(options(browser))
    answer = browser.send(SHOW, page="/tf-validate", credential=sent, next="/admin/audit/")
    assert answer.location == "/admin/audit/"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/"])
@pytest.mark.usefixtures("inside")
def test_nobody_is_sent_to_another_site(opens: Opens, key: Software, target: str) -> None:
    browser = opens()
    sent = key.shown(sign_in_options(browser))
    answer = browser.send("/login/passkey", page="/login", credential=sent, next=target)
    assert answer.location == "/admin/"


@pytest.mark.usefixtures("inside")
def test_who_is_in_signs_nobody_else_in(
    named: Flask, engine: RecordEngine, opens: Opens, key: Software
) -> None:
    other = opens().sign_in(hire(named, engine))
    sent = key.shown(sign_in_options(opens()))
    token = other.token
    assert other.send("/login/passkey", page="/account/", credential=sent).location == "/admin/"
    assert other.token == token
    assert not show_at_sign_in(opens(), sent)

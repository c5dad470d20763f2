"""Browsers: known by a token that signs nobody in, named in words; of a new one a mail tells."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from admin_views.identity.devices import KEPT_FOR, MOST_KNOWN, device_name, is_new
from jobs import purging
from jobs.letter_texts import NEW_DEVICE
from models.records.engine import RecordEngine
from models.tables.credentials import KnownDevice
from models.tables.session import Transaction
from tests.admin_views.office import build_app
from tests.identity.staff import Browser, Person, hire, mails_to, sessions_of

Opens = Callable[[], Browser]
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
CASES = {
    f"{WINDOWS} Chrome/156.0.0.0 Safari/537.36": "Chrome · Windows",
    f"{WINDOWS} Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0": "Microsoft Edge · Windows",
    f"{WINDOWS} Chrome/156.0.0.0 Safari/537.36 OPR/120.0": "Opera · Windows",
    "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0": "Firefox · Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Safari/605.1.15": "Safari · Mac",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1": "Chrome · iPhone",
    "Mozilla/5.0 (iPad; CPU OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Mobile/15E148 Safari/604.1": "Safari · iPad",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 "
    "Mobile Safari/537.36": "Chrome · Android",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36": "Chrome · ChromeOS",
    "<script>alert(1)</script>": "",
    "": "",
}


@pytest.mark.parametrize(("agent", "words"), CASES.items(), ids=range(len(CASES)))
def test_a_browser_is_named_in_words(app: Flask, agent: str, words: str) -> None:
    with app.test_request_context(headers={"User-Agent": agent}):
        assert device_name() == words


def told(engine: RecordEngine, person: Person) -> int:
    title = NEW_DEVICE.title.ja
    return sum(title in mail.subject for mail in mails_to(engine, person))


def test_a_new_browser_is_told_of_once(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    mine, other = browser_of(), browser_of()
    for browser, mails in ((mine, 1), (mine, 1), (other, 2), (mine, 2)):
        browser.sign_in(person).sign_out()
        assert told(engine, person) == mails


def test_the_mail_says_when_and_from_what(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    agent = next(iter(CASES))
    visitor.client.environ_base["HTTP_USER_AGENT"] = agent
    visitor.sign_in(person)
    [mail] = mails_to(engine, person)
    assert CASES[agent] in mail.body
    assert re.search(r"\d{4}年\d+月\d+日", mail.body)


def test_what_a_browser_says_of_itself_is_in_no_mail(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.client.environ_base["HTTP_USER_AGENT"] = "call 078-000-0000 at once"
    visitor.sign_in(person)
    [mail] = mails_to(engine, person)
    assert "078" not in mail.body
    assert "不明な端末" in mail.body


def test_a_browser_that_one_person_uses_is_new_for_another(
    visitor: Browser, app: Flask, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person).sign_out()
    other = hire(app, engine)
    visitor.sign_in(other)
    assert told(engine, other) == 1


def test_a_password_alone_tells_of_no_browser_yet(
    visitor: Browser, engine: RecordEngine, guarded: Person
) -> None:
    visitor.try_password(guarded.email, guarded.password)
    assert told(engine, guarded) == 0
    visitor.enter(guarded.code())
    assert told(engine, guarded) == 1


def test_the_token_is_kept_as_a_hash_and_signs_nobody_in(
    visitor: Browser, browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    cookie = visitor.client.get_cookie("staff-device")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    with engine.database.reading() as connection:
        kept = connection.execute(select(KnownDevice.__table__)).all()
    assert cookie.value.encode() not in b"".join(row.token_hash for row in kept)
    thief = browser_of()
    thief.client.set_cookie("staff-device", cookie.value)
    assert not thief.is_in()


@pytest.mark.parametrize("planted", ["x", "", "x" * 3000])
def test_a_token_of_another_make_is_replaced(
    visitor: Browser, engine: RecordEngine, person: Person, planted: str
) -> None:
    visitor.client.set_cookie("staff-device", planted)
    visitor.sign_in(person)
    cookie = visitor.client.get_cookie("staff-device")
    assert cookie is not None
    assert len(cookie.value) == 43
    assert told(engine, person) == 1


def test_in_production_the_cookie_is_bound_to_the_host(
    engine: RecordEngine, person: Person
) -> None:
    app = build_app(engine, SESSION_COOKIE_SECURE=True)
    browser = Browser(app)
    base = {"base_url": "https://uketsuke.example.jp"}
    page = browser.client.get("/login", **base).text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    form = {"email": person.email, "password": person.password, "csrf_token": token}
    headers = {"Referer": "https://uketsuke.example.jp/login"}
    response = browser.client.post("/login", data=form, headers=headers, **base)
    [cookie] = [
        one for one in response.headers.getlist("Set-Cookie") if one.startswith("__Host-staff-d")
    ]
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in cookie


def known(engine: RecordEngine, person: Person) -> int:
    count = select(func.count()).where(KnownDevice.systemuser_id == person.id)
    with engine.database.reading() as connection:
        return connection.scalar(count) or 0


def test_the_longest_unused_is_forgotten_beyond_twenty(
    engine: RecordEngine, person: Person
) -> None:
    for number in range(MOST_KNOWN + 3):
        assert engine.database.run(lambda t, n=number: is_new(t, person.id, f"browser {n}"))
    assert known(engine, person) == MOST_KNOWN
    assert engine.database.run(lambda t: is_new(t, person.id, "browser 0"))
    assert not engine.database.run(lambda t: is_new(t, person.id, f"browser {MOST_KNOWN}"))


def test_one_that_was_not_used_for_half_a_year_is_forgotten(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    assert purging.DEVICES_KEPT == KEPT_FOR
    visitor.sign_in(person)
    for age, left in ((KEPT_FOR - timedelta(days=1), 1), (timedelta(days=2), 0)):
        engine.database.run(lambda t, by=age: _age(t, person, by))
        engine.database.run(purging._purge)
        assert known(engine, person) == left


def _age(transaction: Transaction, person: Person, by: timedelta) -> None:
    mine = KnownDevice.systemuser_id == person.id
    seen = transaction.read(select(KnownDevice.last_seen_on).where(mine)).scalar_one()
    transaction.write(update(KnownDevice).where(mine).values(last_seen_on=seen - by))


def test_a_session_names_its_browser(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.client.environ_base["HTTP_USER_AGENT"] = next(iter(CASES))
    visitor.sign_in(person)
    [row] = sessions_of(engine, person)
    assert row.device == "Chrome · Windows"

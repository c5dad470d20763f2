"""Whatever changes what an account signs in with, or is out of the ordinary, is told to its person
by mail: sealed in the outbox, in their language, without a link."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from admin_views.identity import accounts
from admin_views.identity.lockout import FAILURES_ALLOWED, TOLD_EVERY
from jobs.letter_texts import (
    ACCOUNT_LOCKED,
    FACTOR_RESET,
    FACTOR_SET_UP,
    FRAME,
    LETTERS,
    NEW_DEVICE,
    PASSWORD_CHANGED,
    PASSWORD_REISSUED,
    Letter,
)
from models.metadata.labels import LANGUAGES
from models.metadata.templates import placeholders
from models.records.engine import RecordEngine
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from tests.identity.staff import (
    HIRING,
    Administrator,
    Browser,
    Person,
    account_of,
    acts,
    change_account,
    letters_to,
    mails_to,
)
from tests.identity.test_lockout import fail
from tests.identity.test_second_factor import set_up

Opens = Callable[[], Browser]
Walk = Callable[[Browser, Person], object]
NEW = "rivers under seven bridges"
CHANGES: dict[str, Walk] = {
    PASSWORD_CHANGED.name: lambda browser, person: browser.sign_in(person).change_password(
        person.password, NEW
    ),
    FACTOR_SET_UP.name: lambda browser, person: set_up(browser.sign_in(person)),
    PASSWORD_REISSUED.name: lambda browser, person: Administrator(browser.app).reissue(person),
    FACTOR_RESET.name: lambda browser, person: _reset(browser.app, person),
    ACCOUNT_LOCKED.name: lambda browser, person: fail(browser, person, FAILURES_ALLOWED),
}


def _reset(app: Flask, person: Person) -> None:
    with app.app_context():
        accounts.reset_second_factor(HIRING, person.id)


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_told_once(
    visitor: Browser, engine: RecordEngine, person: Person, name: str
) -> None:
    CHANGES[name](visitor, person)
    assert letters_to(engine, person) == [name]
    mail = mails_to(engine, person)[-1]
    assert mail.to == person.email
    assert LETTERS[name].title.ja in mail.subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_is_in_the_accounts_language(
    visitor: Browser, engine: RecordEngine, person: Person, language: str
) -> None:
    change_account(engine, person, language=language)
    fail(visitor, person, FAILURES_ALLOWED)
    [mail] = mails_to(engine, person)
    assert ACCOUNT_LOCKED.title.text(language) in mail.subject
    assert bool(re.search("[ぁ-ん]", mail.subject + mail.body)) is (language == "ja")
    assert ("Dear" in mail.body) is (language == "en")
    assert "担当" in mail.body, "the person's name"


def test_what_is_refused_tells_nothing(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person).change_password("wrong", NEW)
    visitor.change_password(person.password, "short")
    assert letters_to(engine, person) == []


def test_a_mail_waits_sealed(visitor: Browser, engine: RecordEngine, person: Person) -> None:
    fail(visitor, person, FAILURES_ALLOWED)
    with engine.database.reading() as connection:
        table = SystemJob.__table__
        rows = connection.execute(table.select().where(table.c.record_id == person.id)).all()
    assert rows
    for text in (person.email, ACCOUNT_LOCKED.title.ja, "担当"):
        assert all(text.encode() not in row.payload for row in rows)
        assert text not in str([row._mapping for row in rows])


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_holds_a_link_and_each_says_what_to_do(letter: Letter, language: str) -> None:
    texts = [letter.title, letter.body, letter.advice, FRAME]
    for text in (one.text(language) for one in texts):
        assert not re.search(r"https?:|www\.|\.jp\b|/", text), text
        assert not [word for word in text.split() if urlsplit(word).netloc]
    assert re.search("システム管理者|監査ログ|administrator|audit log", texts[2].text(language))


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_both_languages_of_a_letter_say_the_same_things(letter: Letter) -> None:
    for text in (letter.title, letter.body, letter.advice):
        assert placeholders(text.ja) == placeholders(text.en)


def test_of_one_hour_there_is_one_mail_about_locks(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    fail(visitor, person, FAILURES_ALLOWED + 4)
    assert letters_to(engine, person) == [ACCOUNT_LOCKED.name]
    told = account_of(engine, person).lock_told_on
    change_account(engine, person, lock_told_on=told - TOLD_EVERY + timedelta(minutes=1))
    fail(visitor, person, 1)
    assert letters_to(engine, person) == [ACCOUNT_LOCKED.name]
    change_account(engine, person, lock_told_on=told - TOLD_EVERY)
    fail(visitor, person, 1)
    assert letters_to(engine, person) == [ACCOUNT_LOCKED.name] * 2


def test_a_lock_is_in_the_audit(visitor: Browser, engine: RecordEngine, person: Person) -> None:
    fail(visitor, person, FAILURES_ALLOWED - 1)
    assert "lock_account" not in {act["action"] for act in acts(engine, person)}
    fail(visitor, person, 1)
    assert [act["action"] for act in acts(engine, person)][-2:] == [
        "sign_in_failed",
        "lock_account",
    ]


def test_an_address_no_mail_can_go_to_is_no_obstacle(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    change_account(engine, person, email="tanto@a b")
    for _ in range(FAILURES_ALLOWED):
        visitor.try_password("tanto@a b", "wrong")
    assert account_of(engine, person).locked_until > utc_now()
    assert mails_to(engine, person) == []


def test_an_ended_account_gets_no_mail(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    change_account(engine, person, active=False)
    fail(visitor, person, FAILURES_ALLOWED)
    assert mails_to(engine, person) == []


def greeting(browser: Browser, person: Person, language: str = "ja") -> str:
    """The first page after a sign-in."""
    browser.client.set_cookie("lang", language)
    return browser.get(browser.try_password(person.email, person.password).location).text


@pytest.mark.parametrize(("language", "words"), [("ja", "失敗が{}回"), ("en", "sign-in: {}.")])
def test_failures_are_told_at_the_next_sign_in_and_once(
    browser_of: Opens, person: Person, language: str, words: str
) -> None:
    assert words.format(0) not in greeting(browser_of(), person, language)
    fail(browser_of(), person, 3)
    assert words.format(3) in greeting(browser_of(), person, language)
    assert words.format(3) not in greeting(browser_of(), person, language)


def test_failures_that_were_unlocked_by_another_are_told_all_the_same(
    browser_of: Opens, administrator: Administrator, person: Person
) -> None:
    fail(browser_of(), person, FAILURES_ALLOWED)
    administrator.unlock(person)
    assert f"失敗が{FAILURES_ALLOWED}回" in greeting(browser_of(), person)


def test_names_of_letters_are_told_apart() -> None:
    assert len({letter.title.ja for letter in LETTERS.values()}) == len(LETTERS)
    assert NEW_DEVICE.name in LETTERS

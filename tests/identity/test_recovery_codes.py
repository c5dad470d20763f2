"""Recovery codes: ten, shown once, each good once in place of the second factor, for whoever is
first."""

import math
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from admin_views.identity import accounts, recovery_codes
from admin_views.identity.passwords import ALPHABET
from models.records.engine import RecordEngine
from models.tables.base import utc_now
from models.tables.credentials import RecoveryCode
from tests.admin_views.office import build_app, build_engine
from tests.identity.staff import (
    HIRING,
    Browser,
    Person,
    account_of,
    acts,
    age_proof,
    change_account,
    hire,
    letters_to,
    mails_to,
)
from tests.support.databases import NewDatabase

Opens = Callable[[], Browser]
PAGE = "/account/recovery-codes/"
SHOWN = re.compile(r'class="recovery-code">([^<]+)<')
ONE = re.compile(f"(?:[{ALPHABET}]{{4}}-){{5}}[{ALPHABET}]{{4}}")


def make(browser: Browser, **proof: str) -> list[str]:
    """The codes the page shows."""
    return SHOWN.findall(browser.send(PAGE, **proof).text)


def enter(browser: Browser, person: Person, code: str) -> Browser:
    """After the password, in place of the code."""
    browser.try_password(person.email, person.password)
    browser.send("/tf-recovery", code=code)
    return browser


@pytest.fixture
def codes(browser_of: Opens, guarded: Person) -> list[str]:
    return make(browser_of().sign_in(guarded))


def test_there_are_ten_of_much_chance(codes: list[str]) -> None:
    assert len(set(codes)) == recovery_codes.COUNT == 10
    assert [code for code in codes if not ONE.fullmatch(code)] == []
    assert 24 * math.log2(len(ALPHABET)) > 112, "ASVS 6.5.2: a fast hash will do"


def test_they_are_shown_once(browser_of: Opens, guarded: Person) -> None:
    browser = browser_of().sign_in(guarded)
    codes = make(browser)
    for path in (PAGE, "/account/", "/admin/"):
        page = browser.get(path).text
        assert not [code for code in codes if code in page]


def test_the_database_has_no_code(engine: RecordEngine, guarded: Person, codes: list[str]) -> None:
    with engine.database.reading() as connection:
        rows = connection.execute(
            select(RecoveryCode.__table__).where(RecoveryCode.systemuser_id == guarded.id)
        ).all()
    assert len(rows) == len(codes)
    kept = b"".join(row.digest for row in rows)
    for code in codes:
        assert code.encode() not in kept
        assert code.replace("-", "").encode() not in kept


def test_each_signs_in_once(
    browser_of: Opens, engine: RecordEngine, guarded: Person, codes: list[str]
) -> None:
    for code in codes[:3]:
        assert enter(browser_of(), guarded, code).is_in()
    for code in codes[:3]:
        assert not enter(browser_of(), guarded, code).is_in()
    change_account(engine, guarded, failed_sign_ins=0, locked_until=None)
    assert enter(browser_of(), guarded, codes[3]).is_in()


def test_it_is_noted_told_and_counted(
    browser_of: Opens, engine: RecordEngine, guarded: Person, codes: list[str]
) -> None:
    browser = enter(browser_of(), guarded, codes[0])
    found = [(act["action"], act.get("details", {})) for act in acts(engine, guarded)]
    assert found[-2:] == [
        ("use_recovery_code", {}),
        ("sign_in", {"factor": "password, recovery code"}),
    ]
    assert letters_to(engine, guarded) == ["recovery_codes_made", "recovery_code_used"]
    [mail] = [one for one in mails_to(engine, guarded) if "使用されました" in one.subject]
    assert "残りの回復用コード：9個" in mail.body
    assert "10個のうち9個が残っています" in browser.get("/account/").text
    assert not [code for code in codes if code in str(acts(engine)) + mail.body]


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\u3000",
        lambda code: code.translate({one: one + 0xFEE0 for one in range(0x21, 0x7F)}),
        lambda code: code.replace("-", "\u2010"),
    ],
    ids=["capitals", "without dashes", "with blanks", "around it", "wide", "another dash"],
)
def test_it_may_be_written_as_people_do(
    visitor: Browser, guarded: Person, codes: list[str], write: Callable[[str], str]
) -> None:
    assert enter(visitor, guarded, write(codes[0])).is_in()


@pytest.mark.parametrize("wrong", ["", "x", "あ" * 500, "\0", "a\u0315" * 60, "{code}x"])
def test_anything_else_is_wrong_and_counts(
    visitor: Browser, engine: RecordEngine, guarded: Person, codes: list[str], wrong: str
) -> None:
    enter(visitor, guarded, wrong.format(code=codes[0]))
    assert not visitor.is_in()
    assert account_of(engine, guarded).failed_sign_ins == 1
    failed = acts(engine, guarded)[-1]
    assert failed["action"] == "sign_in_failed"
    assert failed["details"] == {"factor": "recovery code"}


def test_guessing_locks_and_then_a_right_one_is_not_used_up(
    browser_of: Opens, engine: RecordEngine, guarded: Person, codes: list[str]
) -> None:
    browser = browser_of()
    browser.try_password(guarded.email, guarded.password)
    for _ in range(5):
        browser.send("/tf-recovery", code="a guess")
    assert account_of(engine, guarded).locked_until > utc_now()
    browser.send("/tf-recovery", code=codes[0])
    assert not browser.is_in()
    change_account(engine, guarded, failed_sign_ins=0, locked_until=None)
    assert enter(browser_of(), guarded, codes[0]).is_in()


def test_of_another_person_it_is_worth_nothing(
    app: Flask, engine: RecordEngine, visitor: Browser, codes: list[str]
) -> None:
    other = hire(app, engine, key=accounts.new_totp_key())
    assert not enter(visitor, other, codes[0]).is_in()


def test_without_the_password_before_it_there_is_no_page(
    visitor: Browser, codes: list[str]
) -> None:
    assert visitor.get("/tf-recovery").location == "/login"
    assert visitor.send("/tf-recovery", page="/login", code=codes[0]).location == "/login"
    assert not visitor.is_in()


def test_new_ones_end_the_old_ones(browser_of: Opens, guarded: Person, codes: list[str]) -> None:
    browser = enter(browser_of(), guarded, codes[0])
    new = make(browser)
    assert not set(new) & set(codes)
    assert not enter(browser_of(), guarded, codes[1]).is_in()
    assert enter(browser_of(), guarded, new[0]).is_in()


def test_making_them_ends_other_sessions(browser_of: Opens, guarded: Person) -> None:
    other, mine = browser_of().sign_in(guarded), browser_of()
    mine.try_password(guarded.email, guarded.password)
    mine.enter(guarded.code(1))
    assert make(mine)
    assert mine.is_in()
    assert not other.is_in()


def test_making_them_asks_who_one_is(
    engine: RecordEngine, visitor: Browser, guarded: Person
) -> None:
    visitor.sign_in(guarded)
    age_proof(engine, guarded, by=timedelta(minutes=6))
    refused = visitor.send(PAGE)
    assert refused.status_code == 400
    assert 'href="#proof"' in refused.text
    assert make(visitor, proof="wrong") == []
    assert len(make(visitor, proof=guarded.password)) == 10


def test_without_a_second_factor_there_is_nothing_to_stand_in_for(
    visitor: Browser, person: Person
) -> None:
    visitor.sign_in(person)
    assert "先に二要素認証" in visitor.get(PAGE).text
    assert visitor.send(PAGE, page="/account/").status_code == 400


def test_they_end_with_the_factor_an_administrator_resets(
    app: Flask, browser_of: Opens, engine: RecordEngine, guarded: Person, codes: list[str]
) -> None:
    with app.app_context():
        accounts.reset_second_factor(HIRING, guarded.id)
        assert recovery_codes.left(guarded.id) == 0
    browser = browser_of()
    browser.try_password(guarded.email, guarded.password)
    assert browser.is_in(), "by a long password"
    assert browser.send("/tf-recovery", page="/account/", code=codes[0]).location == "/login"


@pytest.fixture(scope="module")
def any_engine(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    engine = build_engine(tmp_path_factory.mktemp("any"), new_database())
    yield engine
    engine.database.dispose()


def test_of_fifty_uses_at_once_one_wins(any_engine: RecordEngine) -> None:
    """Two applications, as two web workers, on both databases."""
    apps = [build_app(any_engine), build_app(any_engine)]
    person = hire(apps[0], any_engine, key=accounts.new_totp_key())
    with apps[0].app_context(), apps[0].test_request_context():
        account = apps[0].extensions["security"].datastore.find_user(id=person.id)
        [code, *_] = recovery_codes.make(account)
    start, won = threading.Barrier(50), list[bool]()

    def use(app: Flask) -> None:
        with app.test_request_context():
            account = app.extensions["security"].datastore.find_user(id=person.id)
            start.wait()
            won.append(recovery_codes.use(account, code))

    threads = [threading.Thread(target=use, args=(apps[n % 2],)) for n in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 49 + [True]
    used = [act for act in acts(any_engine, person) if act["action"] == "use_recovery_code"]
    assert len(used) == 1

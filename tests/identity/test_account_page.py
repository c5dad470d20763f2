"""One's own account on one page: what one signs in with and where one is, for oneself alone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from admin_views.identity import accounts
from admin_views.identity.sessions import hash_of
from models.records.engine import RecordEngine
from tests.identity.staff import (
    Administrator,
    Browser,
    Person,
    acts,
    age_proof,
    age_sessions,
    change_account,
    hire,
    sessions_of,
)
from tests.identity.test_devices import CASES

Opens = Callable[[], Browser]
PAGE = "/account/"
PAGES = [PAGE, "/account/passkeys/new/", "/account/recovery-codes/"]
ACTS = [
    "/account/passkeys/new/",
    "/account/passkeys/options/",
    "/account/passkeys/delete/",
    "/account/recovery-codes/",
    "/account/sessions/end/",
    "/account/sessions/end-others/",
]


def rows_of(page: str, heading: str) -> list[str]:
    """The rows of the table under a heading, as text."""
    part = page.split(f'id="{heading}"')[1].split("</section>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_it_is_found_from_every_page(visitor: Browser, person: Person) -> None:
    page = visitor.sign_in(person).get("/admin/").text
    assert f'<a href="{PAGE}">アカウント設定</a>' in page


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_led_to_the_sign_in_and_back(visitor: Browser, path: str) -> None:
    assert visitor.get(path).location == f"/login?next={path}"


@pytest.mark.parametrize("path", ACTS)
def test_a_stranger_does_nothing(visitor: Browser, path: str) -> None:
    assert visitor.send(path, page="/login").status_code == 401


@pytest.mark.parametrize("path", ACTS)
def test_every_act_asks_for_the_form_token(
    visitor: Browser, engine: RecordEngine, person: Person, path: str
) -> None:
    visitor.sign_in(person)
    before = len(acts(engine, person))
    assert visitor.client.post(path).status_code == 400
    assert len(acts(engine, person)) == before


@pytest.mark.parametrize("path", PAGES)
def test_a_password_that_another_has_seen_is_changed_first(
    administrator: Administrator, visitor: Browser, person: Person, path: str
) -> None:
    visitor.sign_in(administrator.reissue(person))
    assert visitor.get(path).location == "/account/password"


@pytest.mark.parametrize("path", PAGES)
def test_it_is_kept_nowhere(visitor: Browser, person: Person, path: str) -> None:
    response = visitor.sign_in(person).get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not re.search(r"\son\w+=|style=|<script(?! src=)", response.text)


@pytest.mark.parametrize("path", [*PAGES, "/login", "/admin/"])
def test_no_other_origin_reads_it_and_no_other_method_is_taken(
    visitor: Browser, person: Person, path: str
) -> None:
    visitor.sign_in(person)
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = visitor.client.get(path, headers=headers)
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        token = {"X-CSRFToken": visitor.form_token("/account/password")}
        assert visitor.client.open(path, method=method, headers=token).status_code == 405


def test_it_says_what_one_has(
    app: Flask, engine: RecordEngine, visitor: Browser, person: Person
) -> None:
    page = visitor.sign_in(person).get(PAGE).text
    assert "設定されていません" in page
    assert "先に二要素認証" in page
    guarded = hire(app, engine, key=accounts.new_totp_key())
    page = Browser(app).sign_in(guarded).get(PAGE).text
    assert "設定済みです" in page
    assert "発行されていません" in page


def test_where_no_passkey_can_be_made_the_page_says_why(visitor: Browser, person: Person) -> None:
    """The tests' office is reached by an address."""
    page = visitor.sign_in(person).get(PAGE).text
    assert "現在のアドレスでは利用できません" in page
    assert "data-passkey" not in visitor.get("/account/passkeys/new/").text


def test_sessions_are_told_apart(browser_of: Opens, engine: RecordEngine, person: Person) -> None:
    other = browser_of()
    other.client.environ_base["HTTP_USER_AGENT"] = list(CASES)[5]
    other.sign_in(person)
    age_sessions(engine, person, seen=timedelta(minutes=5), made=timedelta(hours=2))
    mine = browser_of()
    mine.client.environ_base["HTTP_USER_AGENT"] = next(iter(CASES))
    rows = rows_of(mine.sign_in(person).get(PAGE).text, "sessions")
    assert len(rows) == 2
    assert rows[0].startswith("Chrome · Windows")
    assert "現在のセッション" in rows[0]
    assert rows[1].startswith("Chrome · iPhone")
    assert "現在のセッション" not in rows[1]


def test_what_idles_too_long_is_no_longer_shown(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    browser_of().sign_in(person)
    age_sessions(engine, person, seen=timedelta(minutes=30), made=timedelta())
    assert len(rows_of(browser_of().sign_in(person).get(PAGE).text, "sessions")) == 1


def test_one_session_is_ended(browser_of: Opens, engine: RecordEngine, person: Person) -> None:
    lost, kept, mine = (browser_of().sign_in(person) for _ in range(3))
    [row] = [one for one in sessions_of(engine, person) if one.token_hash == hash_of(lost.token)]
    answer = mine.send("/account/sessions/end/", page=PAGE, id=str(row.id))
    assert answer.location == PAGE
    assert [one.is_in() for one in (lost, kept, mine)] == [False, True, True]
    assert acts(engine, person)[-1]["action"] == "end_session"


def test_all_others_are_ended_whatever_they_are_about_to_do(
    browser_of: Opens, engine: RecordEngine, guarded: Person
) -> None:
    half, other, mine = (browser_of() for _ in range(3))
    half.try_password(guarded.email, guarded.password)
    token = half.form_token("/tf-validate")
    mine.sign_in(guarded)
    other.try_password(guarded.email, guarded.password)
    other.enter(guarded.code(1))
    before = mine.token
    mine.send("/account/sessions/end-others/", page=PAGE)
    assert [one.is_in() for one in (other, mine)] == [False, True]
    assert mine.token != before
    half.client.post("/tf-validate", data={"csrf_token": token, "code": guarded.code(2)})
    assert not half.is_in(), "who is between password and code begins anew"
    assert acts(engine, guarded)[-1]["action"] == "end_other_sessions"


@pytest.mark.parametrize("act", ["end", "end-others"])
def test_ending_one_asks_who_one_is_after_a_while(
    browser_of: Opens, engine: RecordEngine, person: Person, act: str
) -> None:
    """ASVS 7.5.2. The page that asks leads back."""
    other, mine = browser_of().sign_in(person), browser_of().sign_in(person)
    [row] = [one for one in sessions_of(engine, person) if one.token_hash == hash_of(other.token)]
    age_proof(engine, person, by=timedelta(minutes=31))
    answer = mine.send(f"/account/sessions/{act}/", page=PAGE, id=str(row.id))
    assert answer.location == f"/verify?next={PAGE}"
    assert other.is_in()
    proven = mine.send(answer.location, password=person.password)
    assert proven.location == PAGE
    mine.send(f"/account/sessions/{act}/", page=PAGE, id=str(row.id))
    assert not other.is_in()


def test_nobody_ends_the_session_of_another(
    app: Flask, browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    other = hire(app, engine)
    theirs = browser_of().sign_in(other)
    [row] = sessions_of(engine, other)
    mine = browser_of().sign_in(person)
    answer = mine.send("/account/sessions/end/", page=PAGE, id=str(row.id))
    assert answer.status_code == 404
    assert theirs.is_in()


@pytest.mark.parametrize("wrong", ["", "x", "0", "'; --", "00000000000000000000000000000000"])
def test_a_session_that_is_none_is_not_found(visitor: Browser, person: Person, wrong: str) -> None:
    visitor.sign_in(person)
    answer = visitor.send("/account/sessions/end/", page=PAGE, id=wrong)
    assert answer.status_code in {400, 404}
    assert visitor.is_in()


def test_the_identifier_of_a_session_opens_nothing(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    mine, thief = browser_of().sign_in(person), browser_of()
    [row] = sessions_of(engine, person)
    for guess in (str(row.id), row.id.hex, row.token_hash.hex()):
        thief.client.set_cookie("staff", guess)
        assert not thief.is_in()
    assert mine.token not in mine.get(PAGE).text


def test_an_account_without_a_password_has_none_to_change(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    visitor.sign_in(person)
    change_account(engine, person, password=None)
    assert "パスワードは設定されていません" in visitor.get(PAGE).text

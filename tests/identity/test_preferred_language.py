"""The language a person chose last greets them on their next browser."""

from collections.abc import Callable

import pytest

from models.records.engine import RecordEngine
from tests.identity.staff import Browser, Person, account_of, change_account

Opens = Callable[[], Browser]
PAGES = ("/admin/", "/account/password", "/tf-setup")


def language_of(browser: Browser, path: str = "/admin/", wish: str = "") -> str:
    headers = {"Accept-Language": wish} if wish else {}
    page = browser.client.get(path, headers=headers).text
    return page.split('<html lang="')[1].split('"')[0]


@pytest.mark.parametrize("wish", ["ja", "en"])
def test_until_one_is_chosen_the_browser_decides(
    visitor: Browser, person: Person, wish: str
) -> None:
    visitor.sign_in(person)
    for path in PAGES:
        assert language_of(visitor, path, wish) == wish, path


def test_the_one_chosen_is_kept_with_the_account(
    browser_of: Opens, engine: RecordEngine, person: Person
) -> None:
    for chosen, other in (("en", "ja"), ("ja", "en")):
        browser_of().sign_in(person).get("/admin/", lang=chosen)
        assert account_of(engine, person).language == chosen
        elsewhere = browser_of().sign_in(person)
        for path in PAGES:
            assert language_of(elsewhere, path, wish=other) == chosen, path


def test_what_is_asked_for_now_and_this_browsers_choice_go_first(
    visitor: Browser, engine: RecordEngine, person: Person
) -> None:
    change_account(engine, person, language="ja")
    visitor.sign_in(person)
    visitor.client.set_cookie("lang", "en")
    assert language_of(visitor) == "en"
    assert language_of(visitor, "/admin/?lang=ja") == "ja"


def test_an_accounts_language_is_its_own(
    browser_of: Opens, person: Person, guarded: Person
) -> None:
    browser_of().sign_in(person).get("/admin/", lang="en")
    assert language_of(browser_of(), "/login", wish="ja") == "ja"
    assert language_of(browser_of().sign_in(guarded), wish="ja") == "ja"


@pytest.mark.parametrize("asked", ["fr", "", "ja'", "en-US"])
def test_no_other_language_is_kept(
    visitor: Browser, engine: RecordEngine, person: Person, asked: str
) -> None:
    visitor.sign_in(person).get("/admin/", lang=asked)
    assert account_of(engine, person).language == ""

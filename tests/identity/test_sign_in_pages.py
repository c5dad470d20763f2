"""The pages at the door: whole in both languages, under the house's headers, fit for everyone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import BrowserContext

from admin_views.identity.sessions import STAFF_PATHS
from cli.development.translations import FOLDER, merged
from tests.identity.staff import COOKIE, SHORT_PASSWORD, Administrator, Browser, Person
from tests.support.answering import answered
from tests.support.browser import axe

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates" / "security").glob("*.html"))
Walk = Callable[[Browser, Person], str]
PAGES: dict[str, Walk] = {
    "sign-in": lambda browser, _: browser.get("/login").text,
    "sign-in refused": lambda browser, _: browser.try_password("x@example.jp", "x").text,
    "code": lambda browser, person: _with_password(browser, person).get("/tf-validate").text,
    "code refused": lambda browser, person: _with_password(browser, person).enter("x").text,
    "set-up": lambda browser, person: browser.sign_in(person).get("/tf-setup").text,
    "set-up refused": lambda browser, person: _set_up(browser, person, "disable"),
    "set-up with key": lambda browser, person: _set_up(browser, person, "authenticator"),
    "password again": lambda browser, person: browser.sign_in(person).get("/verify").text,
    "password again refused": lambda browser, person: (
        browser.sign_in(person).send("/verify", password="x").text
    ),
    "change": lambda browser, person: browser.sign_in(person).get("/account/password").text,
    "change asked for": lambda browser, person: (
        browser.sign_in(Administrator(browser.app).reissue(person)).get("/account/password").text
    ),
    "change refused": lambda browser, person: _change(browser, person, "x", SHORT_PASSWORD),
    "new one refused": lambda browser, person: _change(
        browser, person, person.password, SHORT_PASSWORD
    ),
    "changed": lambda browser, person: _after_change(browser, person),
}


def _with_password(browser: Browser, person: Person) -> Browser:
    browser.try_password(person.email, person.password)
    return browser


def _set_up(browser: Browser, person: Person, method: str) -> str:
    return browser.sign_in(person).send("/tf-setup", setup=method).text


def _change(browser: Browser, person: Person, present: str, new: str) -> str:
    return browser.sign_in(person).change_password(present, new).text


def _after_change(browser: Browser, person: Person) -> str:
    _change(browser, person, person.password, "rivers under seven bridges")
    [notice] = re.findall(r'<div class="notice.*?</div>', browser.get("/admin/").text, re.DOTALL)
    return str(notice)


def texts_of(page: str) -> str:
    """What is read or read out, without what a person typed, keys and the other language."""
    page = re.sub(r"<(code|dd|style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<a [^>]*hreflang="[^>]*>[^<]*</a>', " ", page)
    spoken = re.findall(r'(?:alt|aria-label|title|placeholder)="([^"]*)"', page)
    return " ".join([re.sub(r"<[^>]+>", " ", page), *spoken])


@pytest.fixture
def anybody(person: Person, guarded: Person) -> Callable[[str], Person]:
    return lambda name: guarded if name.startswith("code") else person


@pytest.mark.parametrize("name", PAGES)
def test_no_english_is_left_in_the_japanese_page(
    visitor: Browser, anybody: Callable[[str], Person], name: str
) -> None:
    visitor.client.set_cookie("lang", "ja")
    person = anybody(name)
    texts = texts_of(PAGES[name](visitor, person)).replace(person.email, "")
    assert re.findall(r"[A-Za-z]{2,}", texts.replace("QR", "")) == []
    assert re.search("[ぁ-ん]", texts)


@pytest.mark.parametrize("name", PAGES)
def test_no_japanese_is_left_in_the_english_page(
    visitor: Browser, anybody: Callable[[str], Person], name: str
) -> None:
    visitor.client.set_cookie("lang", "en")
    texts = texts_of(PAGES[name](visitor, anybody(name)))
    assert re.findall("[ぁ-んァ-ン一-龥]+", re.sub("担当", "", texts)) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_text_of_a_template_has_its_japanese(template: Path) -> None:
    catalog = merged()
    with template.open("rb") as file:
        found = [str(text) for _, text, _, _ in extract("jinja2", file, keywords={"_": None})]
    missing = [text for text in found if not (catalog.get(text) and catalog.get(text).string)]
    assert missing == []
    assert found or template.name == "controls.html"


def test_no_other_door_overrules_the_japanese_of_these_pages() -> None:
    """One catalogue serves all doors: where two translate a text, they must agree."""
    with (FOLDER / "identity.ja.po").open("rb") as file:
        ours = {message.id: message.string for message in read_po(file, locale="ja") if message.id}
    served = merged()
    assert {text: served.get(text).string for text in ours} == ours


@pytest.mark.parametrize("name", [name for name in PAGES if name != "changed"])
def test_every_page_names_its_language_and_title(
    visitor: Browser, anybody: Callable[[str], Person], name: str
) -> None:
    visitor.client.set_cookie("lang", "ja")
    page = PAGES[name](visitor, anybody(name))
    assert '<html lang="ja">' in page
    assert re.search(r"<title>\S[^<]+ \| 受付管理システム</title>", page)
    assert page.count("<h1>") == 1


@pytest.mark.parametrize("path", ["/login", "/tf-setup", "/verify", "/account/password"])
def test_headers_at_the_door(visitor: Browser, person: Person, path: str) -> None:
    if path != "/login":
        visitor.sign_in(person)
    response = visitor.get(path)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script|\son\w+=|style=", response.text)


def test_every_page_of_the_library_is_behind_the_staffs_session(app: Flask) -> None:
    """Elsewhere there is no session: a page outside would forget everybody."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")]
    assert len(rules) > 8
    for rule in rules:
        assert rule.rule.startswith((*STAFF_PATHS, "/fs-static/")), rule.rule


def test_public_pages_open_no_session(visitor: Browser, person: Person) -> None:
    visitor.sign_in(person)
    with visitor.get("/static/staff/identity.css") as response:
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with answered(app) as address:
        yield address


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible_and_fit(
    context: BrowserContext, visitor: Browser, person: Person, address: str, width: int
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}/login")
    page.get_by_role("button", name="サインイン").click()
    assert axe(page) == []
    visitor.sign_in(person)
    context.add_cookies([{"name": COOKIE, "value": visitor.token, "url": address}])
    for path in ("/account/password", "/verify", "/tf-setup"):
        page.goto(address + path)
        page.get_by_role("button").first.click()
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0

"""The pages about passkeys, codes and sessions: whole in both languages, fit for everyone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from admin_views.identity import accounts
from models.records.engine import RecordEngine
from tests.identity.passkeys.browsing import Authenticator, Desk, served
from tests.identity.staff import Person, age_proof, change_account, hire
from tests.identity.test_sign_in_pages import texts_of
from tests.support.browser import AS_SEEN, axe

LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {"QR", "JavaScript", "PIN", "TLS", "https", "Chrome", "Linux", "PC", "English"}
"""What Japanese writes in Latin letters, too."""
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]+")
INSIDE = [
    "/account/",
    "/account/passkeys/new/",
    "/account/recovery-codes/",
    "/account/password",
    "/tf-setup",
]


@pytest.fixture(scope="module")
def office(engine: RecordEngine) -> Iterator[tuple[Flask, str]]:
    with served(engine) as running:
        yield running


@pytest.fixture
def desk(page: Page, office: tuple[Flask, str]) -> Desk:
    return Desk(page, office[1])


@pytest.fixture
def staff(office: tuple[Flask, str], engine: RecordEngine) -> Person:
    return hire(office[0], engine, key=accounts.new_totp_key())


def enter(desk: Desk, person: Person) -> None:
    desk.enter_password(person)
    desk.page.get_by_label("確認コード").fill(person.code())
    desk.press("次へ")
    desk.page.wait_for_url("**/admin/")


def speak(desk: Desk, engine: RecordEngine, person: Person, language: str) -> None:
    change_account(engine, person, language=language)
    desk.page.context.add_cookies([{"name": "lang", "value": language, "url": desk.url}])


def check(desk: Desk, language: str, person: Person) -> None:
    """Nothing of the other language, nothing axe finds, nothing beside the screen."""
    assert axe(desk.page) == [], desk.place
    width = desk.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], desk.place
    texts = texts_of(desk.page.locator("main").inner_html()).replace(person.email, "")
    if language == "en":
        assert JAPANESE.findall(texts.replace("仕事用の", "").replace("担当", "")) == []
    else:
        assert set(LATIN.findall(texts)) - NAMES == set()
    assert desk.page.locator("h1").count() == 1


@AS_SEEN
def test_they_are_whole_accessible_and_fit(
    desk: Desk, engine: RecordEngine, staff: Person, width: int, language: str
) -> None:
    desk.page.set_viewport_size({"width": width, "height": 900})
    Authenticator(desk.page)
    enter(desk, staff)
    desk.register_passkey("仕事用のPC")
    speak(desk, engine, staff, language)
    for path in INSIDE:
        desk.go(path)
        check(desk, language, staff)
    desk.go("/account/recovery-codes/")
    desk.page.locator("main form button").first.click()
    expect(desk.page.locator(".recovery-code")).to_have_count(10)
    check(desk, language, staff)
    age_proof(engine, staff, by=timedelta(hours=2))
    for path in ("/account/passkeys/new/", "/account/recovery-codes/"):
        desk.go(path)
        desk.page.locator("main form button[type=submit]").first.click()
        desk.page.locator(".error-summary").wait_for()
        check(desk, language, staff)
    desk.go("/account/")
    desk.page.locator("a[href*='passkeys/delete']").click()
    check(desk, language, staff)
    desk.go("/verify")
    check(desk, language, staff)


@AS_SEEN
def test_so_are_those_before_the_sign_in(
    desk: Desk, engine: RecordEngine, staff: Person, width: int, language: str
) -> None:
    desk.page.set_viewport_size({"width": width, "height": 900})
    Authenticator(desk.page)
    desk.go("/login")
    check(desk, "ja", staff)
    desk.enter_password(staff)
    speak(desk, engine, staff, language)
    desk.go("/tf-validate")
    check(desk, language, staff)
    desk.go("/tf-recovery")
    desk.page.get_by_role("button").first.click()
    check(desk, language, staff)
    desk.go("/login")
    desk.page.locator("form.passkey button").click()
    desk.page.locator("[data-problem]:not([hidden])").wait_for()
    check(desk, language, staff)


def test_printed_codes_name_the_account(
    desk: Desk, staff: Person, context: BrowserContext
) -> None:
    enter(desk, staff)
    desk.go("/account/recovery-codes/")
    desk.press("回復用コードの発行")
    desk.page.emulate_media(media="print")
    assert desk.page.get_by_text(staff.email).last.is_visible()
    assert desk.page.locator(".recovery-code").first.is_visible()
    assert not desk.page.locator(".office-header").is_visible()

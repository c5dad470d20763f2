"""Single sign-on in Chromium: to a real provider and back, with and without script."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from models.records.engine import RecordEngine
from models.security.principals import public_caller
from tests.admin_views.office import ENTITY, PERSONAL, application
from tests.federation.conftest import OPERATORS, federated, map_groups
from tests.federation.people import account
from tests.federation.realm import Realm, Resident, new_key, realm_at
from tests.federation.test_step_up import age
from tests.identity.staff import Administrator, Person, hire
from tests.support.answering import answered
from tests.support.browser import AS_SEEN, axe
from tests.support.service import free_port

SHOTS = os.environ.get("TEST_SCREENSHOTS", "")


@dataclass(frozen=True)
class Site:
    us: str
    app: Flask
    engine: RecordEngine
    realm: Realm


@pytest.fixture(scope="module")
def site(engine: RecordEngine, folder: Path) -> Iterator[Site]:
    port = free_port()
    us = f"http://127.0.0.1:{port}"
    with realm_at(free_port(), us=us, keys=[new_key("k")]) as realm:
        app = federated(engine, folder, realm.issuer, us=us)
        map_groups(app, realm.issuer)
        with answered(app, port=port):
            yield Site(us, app, engine, realm)


def sign_in_there(page: Page, login: str) -> None:
    page.get_by_label("Name").fill(login)
    page.get_by_role("button", name="Sign in").click()


def enter(page: Page, site: Site, login: str) -> None:
    page.goto(f"{site.us}/admin/")
    page.get_by_role("link", name="職員認証でサインイン").click()
    sign_in_there(page, login)


def looked_at(page: Page, name: str, width: int, language: str) -> None:
    """Accessible, and within the screen."""
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{width}-{language}.png", full_page=True)


def test_by_the_button_in_with_the_right_role_and_out(page: Page, site: Site) -> None:
    site.realm.knows(Resident("hanako", (OPERATORS,), claims={"name": "神戸 花子"}))
    enter(page, site, "hanako")
    assert page.url == f"{site.us}/admin/"
    page.wait_for_load_state("load")
    names = page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    assert "応援したいこと" in " ".join(names)
    assert "ユーザーとロール" not in " ".join(names)
    page.get_by_role("button", name="サインアウト").click()
    assert page.get_by_role("heading", level=1).inner_text() == "サインアウトしました"
    looked_at(page, "signed-out", 1280, "ja")
    page.get_by_role("link", name="職員認証からもサインアウト").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    assert urlsplit(page.url).path == "/login"
    page.get_by_role("link", name="職員認証でサインイン").click()
    page.get_by_role("heading", name="Sign in at the provider").wait_for()


def test_who_has_left_the_group_is_told_and_has_no_role(page: Page, site: Site) -> None:
    site.realm.knows(Resident("leaver", (OPERATORS,)))
    enter(page, site, "leaver")
    page.get_by_role("button", name="サインアウト").click()
    site.realm.knows(Resident("leaver", ("something-else",)))
    page.goto(f"{site.us}/admin/")
    page.get_by_role("link", name="職員認証でサインイン").click()
    assert "本システムの利用が認められていません" in page.get_by_role("alert").inner_text()
    assert account(site.engine, site.realm, "leaver").roles == set()
    page.goto(f"{site.us}/admin/")
    assert urlsplit(page.url).path == "/login"


@pytest.mark.parametrize("script", [True, False])
def test_a_value_is_shown_after_a_proof_at_the_provider(
    context: BrowserContext, site: Site, script: bool
) -> None:
    subject = f"proves-{script}"
    site.realm.knows(Resident(subject, (OPERATORS,)))
    with site.engine.database.snapshot() as connection:
        caller = public_caller(connection, site.engine.catalog.forms[ENTITY])
    [record] = site.engine.run(lambda s: s.create_multiple(caller, ENTITY, [application()]))
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(locale="ja-JP", java_script_enabled=script)
    page = plain.new_page()
    enter(page, site, subject)
    age(site.engine, site.realm, subject)
    page.goto(f"{site.us}/admin/t/{ENTITY}/details/?id={record}")
    page.locator("details.reveal summary").first.click()
    if script:
        looked_at(page, "proof", 1280, "ja")
    page.get_by_role("link", name="職員認証で本人確認").first.click()
    sign_in_there(page, subject)
    assert f"details/?id={record}" in page.url
    page.locator("details.reveal summary").first.click()
    page.locator("details.reveal [name=purpose_text]").first.fill("日程の連絡")
    page.locator("details.reveal button").first.click()
    page.get_by_text(PERSONAL["kobe_email"]).first.wait_for()
    plain.close()


@pytest.fixture
def head(site: Site) -> Person:
    person = hire(site.app, site.engine)
    Administrator(site.app).give(person, "administrator")
    return person


@AS_SEEN
def test_pages_are_accessible_and_fit(
    page: Page, site: Site, head: Person, width: int, language: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    site.realm.knows(Resident("lost", ("nothing",)), Resident("taken", (OPERATORS,)))
    words = {
        "ja": ("職員認証でサインイン", "サインイン"),
        "en": ("Sign in with 職員認証", "Sign in"),
    }
    button, sign_in = words[language]
    page.goto(f"{site.us}/login?lang={language}")
    looked_at(page, "door", width, language)
    page.get_by_role("link", name=button).click()
    sign_in_there(page, "lost")
    looked_at(page, "refused", width, language)
    page.goto(f"{site.us}/login")
    page.locator("#email").fill(head.email)
    page.locator("#password").fill(head.password)
    page.get_by_role("button", name=sign_in, exact=True).click()
    for name, path in {
        "own": "/account/federated",
        "list": "/admin/federation/",
        "map": "/admin/federation/map/",
        "link": "/admin/federation/link/",
        "password": "/account/password",
    }.items():
        page.goto(f"{site.us}{path}")
        looked_at(page, name, width, language)


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(
    page: Page, site: Site, head: Person
) -> None:
    page.goto(f"{site.us}/login")
    page.locator("#email").fill(head.email)
    page.locator("#password").fill(head.password)
    page.get_by_role("button", name="サインイン", exact=True).click()
    page.goto(f"{site.us}/admin/federation/map/")
    page.get_by_label("グループ").fill(OPERATORS)
    page.get_by_label("ロール").select_option(label="事務局")
    page.get_by_label("部署").select_option(label="運営事務局")
    page.get_by_role("button", name="保存").click()
    assert "選択したロールがすでに付与されています" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("グループ").input_value() == OPERATORS
    looked_at(page, "wrong", 1280, "ja")

"""An applicant in Chromium: every page accessible and fitting, Japanese and English, at 1,280 and
320 px; the whole way from the mail to the office's decision with and without script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, PASSWORD
from tests.applicants.town import ADDRESS_LINK, Applicant, City, city
from tests.support.answering import answered
from tests.support.browser import Watch, axe, prove
from tests.support.databases import sqlite_file

LONG = "とても長い応援の内容が入力された場合にも画面からはみ出さないことを確かめる文章です。" * 6
UNBROKEN = "https://example.jp/" + "x" * 120


@dataclass
class OpenCity:
    city: City
    address: str

    def enter(self, context: BrowserContext, role: str = "", language: str = "ja") -> Page:
        cookies = {"lang": language}
        if role:
            sit_down(self.city, role)
            cookies["staff"] = self.city.sessions[role]
        context.add_cookies(
            [{"name": name, "value": one, "url": self.address} for name, one in cookies.items()]
        )
        return context.new_page()

    def go(self, page: Page, path: str) -> None:
        page.goto(self.address + path)


@pytest.fixture(scope="module")
def open_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCity]:
    folder: Path = tmp_path_factory.mktemp("open_city")
    with city(folder, sqlite_file(folder)) as running, answered(running.app) as address:
        yield OpenCity(running, address)


def is_well(page: Page, language: str, width: int) -> None:
    assert page.locator("html").get_attribute("lang") == language
    assert axe(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize(("language", "width"), [("ja", 320), ("en", 1280)])
def test_every_page_is_accessible_and_fits(
    open_city: OpenCity, context: BrowserContext, language: str, width: int
) -> None:
    person = Applicant.of(open_city.city, kobe_body=LONG + UNBROKEN)
    person.enter().send("/erasure")
    page = open_city.enter(context, language=language)
    page.set_viewport_size({"width": width, "height": 800})
    open_city.go(page, person.link())
    is_well(page, language, width)
    page.locator("main button").click()
    is_well(page, language, width)
    for path in (
        "/own/correct",
        "/own/withdraw",
        "/own/erasure",
        "/own/request",
        "/own/ended",
        "/status/x",
    ):
        open_city.go(page, path)
        is_well(page, language, width)
    for path in (f"/forms/{ENTITY}/status", f"/forms/{ENTITY}/status?sent=1", f"/forms/{ENTITY}"):
        open_city.go(page, path)
        is_well(page, language, width)
    open_city.go(page, "/own/correct")
    page.locator("[name=kobe_nickname]").fill("")
    page.locator("[name=step]").click()
    is_well(page, language, width)
    page.locator("[name=kobe_nickname]").fill("花子")
    page.locator("[name=kobe_email]").fill("other@example.jp")
    page.locator("[name=step]").click()
    is_well(page, language, width)
    page.context.clear_cookies(name="own")
    page.locator("[name=step][value=send]").click()
    is_well(page, language, width)


@pytest.mark.parametrize("width", [320])
def test_the_office_s_pages_are_accessible_and_fit(
    open_city: OpenCity, context: BrowserContext, width: int
) -> None:
    person = Applicant.of(open_city.city).enter()
    person.send("/erasure", statement=LONG + UNBROKEN)
    [request] = open_city.city.requests(person.record)
    page = open_city.enter(context, "kobe_official")
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/admin/applicants/",
        f"/admin/applicants/request/?id={request.id}",
        f"/admin/t/{ENTITY}/details/?id={person.record}",
    ):
        open_city.go(page, path)
        is_well(page, "ja", width)
    open_city.go(page, f"/admin/applicants/request/?id={request.id}")
    page.get_by_role("button", name="応じないことを本人に知らせる").click()
    assert page.locator("#answer").get_attribute("aria-invalid") == "true"
    is_well(page, "ja", width)


@pytest.mark.parametrize("script", [True, False])
def test_from_the_mail_to_the_office_s_decision(
    open_city: OpenCity, browser: Browser, watch: Watch, script: bool
) -> None:
    first, second = (browser.new_context(java_script_enabled=script) for _ in range(2))
    for one in (first, second):
        watch.over(one)
    person = Applicant.of(open_city.city)
    page = open_city.enter(first)
    open_city.go(page, person.link())
    page.get_by_role("button", name="表示する").click()
    page.get_by_role("heading", name="申込状況", exact=True).wait_for()
    corrects(page, kobe_nickname="神戸 花", kobe_email=f"moved.{script}@example.jp")
    page.get_by_text("メールアドレスはまだ変更されていません").wait_for()
    confirms(open_city, page, person)
    open_city.go(page, person.link())
    page.get_by_role("button", name="表示する").click()
    page.get_by_text(f"moved.{script}@example.jp").wait_for()
    page.get_by_role("link", name="お申込みの取下げ").click()
    page.get_by_label("理由").fill("都合が悪くなりました。")
    page.get_by_role("button", name="取り下げる", exact=True).click()
    page.get_by_text("お申込みを取り下げました。受付").wait_for()
    page.get_by_role("link", name="消去の依頼").click()
    page.get_by_role("button", name="消去を依頼する").click()
    page.get_by_text("消去のご依頼を受け付けました。").wait_for()
    official = open_city.enter(second, "kobe_official")
    open_city.go(official, f"/admin/t/{ENTITY}/details/?id={person.record}")
    official.get_by_text("本人による取下げ").wait_for()
    official.get_by_role("link", name="依頼を開く").click()
    prove(official, PASSWORD)
    official.get_by_role("button", name="消去して本人に知らせる").click()
    official.get_by_text("記録を消去しました。").wait_for()
    page.reload()
    page.get_by_role("heading", name="申込状況を表示できません").wait_for()
    for one in (first, second):
        one.close()


def corrects(page: Page, **values: str) -> None:
    page.get_by_role("link", name="内容を訂正する").click()
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="入力内容を確認する").click()
    page.get_by_role("heading", name="訂正内容の確認").wait_for()
    page.get_by_role("button", name="入力画面へ戻る").click()
    assert page.locator("[name=kobe_nickname]").input_value() == values["kobe_nickname"]
    page.get_by_role("button", name="入力内容を確認する").click()
    page.get_by_role("button", name="訂正を送信する").click()


def confirms(open_city: OpenCity, page: Page, person: Applicant) -> None:
    mails = open_city.city.mails_about(person.record)
    [link] = [one for mail in mails for one in ADDRESS_LINK.findall(mail.body)]
    open_city.go(page, link)
    page.get_by_role("button", name="このメールアドレスに変更する").click()
    page.get_by_role("heading", name="メールアドレスを変更しました").wait_for()


def test_after_close_the_back_button_shows_nothing(
    open_city: OpenCity, context: BrowserContext
) -> None:
    """On a shared computer; also with the page in the browser's memory."""
    person = Applicant.of(open_city.city)
    page = open_city.enter(context)
    open_city.go(page, person.link())
    page.get_by_role("button", name="表示する").click()
    page.get_by_text("神戸 花子").first.wait_for()
    page.get_by_role("button", name="終了して、このURLを使えなくする").click()
    page.get_by_role("heading", name="申込状況の表示を終了しました").wait_for()
    page.go_back()
    page.wait_for_load_state("load")
    assert page.get_by_text("神戸 花子").count() == 0
    open_city.go(page, person.link())
    page.get_by_role("heading", name="このURLは利用できません").wait_for()

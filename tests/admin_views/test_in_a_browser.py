"""The back office in Chromium: accessible, within its policy, at 320 px, without script."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import insert

from models.tables.record_data import SystemJob
from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, PERSONAL, Office, build_office
from tests.support.answering import answered
from tests.support.browser import Watch, axe

RECORD = f"/admin/t/{ENTITY}/"
PAGES = {
    "kobe_operator": ["/admin/", RECORD, "details", "edit", "board", "mail"],
    "kobe_official": [RECORD, "details", "edit", "new", "delete", "assign", "/admin/export/"],
    "auditor": ["/admin/", "/admin/audit/"],
    "administrator": [
        "/admin/jobs/",
        "/admin/users/",
        "/admin/users/new/",
        "/admin/users/rights/?id={kobe_operator}",
        "/admin/support/",
        "/admin/access/why/",
        "/admin/access/why/?person={auditor}&privilege=Reveal&entity=kobe_application&attribute=kobe_email",
        "/admin/access/why/?person=&privilege=Read",
        "/admin/users/password/?id={kobe_operator}",
        "/admin/metadata/",
        f"/admin/metadata/{ENTITY}/",
        "/admin/audit/",  # the page of a refusal
    ],
}


@dataclass(frozen=True)
class OpenOffice:
    office: Office
    address: str
    record_id: UUID

    def url(self, path: str) -> str:
        if path.startswith("/"):
            return self.address + path.format_map(self.office.users)
        return f"{self.address}{RECORD}{path}/?id={self.record_id}"

    def enter(self, context: BrowserContext, role: str) -> Page:
        desk = sit_down(self.office, role)
        cookie = {"name": "staff", "value": self.office.sessions[desk.role], "url": self.address}
        english = {"name": "lang", "value": "en", "url": self.address}
        context.add_cookies([cookie, english])
        return context.new_page()


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_office(tmp_path_factory.mktemp("open_office"))

    record_id = office.apply()
    for number in range(60):
        office.apply(kobe_catchphrase=f"応援{number}")
    failed = {"kind": "send_mail", "state": "COMPLETED", "status": "FAILED"}
    office.engine.database.run(lambda transaction: transaction.write(insert(SystemJob), failed))
    with answered(office.app) as address:
        yield OpenOffice(office, address, record_id)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("role", list(PAGES))
def test_pages_are_accessible_and_fit(
    open_office: OpenOffice, context: BrowserContext, role: str, width: int
) -> None:
    """Each in one language as wide, in the other as narrow."""
    page = open_office.enter(context, role)
    page.set_viewport_size({"width": width, "height": 800})
    for number, path in enumerate(PAGES[role]):
        language = ("ja", "en")[(number + (width == 320)) % 2]
        url = open_office.url(path)
        page.goto(f"{url}{'&' if '?' in url else '?'}lang={language}")
        assert axe(page) == [], path
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("script", [True, False])
def test_deleting_asks_first_with_and_without_script(
    open_office: OpenOffice, browser: Browser, watch: Watch, script: bool
) -> None:
    record_id = open_office.office.apply(kobe_catchphrase="消される応援")
    context = browser.new_context(java_script_enabled=script)
    page = open_office.enter(context, "kobe_official")
    page.goto(open_office.url(f"{RECORD}details/?id={record_id}"))
    page.get_by_role("link", name="Delete").click()
    assert "delete" in page.url
    assert page.get_by_role("heading", level=1).inner_text() == "Delete this record?"
    page.get_by_role("button", name="Delete").click()
    assert page.get_by_role("status").inner_text() == "The record was deleted."
    page.goto(open_office.url(f"{RECORD}details/?id={record_id}"))
    assert page.get_by_role("heading", level=1).inner_text() == "Not found"
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_revealing_works_by_keyboard_with_and_without_script(
    open_office: OpenOffice, browser: Browser, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = open_office.enter(context, "kobe_operator")
    page.goto(open_office.url("details"))
    row = page.locator("#row-kobe_phone")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.get_by_label("Or another purpose").fill("折り返しの電話のため")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reveal/")
    assert (
        page.locator("#row-kobe_phone a").get_attribute("href") == f"tel:{PERSONAL['kobe_phone']}"
    )
    assert PERSONAL["kobe_email"] not in page.content()
    context.close()


def test_an_export_shows_its_progress(open_office: OpenOffice, context: BrowserContext) -> None:
    page = open_office.enter(context, "kobe_official")
    page.goto(open_office.url("/admin/export/"))
    for personal in ("E-mail", "Telephone number"):
        page.get_by_label(personal).uncheck()
    page.locator("#purpose").fill("イベントの連絡")
    page.locator("#recipient").fill("つなぐラボ")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename.startswith("Applications")
    page.get_by_text("The file is in your downloads").wait_for()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 60


def test_what_shift_jis_could_not_say_is_listed(
    open_office: OpenOffice, context: BrowserContext
) -> None:
    """While one waits and at the next visit, either way as axe wants it."""
    open_office.office.apply(kobe_nickname="𠮷田 花子")
    page = open_office.enter(context, "kobe_official")
    page.goto(open_office.url("/admin/export/"))
    for personal in ("E-mail", "Telephone number"):
        page.get_by_label(personal).uncheck()
    page.locator("#purpose").fill("イベントの連絡")
    page.locator("#recipient").fill("つなぐラボ")
    page.get_by_label("Shift_JIS").check()
    with page.expect_download():
        page.get_by_role("button", name="Export").click()
    place = "column “Name to contact you by”: U+20BB7"
    page.locator("#places li").get_by_text(place).wait_for()
    assert axe(page) == []
    page.reload()
    page.get_by_text("Your last export").click()
    page.locator("#last-export li").get_by_text(place).wait_for()
    assert axe(page) == []


def test_skip_link_is_the_first_stop(open_office: OpenOffice, context: BrowserContext) -> None:
    page = open_office.enter(context, "kobe_operator")
    page.goto(open_office.url("/admin/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_printing_leaves_the_controls_out(
    open_office: OpenOffice, context: BrowserContext
) -> None:
    page = open_office.enter(context, "kobe_operator")
    page.goto(open_office.url("details"))
    page.emulate_media(media="print")
    for part in (".office-header", ".status-form", ".reveal", ".page-actions"):
        assert not page.locator(part).first.is_visible(), part
    assert page.get_by_role("heading", level=1).is_visible()


def test_a_support_session_is_begun_told_on_every_page_and_ended(
    open_office: OpenOffice, context: BrowserContext
) -> None:
    page = open_office.enter(context, "administrator")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(open_office.url("/admin/support/"))
    page.get_by_label("Account", exact=False).select_option("kobe_operator@example.jp")
    page.get_by_label("Reason").fill("問合せ 2026-118")
    page.get_by_role("button", name="Begin the support session").click()
    session = page.get_by_role("region", name="Support session")
    assert "kobe_operator@example.jp" in session.inner_text()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    session.get_by_role("button").click()
    assert page.get_by_role("status").inner_text().startswith("The support session was ended.")
    page.get_by_role("link", name="People and rights").wait_for()

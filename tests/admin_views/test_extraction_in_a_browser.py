"""Extraction in Chromium: every page in every state is accessible and fits, the whole way works
with and without script, the ledger prints on A4 across."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from exchange.extracts.building import build
from models.security.contracts import today
from tests.admin_views.desk import sit_down
from tests.admin_views.extracting import age_proof_of, ask, change, download, ready, row
from tests.admin_views.office import PASSWORD, PERSONAL, Office, build_office
from tests.support.answering import answered
from tests.support.browser import AS_SEEN, Watch, axe, prove

MUCH = (
    "とても長い利用目的の文章が入力された場合にも、画面からはみ出さないことを確かめるための文章です。"
    * 4
)


@dataclass
class OpenOffice:
    office: Office
    address: str
    extracts: dict[str, UUID] = field(default_factory=dict)

    def enter(self, context: BrowserContext, role: str, language: str = "en") -> Page:
        """With a session of its own: who shows again who they are leaves the one before."""
        self.office.sessions.pop(role, None)
        sit_down(self.office, role)
        cookie = {"name": "staff", "value": self.office.sessions[role], "url": self.address}
        context.add_cookies([cookie, {"name": "lang", "value": language, "url": self.address}])
        return context.new_page()

    def place(self, of: str) -> str:
        return f"{self.address}/admin/extracts/{self.extracts[of]}/"


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_office(tmp_path_factory.mktemp("open_office"))
    office.apply()
    official = sit_down(office, "kobe_official")
    extracts = {
        "requested": ask(official, purpose=MUCH[:200], recipient=MUCH[:200]),
        "ready": ready(office),
        "downloaded": ready(office),
        "failed": ask(official),
        "overdue": ready(office),
    }
    for one in ("downloaded", "overdue"):
        assert download(office, extracts[one]).status_code == 200
    manager = office.users["kobe_manager"]
    change(office, extracts["failed"], state="FAILED", failure="no_right", decided_by=manager)
    change(office, extracts["overdue"], keep_until=today() - timedelta(days=1))
    with answered(office.app) as address:
        yield OpenOffice(office, address, extracts)


PAGES = {
    "kobe_official": ["/admin/export/", "/admin/extracts/", "/admin/", "requested", "ready"],
    "kobe_manager": ["/admin/extracts/", "/admin/ledger/", "/admin/", "requested", "failed"],
    "auditor": ["/admin/ledger/", "/admin/ledger/?since=2001-01-01&until=2001-01-02", "ready"],
    "kobe_operator": ["/admin/extracts/"],
}
PAGES["kobe_official"] += ["downloaded", "failed", "overdue"]
PAGES["kobe_official"] += [
    "/admin/statistics/",
    "/admin/statistics/?view=kobe_application_all&rows=kobe_category&columns=statuscode",
    "/admin/statistics/?rows=kobe_email",
]


@AS_SEEN
@pytest.mark.parametrize("role", list(PAGES))
def test_pages_are_accessible_and_fit(
    open_office: OpenOffice, context: BrowserContext, role: str, width: int, language: str
) -> None:
    page = open_office.enter(context, role, language)
    age_proof_of(open_office.office, role)
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES[role]:
        page.goto(open_office.address + path if path.startswith("/") else open_office.place(path))
        assert page.locator("html").get_attribute("lang") == language
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("script", [True, False])
def test_from_the_request_to_the_confirmed_deletion(
    open_office: OpenOffice, browser: Browser, watch: Watch, script: bool
) -> None:
    official = browser.new_context(java_script_enabled=script)
    manager = browser.new_context(java_script_enabled=script)
    page = open_office.enter(official, "kobe_official")
    page.goto(f"{open_office.address}/admin/export/")
    page.locator("#purpose").fill("説明会の案内の送付")
    page.locator("#recipient").fill("つなぐラボ")
    page.get_by_role("button", name="Export").click()
    page.locator("#keep_until-error").wait_for()
    page.locator("#keep_until").fill((today() + timedelta(days=7)).isoformat())
    page.get_by_role("button", name="Export").click()
    page.get_by_role("heading", name="Check and ask for approval").wait_for()
    page.get_by_role("button", name="Ask for approval").click()
    page.get_by_text("The request was sent.").wait_for()
    extract_id = UUID(page.url.rstrip("/").rpartition("/")[2])
    deciding = open_office.enter(manager, "kobe_manager")
    deciding.goto(page.url)
    prove(deciding, PASSWORD)
    deciding.get_by_role("button", name="Approve").click()
    deciding.get_by_text("The request was approved.").wait_for()
    build(open_office.office.engine, extract_id)
    page.reload()
    prove(page, PASSWORD)
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download").click()
    content = downloaded.value.path().read_text(encoding="utf-8-sig")
    assert PERSONAL["kobe_email"] in content
    page.reload()
    page.locator("#deleted_how").fill("端末から消去した")
    page.get_by_role("button", name="Confirm the deletion").click()
    page.get_by_text("The deletion of the file was confirmed.").wait_for()
    assert row(open_office.office, extract_id).state == "DELETED"
    official.close()
    manager.close()


def test_a_mistake_is_told_at_its_control(
    open_office: OpenOffice, context: BrowserContext
) -> None:
    page = open_office.enter(context, "kobe_manager")
    page.goto(open_office.place("requested"))
    page.get_by_role("button", name="Reject").click()
    assert page.locator("#reason").get_attribute("aria-invalid") == "true"
    assert axe(page) == []
    page.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "reason"


def test_the_ledger_prints_on_a4_across(open_office: OpenOffice, context: BrowserContext) -> None:
    page = open_office.enter(context, "auditor", "ja")
    page.goto(f"{open_office.address}/admin/ledger/")
    paper = page.pdf(prefer_css_page_size=True)
    [box] = set(re.findall(rb"/MediaBox ?\[([^\]]+)\]", paper))
    _, _, width, height = map(float, box.split())
    assert (round(width), round(height)) == (842, 595)
    page.emulate_media(media="print")
    for part in (".office-header", ".tool"):
        assert not page.locator(part).first.is_visible(), part
    page.set_viewport_size({"width": 1046, "height": 718})  # what the margins leave of A4
    assert page.evaluate("document.documentElement.scrollWidth") <= 1046
    assert page.locator(".ledger tbody tr").count() >= 5

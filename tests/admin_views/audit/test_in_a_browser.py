"""The auditors' pages in Chromium: accessible, in both languages, at 320 px, without script, on
paper; a month is signed off by keyboard.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from admin_views.audit.inspections.months import Month
from tests.admin_views.audit.inspecting import ROOM, kept, last_month, moment, note, verify
from tests.admin_views.desk import sit_down
from tests.admin_views.extracting import age_proof_of
from tests.admin_views.office import ENTITY, PASSWORD, build_office
from tests.admin_views.open_office import OpenOffice, opened
from tests.support.browser import AS_SEEN, Watch, axe

A4_UPRIGHT, A4_ACROSS = (595, 842), (842, 595)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_office(tmp_path_factory.mktemp("audit"))
    month = last_month()
    for role, action, outcome in (
        ("kobe_operator", "reveal", "ok"),
        ("kobe_operator", "refusal", "refused"),
        ("administrator", "change_rights", "ok"),
        ("kobe_official", "export", "aborted"),
    ):
        note(office, role, action, outcome=outcome, at=moment(month))
    note(office, "auditor", "sign_in", at=moment(before(month)))
    with opened(office) as running:
        yield running


@pytest.fixture(scope="module")
def record(here: OpenOffice) -> UUID:
    found = here.office.apply()
    sit_down(here.office, "kobe_official").records()
    operator = sit_down(here.office, "kobe_operator")
    operator.send("reveal", id=found, attribute="kobe_phone", purpose_text="折り返しの連絡" * 8)
    return found


def before(month: Month) -> Month:
    return Month.at(month.begins - timedelta(days=1))


def paths(record: UUID) -> list[str]:
    return [
        "/admin/audit/",
        "/admin/audit/?record=nonsense&since=yesterday&person=nobody-known",
        "/admin/audit/?action=group-personal&hours=outside&outcome=refused",
        f"/admin/audit/record/{ENTITY}/{record}/",
        ROOM,
        f"{ROOM}{last_month()}/",
        f"{ROOM}{last_month().next}/",
        "/admin/",
    ]


@AS_SEEN
def test_pages_are_accessible_and_fit(
    here: OpenOffice,
    context: BrowserContext,
    watch: Watch,
    record: UUID,
    *,
    width: int,
    language: str,
) -> None:
    page = here.enter(context, "auditor", language=language)
    page.set_viewport_size({"width": width, "height": 800})
    for path in paths(record):
        page.goto(here.address + path)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("script", [True, False])
def test_a_month_is_signed_off_by_keyboard(
    here: OpenOffice, browser: Browser, script: bool
) -> None:
    month = last_month() if script else before(last_month())
    context = browser.new_context(java_script_enabled=script, locale="ja-JP")
    page = here.enter(context, "auditor")
    age_proof_of(here.office, "auditor")
    page.goto(here.address + ROOM)
    page.get_by_role("link", name=month.text("ja"), exact=True).press("Enter")
    page.get_by_role("button", name="点検済みとする").press("Enter")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    page.get_by_label("所見").fill("月末の検証の前に点検した。\n拒否1件を確認済み。")
    page.locator("#proof").fill(PASSWORD)
    page.get_by_role("button", name="点検済みとする").press("Enter")
    expect(page.get_by_role("status")).to_have_text("点検の確認を記録しました。")
    expect(page.locator("main")).to_contain_text("拒否1件を確認済み。")
    assert kept(here.office, month) is not None
    context.close()
    here.office.sessions.pop("auditor")  # a proof brings a new session


def test_figures_lead_to_what_they_count(here: OpenOffice, context: BrowserContext) -> None:
    page = here.enter(context, "auditor", language="en")
    page.goto(f"{here.address}{ROOM}{last_month()}/")
    page.get_by_role("link", name="Refused: 1", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#outcome")).to_have_value("refused")
    expect(page.locator("#since")).to_have_value(last_month().days["since"])


@pytest.mark.parametrize("which", ["history", "inspection"])
def test_they_print_on_a4(
    here: OpenOffice, context: BrowserContext, record: UUID, which: str
) -> None:
    place, size = {
        "history": (f"/admin/audit/record/{ENTITY}/{record}/", A4_ACROSS),
        "inspection": (f"{ROOM}{last_month()}/", A4_UPRIGHT),
    }[which]
    verify(here.office)
    page = here.enter(context, "auditor")
    page.goto(here.address + place)
    paper = page.pdf(prefer_css_page_size=True)
    for box in set(re.findall(rb"/MediaBox ?\[([^\]]+)\]", paper)):
        assert tuple(round(float(one)) for one in box.split()[2:]) == size
    page.emulate_media(media="print")
    for part in (".office-header", ".back", "textarea"):
        assert not any(one.is_visible() for one in page.locator(part).all()), part
    margins = {"history": 20, "inspection": 24}[which]
    width = round((size[0] / 72 * 25.4 - margins) / 25.4 * 96)
    page.set_viewport_size({"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_text("印刷日")).to_be_visible()

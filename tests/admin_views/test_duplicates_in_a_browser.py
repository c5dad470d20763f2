"""Likely duplicates in Chromium: accessible, at 320 px, in both languages, with and without
script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from models.records.matching import candidates, grouping
from models.tables.base import utc_now
from tests.admin_views.office import ENTITY, Office, build_office
from tests.admin_views.open_office import OpenOffice
from tests.admin_views.open_office import opened as answering
from tests.support.browser import AS_SEEN, axe

RECORDS = f"/admin/t/{ENTITY}"
SAME = {
    "kobe_catchphrase": "こどもたちに、本の楽しさを届けたい",
    "kobe_organizationname": "みなと読み聞かせの会",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_office(tmp_path_factory.mktemp("duplicates"))
    office.apply(**SAME)
    office.apply(**SAME | {"kobe_catchphrase": "子供たちに本を！", "kobe_nickname": "はなこ"})
    office.apply(**SAME | {"kobe_email": "another@example.jp", "kobe_body": "土曜日に開きます。"})
    look(office)
    with answering(office) as running:
        yield running


def look(office: Office) -> None:
    for rule in office.engine.catalog.duplicate_rules.values():
        found = grouping.pairs(office.engine, rule)
        office.engine.run(
            lambda s, rule=rule, found=found: candidates.keep(s.unit, rule, found, on=utc_now())
        )


def fill(page: Page, opened: OpenOffice) -> None:
    page.goto(f"{opened.address}{RECORDS}/new/")
    page.fill("#kobe_nickname", "神戸 花子")
    page.fill("#kobe_email", "HANAKO.kobe@example.jp")
    page.fill("#kobe_phone", "0783318181")
    page.fill("#kobe_catchphrase", "こどもたちに 本の楽しさを届けたい！")
    page.select_option("#kobe_category", index=1)
    page.fill("#kobe_body", "電話で伺いました。")
    page.locator(".form-actions button").click()


@AS_SEEN
def test_pages_are_accessible_and_fit(
    opened: OpenOffice, context: BrowserContext, width: int, language: str
) -> None:
    page = opened.enter(context, "kobe_official", language=language)
    page.set_viewport_size({"width": width, "height": 800})
    asked = (
        lambda: fill(page, opened),
        lambda: page.goto(f"{opened.address}{RECORDS}/duplicates/"),
        lambda: page.locator(".pair a.btn-primary").first.click(),
    )
    for ask in asked:
        ask()
        page.wait_for_load_state("load")
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("script", [True, False])
def test_from_the_form_to_one_record(opened: OpenOffice, browser: Browser, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = opened.enter(context, "kobe_official", language="en")
    fill(page, opened)
    told = page.locator("#error-summary")
    assert "There are records like this one" in told.inner_text()
    assert "Same e-mail" in told.inner_text()
    assert page.input_value("#kobe_body") == "電話で伺いました。"
    page.get_by_role("button", name="Create all the same").click()
    assert "The record was created." in page.get_by_role("status").first.inner_text()
    look(opened.office)
    page.get_by_role("link", name="Back to").click()
    page.get_by_role("link", name="Likely duplicates").click()
    page.locator(".pair").first.wait_for()
    before = page.locator(".pair").count()
    page.locator(".pair").first.get_by_role("button", name="Not the same").click()
    expect(page.locator(".pair")).to_have_count(before - 1)
    page.locator(".pair").first.get_by_role("link", name="Compare and merge").click()
    page.locator("#master-second").check()
    page.get_by_role("button", name="Merge").click()
    assert "The records were merged." in page.get_by_role("status").first.inner_text()
    page.get_by_role("link", name="Back to").click()
    page.get_by_role("link", name="Likely duplicates").click()
    page.get_by_role("button", name="Look for them now").click()
    assert "likely duplicates" in page.get_by_role("status").first.inner_text().lower()
    context.close()

"""Business rules on the office's form, in Chromium: seen while one fills it in, held at saving."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.admin_views.open_office import OpenOffice
from tests.admin_views.test_duplicates_in_a_browser import opened
from tests.support.browser import axe

__all__ = ["opened"]
HEARING = "kobe_hearing"


def new_hearing(opened: OpenOffice, context: BrowserContext, language: str) -> Page:
    page = opened.enter(context, "kobe_operator", language=language)
    application = opened.office.apply(kobe_catchphrase=f"花を植える {language}")
    page.goto(f"{opened.address}/admin/t/{HEARING}/new/?kobe_application={application}")
    page.fill("[name=kobe_subject]", "初回の聞き取り")
    return page


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (1280, "ja")])
def test_a_hearing_is_whole(
    opened: OpenOffice, context: BrowserContext, width: int, language: str
) -> None:
    page = new_hearing(opened, context, language)
    page.set_viewport_size({"width": width, "height": 900})
    means = page.locator(".control", has=page.locator("[name=kobe_means]"))
    required = "必須" if language == "ja" else "Required"
    expect(means.get_by_text(required)).to_have_count(0)
    page.fill("[name=kobe_heardon]", "2026-04-01")
    expect(means.get_by_text(required)).to_have_count(1)
    assert axe(page) == []
    page.click("form.record-form button[type=submit]")
    expect(page.locator("#error-summary a")).to_have_count(2)
    expect(means.get_by_text(required)).to_have_count(1)
    assert axe(page) == []
    page.select_option("[name=kobe_means]", "1")
    page.fill("[name=kobe_details]", "毎週土曜日に活動したい。")
    page.click("form.record-form button[type=submit]")
    expect(page.locator("h1")).to_contain_text("初回の聞き取り")


def test_it_is_whole_later_too(opened: OpenOffice, context: BrowserContext) -> None:
    page = new_hearing(opened, context, "en")
    page.click("form.record-form button[type=submit]")
    page.goto(page.url.replace("/details/", "/edit/"))
    page.fill("[name=kobe_heardon]", "2026-04-01")
    page.click("form.record-form button[type=submit]")
    assert "By means of" in page.locator("#error-summary").inner_text()

"""The page of sharing in Chromium: accessible, in both languages, at 320 px, by keyboard, without
script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.admin_views.desk import sit_down
from tests.admin_views.office import build_office
from tests.admin_views.open_office import OpenOffice, opened
from tests.admin_views.test_sharing import owned_by, share
from tests.support.browser import AS_SEEN, axe


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    with opened(build_office(tmp_path_factory.mktemp("sharing"))) as running:
        yield running


def page_of(here: OpenOffice) -> str:
    """A record that is shared with somebody whose role allows none of it."""
    record = owned_by(here.office, "kobe_official")
    desk = sit_down(here.office, "kobe_official")
    assert share(desk, record, here.office.users["auditor"], "Read", "Write") == 302
    return f"{here.address}/admin/t/kobe_application/share/?id={record}"


@AS_SEEN
def test_the_page_is_accessible_and_fits(
    here: OpenOffice, context: BrowserContext, width: int, language: str
) -> None:
    page = here.enter(context, "kobe_official", language=language)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(page_of(here))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("button[value=grant]").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    assert axe(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_it_is_shared_by_keyboard_with_and_without_script(
    here: OpenOffice, browser: Browser, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="ja-JP")
    page = here.enter(context, "kobe_official")
    page.goto(page_of(here).replace("/share/", "/details/"))
    page.get_by_role("link", name="共有", exact=True).click()
    page.locator("#receiver").focus()
    page.locator("#receiver").select_option(label="全員")
    page.locator("#Read").focus()
    page.keyboard.press("Space")
    page.locator("button[value=grant]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("記録を共有しました。")
    expect(page.get_by_role("heading", name="全員")).to_be_visible()
    context.close()

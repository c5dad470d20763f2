"""Dashboards in Chromium: accessible, within its policy, at 320 px, without script, in print."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from admin_views.language import LOCAL_ZONE
from models.tables.base import utc_now
from tests.admin_views.charted import KINDS, STATE, build_charted, fill
from tests.admin_views.desk import sit_down
from tests.admin_views.office import Office
from tests.support.answering import answered
from tests.support.browser import axe

OpenOffice = tuple[Office, str]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_charted(tmp_path_factory.mktemp("charted"))
    fill(office, 40, today=utc_now().astimezone(LOCAL_ZONE))
    with answered(office.app) as address:
        yield office, address


def enter(opened: OpenOffice, context: BrowserContext) -> Page:
    office, address = opened
    sit_down(office, "kobe_official")
    cookie = {"name": "staff", "value": office.sessions["kobe_official"], "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    return context.new_page()


@pytest.mark.parametrize("width", [1280, 320])
def test_they_are_accessible_and_fit(
    opened: OpenOffice, context: BrowserContext, width: int
) -> None:
    page = enter(opened, context)
    page.set_viewport_size({"width": width, "height": 800})
    for name in (STATE, KINDS):
        for language in ("ja", "en"):
            page.goto(f"{opened[1]}/admin/dashboard/{name}/?lang={language}")
            assert axe(page) == [], (name, language)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_bars_are_as_long_as_their_numbers_without_script(
    opened: OpenOffice, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = enter(opened, context)
    page.goto(f"{opened[1]}/admin/dashboard/{STATE}/?lang=en")
    drawing = page.get_by_role("img", name="Applications by category")
    numbers = [int(text) for text in drawing.locator(".chart-value").all_text_contents()]
    shown = [one.bounding_box() for one in drawing.locator(".chart-part").all()]
    lengths = [box["width"] for box in shown if box]
    counted = [number for number in numbers if number]
    assert len(lengths) == len(counted) > 2
    for number, length in zip(counted, lengths, strict=True):
        assert length == pytest.approx(lengths[0] / counted[0] * number, abs=2)
    page.get_by_role("region", name="Table: Applications by status").get_by_role(
        "link"
    ).first.click()
    assert "statuscode=2" in page.url
    context.close()


def test_text_grows_with_the_readers_own_size(opened: OpenOffice, context: BrowserContext) -> None:
    page = enter(opened, context)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{opened[1]}/admin/dashboard/{STATE}/?lang=ja")
    word = page.locator(".chart-word").first
    before = word.bounding_box()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    after = word.bounding_box()
    assert before
    assert after
    assert after["height"] == pytest.approx(before["height"] * 2, rel=0.1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_in_print_the_whole_table_stands_beside(
    opened: OpenOffice, context: BrowserContext
) -> None:
    page = enter(opened, context)
    page.goto(f"{opened[1]}/admin/dashboard/{STATE}/?lang=en")
    page.emulate_media(media="print")
    assert not page.locator(".office-header").is_visible()
    assert page.locator(".chart-drawing").count() == 4
    region = page.locator(".chart-table-of-time").first
    assert region.evaluate("one => one.scrollHeight <= one.clientHeight + 2")

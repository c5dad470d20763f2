"""Browsers for everyone in a journey, all under one watchful eye."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.visitor import Enter, Visitor
from tests.support.browser import Watch

LOCALES = {"ja": "ja-JP", "en": "en-GB"}


@pytest.fixture
def enter(request: pytest.FixtureRequest, browser: Browser, watch: Watch) -> Iterator[Enter]:
    """Opens the service to one more person; no violation of policy passes unseen."""
    with ExitStack() as opened:

        def entering(
            *, language: str = "ja", width: int = 1280, script: bool = True, at: str = ""
        ) -> Visitor:
            address = at or request.getfixturevalue("service").base_url
            context = _context(browser, language, width=width, script=script)
            watch.over(context)
            opened.callback(_leave, context, watch, script=script)
            examiner = None
            if not script:
                other = _context(browser, language, width=width, script=True)
                opened.callback(other.close)
                examiner = other.new_page()
            return Visitor(context.new_page(), address, language, examiner)

        yield entering
    assert watch.problems == []


def _context(browser: Browser, language: str, *, width: int, script: bool) -> BrowserContext:
    return browser.new_context(
        locale=LOCALES[language],
        timezone_id="Asia/Tokyo",
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
    )


def _leave(context: BrowserContext, watch: Watch, *, script: bool) -> None:
    if script:
        watch.settle(context)
    context.close()

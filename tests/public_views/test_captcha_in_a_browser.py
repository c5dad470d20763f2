"""The CAPTCHA's two buttons in Chromium, where scripts run: nothing that was typed is lost, and
what does not work is said."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.public_views.citizens import FORM_PATH
from tests.public_views.intake import Intake
from tests.support.answering import answered
from tests.support.browser import axe

NICKNAME = "夜更けのヤマネコ"
LIFE = timedelta(hours=2, seconds=1)


@pytest.fixture(scope="module")
def address(intake: Intake) -> Iterator[str]:
    with answered(intake.app) as address:
        yield address


@pytest.fixture
def opened(address: str, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{address}{FORM_PATH}")
    page.fill("[name=kobe_nickname]", NICKNAME)
    return page


def test_the_code_is_heard_from_one_whole_sound(opened: Page) -> None:
    """Asked for once: a player that asks for pieces would be given pieces of two sounds."""
    sounds: list[str] = []
    opened.on("request", lambda one: sounds.append(one.url) if ".wav" in one.url else None)
    opened.click("#captcha-play")
    player = opened.locator("#captcha-player")
    expect(player).to_be_visible()
    assert str(player.get_attribute("src")).startswith("blob:")
    opened.wait_for_function("document.getElementById('captcha-player').duration > 3")
    opened.click("#captcha-play")
    assert len(sounds) == 1
    assert axe(opened) == []


def test_a_sound_that_is_not_to_be_had_is_said_so(opened: Page) -> None:
    opened.route("**/captcha.wav*", lambda route: route.fulfill(status=429))
    opened.click("#captcha-play")
    told = opened.locator("#captcha-told")
    expect(told).to_contain_text("これ以上再生できません")
    opened.unroute("**/captcha.wav*")
    opened.route("**/captcha.wav*", lambda route: route.abort())
    opened.click("#captcha-play")
    expect(told).to_contain_text("サーバーに接続できません")
    opened.click("#captcha-renew")
    expect(told).to_have_text("")
    expect(opened.locator("[name=kobe_nickname]")).to_have_value(NICKNAME)


def test_a_new_image_after_the_visit_is_over_keeps_what_was_typed(
    opened: Page, intake: Intake
) -> None:
    intake.let_time_pass(LIFE)
    opened.click("#captcha-renew")
    expect(opened.locator(".notice")).to_contain_text("有効期限")
    expect(opened.locator("[name=kobe_nickname]")).to_have_value(NICKNAME)

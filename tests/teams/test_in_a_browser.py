"""Teams' pages in Chromium: accessible, in both languages, at 320 px, by keyboard, without
script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.admin_views.desk import sit_down
from tests.admin_views.office import build_office
from tests.admin_views.open_office import OpenOffice, opened
from tests.support.browser import AS_SEEN, axe
from tests.teams.making import TEAMS, made, moved

LONG = "港湾地区における市民活動の応援に関する連絡調整のための作業班"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_office(tmp_path_factory.mktemp("teams"))
    desk = sit_down(office, "administrator")
    team = made(desk, name=LONG, roles=["kobe_official"], profiles=["kobe_official"])
    moved(desk, team, joining=["kobe_operator@example.jp", "kobe_official@example.jp"])
    made(desk, name="広報の共有", kind="access")
    with opened(office) as running:
        yield running


@AS_SEEN
def test_pages_are_accessible_and_fit(
    here: OpenOffice, context: BrowserContext, width: int, language: str
) -> None:
    page = here.enter(context, "administrator", language=language)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{here.address}{TEAMS}")
    team = str(page.get_by_role("link", name=LONG).get_attribute("href")).split("id=")[1]
    for path in ("", "new/", f"change/?id={team}", f"members/?id={team}"):
        page.goto(f"{here.address}{TEAMS}{path}")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"{here.address}{TEAMS}change/?id={team}")
    page.locator("#name").fill(" ")
    page.locator("form.record-form button[type=submit]").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    assert axe(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_a_team_is_made_by_keyboard_with_and_without_script(
    here: OpenOffice, browser: Browser, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="ja-JP")
    page = here.enter(context, "administrator")
    page.goto(f"{here.address}{TEAMS}")
    page.get_by_role("link", name="チームの作成").click()
    name = f"鍵盤で作った班 {script}"
    page.get_by_label("チームの名称").fill(name)
    page.get_by_label("監査人").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("チームを作成しました。")
    page.get_by_label("担当 kobe_operator").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("次の操作から適用されます。")
    expect(page.locator("tbody tr").filter(has_text=name)).to_contain_text("監査人")
    context.close()

"""Contractors' pages in Chromium: accessible, in both languages, at 320 px, without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.admin_views.contracted import end_contract
from tests.admin_views.desk import sit_down
from tests.admin_views.office import build_office
from tests.admin_views.open_office import OpenOffice, opened
from tests.contractors.contracts import OPTIONS, added, contract_named, day
from tests.support.browser import AS_SEEN, axe

LONG = "特定非営利活動法人みなとまち応援ネットワーク・運営事務局"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_office(tmp_path_factory.mktemp("contractors"))
    desk = sit_down(office, "administrator")
    added(desk, LONG, **{OPTIONS: ["927000000", "927000003", "927000006"]})
    added(desk, "もうすぐ終わる会社", ends_on=str(day(3)), networks="")
    with opened(office) as running:
        yield running


@AS_SEEN
def test_pages_are_accessible_and_fit(
    here: OpenOffice, context: BrowserContext, width: int, language: str
) -> None:
    page = here.enter(context, "administrator", language=language)
    page.set_viewport_size({"width": width, "height": 800})
    one = contract_named(here.office.engine, LONG).id
    for path in ("", "new/", f"change/?id={one}"):
        page.goto(f"{here.address}/admin/contractors/{path}")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.locator("#networks").fill("203.0.113.7/24\nthe office")
    page.locator("form.record-form button[type=submit]").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    assert axe(page) == []
    assert page.locator("#networks").input_value() == "203.0.113.7/24\nthe office"


@pytest.mark.parametrize("script", [True, False])
def test_a_contract_is_entered_by_keyboard_with_and_without_script(
    here: OpenOffice, browser: Browser, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="ja-JP")
    page = here.enter(context, "administrator")
    page.goto(f"{here.address}/admin/contractors/")
    page.get_by_role("link", name="委託事業者の登録").click()
    name = f"鍵盤で入れた会社 {script}"
    page.get_by_label("事業者の名称").fill(name)
    page.get_by_label("開始日").fill("2026-04-01")
    page.get_by_label("終了日").fill("2028-03-31")
    page.get_by_label("応援したいこと", exact=True).focus()
    page.keyboard.press("Space")
    # several entities have categories, and are called alike
    categories = page.locator("fieldset:has(> * #limit-kobe_application-kobe_category-some)").last
    categories.get_by_label("次で選択したもののみ").focus()
    page.keyboard.press("Space")
    categories.get_by_label("学生の応援").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("委託事業者を登録しました。")
    row = page.locator("tbody tr").filter(has_text=name)
    expect(row).to_contain_text("応援したいこと（学生の応援）")
    context.close()


def test_who_is_turned_away_reads_why(here: OpenOffice, context: BrowserContext) -> None:
    office = here.office
    one = added(sit_down(office, "administrator"), "終わる会社", networks="")
    administrator = sit_down(office, "administrator")
    page = here.enter(context, "kobe_operator")
    user = office.users["kobe_operator"]
    rights = {"roles": "kobe_operator", "business_unit": "運営事務局", "contractor": "終わる会社"}
    assert administrator.post("/admin/users/rights/", id=user, **rights).status_code == 302
    office.sessions.pop("kobe_operator")
    page = here.enter(context, "kobe_operator")
    page.goto(f"{here.address}/admin/")
    end_contract(office.engine.database, one)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 700})
        if width == 1280:
            page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("契約期間外のため利用できません")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

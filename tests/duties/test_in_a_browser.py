"""Pledge, training and settings in Chromium: accessible, in both languages, at 320 px, by
keyboard, with and without script."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from models.security.contracts import months_after, today
from tests.admin_views.office import ENTITY, build_office
from tests.admin_views.open_office import OpenOffice, opened
from tests.duties.owing import VERSION, owe_pledge, owe_training, pledge_of, settle
from tests.support.browser import AS_SEEN, axe

LIST = f"/admin/t/{ENTITY}/"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    office = build_office(tmp_path_factory.mktemp("duties"))
    office.apply()
    with opened(office) as running:
        yield running


@pytest.fixture(scope="module")
def record(here: OpenOffice) -> UUID:
    return here.office.apply()


@AS_SEEN
def test_pages_are_accessible_and_fit(
    here: OpenOffice, context: BrowserContext, record: UUID, width: int, language: str
) -> None:
    owe_training(here.office, "kobe_operator")
    owe_pledge(here.office, "kobe_official")
    pages = [
        ("administrator", "/admin/training/"),
        ("administrator", "/admin/organization/"),
        ("kobe_official", "/admin/pledge/"),
        ("kobe_official", LIST),
        ("kobe_operator", f"{LIST}details/?id={record}"),
        ("kobe_operator", "/admin/pledge/"),
    ]
    for role, path in pages:
        page = here.enter(context, role, language=language)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{here.address}{path}")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.close()
    for role in ("kobe_operator", "kobe_official"):
        settle(here.office, role)


@pytest.mark.parametrize("width", [1280, 320])
def test_what_is_wrong_is_accessible_too(
    here: OpenOffice, context: BrowserContext, width: int
) -> None:
    page = here.enter(context, "administrator")
    page.set_viewport_size({"width": width, "height": 800})
    for path, control in (("training", "#trained_on"), ("organization", "#dormant_days")):
        page.goto(f"{here.address}/admin/{path}/")
        page.locator(control).fill("2099-01-01" if path == "training" else "いつも")
        page.locator("main form button[type=submit]").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False])
def test_the_pledge_is_read_and_given_by_keyboard(
    here: OpenOffice, browser: Browser, script: bool
) -> None:
    here.office.sessions.pop("kobe_operator", None)
    owe_pledge(here.office, "kobe_operator")
    context = browser.new_context(java_script_enabled=script, locale="ja-JP")
    page = here.enter(context, "kobe_operator")
    page.goto(f"{here.address}{LIST}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("個人情報の取扱いに関する誓約書")
    expect(page.get_by_text("業務上知り得た個人情報を他人に漏らしません")).to_be_visible()
    page.get_by_role("link", name="あとで誓約する").click()
    expect(page.get_by_role("note")).to_contain_text(
        "誓約をしていないため、個人情報を表示できません"
    )
    expect(page.locator("tbody")).not_to_contain_text("•••")
    page.get_by_role("link", name="誓約書を確認して誓約する").click()
    page.get_by_role("button", name="誓約する").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("誓約を記録しました。")
    assert page.url.endswith(LIST)
    expect(page.locator("tbody")).to_contain_text("•••")
    assert pledge_of(here.office, "kobe_operator")[1] == VERSION
    context.close()


def test_training_is_entered_for_those_who_are_ticked(
    here: OpenOffice, context: BrowserContext
) -> None:
    owe_training(here.office, "kobe_operator")
    page = here.enter(context, "administrator")
    page.goto(f"{here.address}/admin/training/")
    row = page.locator("tbody tr").filter(has_text="kobe_operator")
    expect(row).to_contain_text("不可（研修）")
    row.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.get_by_label("受講日").fill(str(today()))
    page.get_by_label("研修名").fill("個人情報保護研修")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1件のアカウントに研修の受講を登録しました。")
    expect(row).to_contain_text(str(months_after(today(), 12)))
    settle(here.office, "kobe_operator")

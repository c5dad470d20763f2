"""The papers and the register of incidents in Chromium: accessible, in both languages, at 320 px,
on paper; an incident is entered and reported by keyboard.
"""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, build_office
from tests.admin_views.open_office import OpenOffice, opened
from tests.personal_data.incident_office import ROOM, ask, enter, known_now, read_by
from tests.support.browser import Watch, axe

A4_UPRIGHT, A4_ACROSS = (595, 842), (842, 595)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenOffice]:
    with opened(build_office(tmp_path_factory.mktemp("incidents"))) as running:
        yield running


@pytest.fixture(scope="module")
def incident(here: OpenOffice) -> UUID:
    read_by(here.office, "kobe_official", 2)
    manager = sit_down(here.office, "kobe_manager")
    found = enter(manager, known_on="2026-04-01T09:00")
    ask(manager, found, account=str(here.office.users["kobe_official"]))
    return found


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "ja")])
def test_pages_are_accessible_and_fit(
    here: OpenOffice,
    context: BrowserContext,
    watch: Watch,
    incident: UUID,
    *,
    width: int,
    language: str,
) -> None:
    page = here.enter(context, "kobe_manager", language=language)
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/admin/papers/",
        "/admin/papers/items/",
        "/admin/papers/files/",
        ROOM,
        f"{ROOM}new/",
        f"{ROOM}incident/?id={incident}",
        f"{ROOM}report/?id={incident}",
        f"{ROOM}notice/?id={incident}&about={ENTITY}",
    ):
        page.goto(here.address + path)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("script", [True, False])
def test_an_incident_is_entered_by_keyboard(
    here: OpenOffice, browser: Browser, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="ja-JP")
    page = here.enter(context, "kobe_official")
    page.goto(here.address + ROOM)
    page.get_by_role("link", name="漏えい等の登録").press("Enter")
    page.get_by_role("button", name="登録する").press("Enter")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(4)
    page.get_by_label("知った日時").fill(known_now())
    page.get_by_label("発生した事態").fill("名簿を紛失した。")
    page.get_by_label("本人の数が100人を超える").press("Space")
    page.get_by_label("確認中").press("Space")
    page.get_by_role("button", name="登録する").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("登録しました。")
    page.get_by_role("link", name="報告書").press("Enter")
    expect(page.get_by_label("1　概要")).to_have_value(re.compile("名簿を紛失した。"))
    page.get_by_label("4　原因").fill("施錠の確認漏れ")
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.get_by_role("status")).to_have_text("報告書を保存しました。")
    expect(page.get_by_label("4　原因")).to_have_value("施錠の確認漏れ")
    context.close()


@pytest.mark.parametrize(
    ("path", "size"),
    [("/admin/papers/items/", A4_ACROSS), (f"{ROOM}report/?id=", A4_UPRIGHT)],
)
def test_they_print_on_a4(
    here: OpenOffice,
    context: BrowserContext,
    incident: UUID,
    path: str,
    size: tuple[int, int],
) -> None:
    page = here.enter(context, "kobe_manager")
    page.goto(here.address + (f"{path}{incident}" if path.endswith("=") else path))
    paper = page.pdf(prefer_css_page_size=True)
    for box in set(re.findall(rb"/MediaBox ?\[([^\]]+)\]", paper)):
        assert tuple(round(float(one)) for one in box.split()[2:]) == size
    page.emulate_media(media="print")
    for part in (".office-header", ".back", "textarea", "select"):
        assert not any(one.is_visible() for one in page.locator(part).all()), part
    expect(page.locator(".paper-table").first).to_be_visible()

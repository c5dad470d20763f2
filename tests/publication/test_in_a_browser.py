"""Publication in Chromium: the world's pages and the check are accessible and fit, in both
languages; the whole way from a request to a withdrawal works with and without script."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from models.metadata.attribute_types import FileValue
from tests.admin_views.desk import sit_down
from tests.admin_views.office import PASSWORD, Office
from tests.publication.city import CHECK, LIST, OTHER, SCIENCE, VIEW, city
from tests.publication.stories import PROJECTS, STORIES, STORY, TO_CHECK, go_live, start, write
from tests.publication.town import approve, end_all, requested
from tests.support.answering import answered
from tests.support.browser import AS_SEEN, Watch, axe, prove
from tests.support.pictures import photo

LONG = (
    "とても長い活動の説明が入力された場合にも画面からはみ出さないことを確かめるための文章です。"
    * 8
)
UNBROKEN = "https://example.jp/" + "x" * 120


@dataclass
class OpenCity:
    office: Office
    address: str
    record: str

    def enter(self, context: BrowserContext, role: str = "", language: str = "ja") -> Page:
        cookies = {"lang": language}
        if role:
            sit_down(self.office, role)
            cookies["staff"] = self.office.sessions[role]
        context.add_cookies(
            [{"name": name, "value": one, "url": self.address} for name, one in cookies.items()]
        )
        return context.new_page()


@pytest.fixture(scope="module")
def open_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCity]:
    with city(tmp_path_factory.mktemp("open_city")) as office:
        for number in range(21):
            office.apply(statuscode=3, kobe_catchphrase=f"こども食堂を手伝いたい（第{number}回）")
        body = f"{LONG}\n連絡は078-331-8181へ {UNBROKEN}"
        record = office.apply(statuscode=3, kobe_body=body, kobe_category=OTHER)
        with answered(office.app) as address:
            yield OpenCity(office, address, str(record))


@pytest.fixture
def live(open_city: OpenCity) -> Iterator[OpenCity]:
    office = open_city.office
    asked = requested(office.engine, office.caller("kobe_official"), VIEW)
    approve(office.engine, asked, office.caller("kobe_manager"))
    yield open_city
    end_all(open_city.office.engine)


@AS_SEEN
def test_the_worlds_pages_are_accessible_and_fit(
    live: OpenCity, context: BrowserContext, width: int, language: str
) -> None:
    page = live.enter(context, language=language)
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/",
        LIST,
        f"{LIST}?category={SCIENCE}",
        f"{LIST}?category=927000001",
        f"{LIST}/{live.record}",
    ):
        page.goto(live.address + path)
        _is_well(page, language, width)


@AS_SEEN
def test_the_check_is_accessible_and_fits(
    live: OpenCity, context: BrowserContext, width: int, language: str
) -> None:
    page = live.enter(context, "kobe_manager", language)
    page.set_viewport_size({"width": width, "height": 800})
    record = f"{CHECK}preview/record/?id={live.record}"
    for path in ("/admin/publication/", CHECK, f"{CHECK}preview/", record):
        page.goto(live.address + path)
        _is_well(page, language, width)


@pytest.mark.parametrize(("language", "width"), [("ja", 1280), ("en", 320)])
def test_a_story_from_its_preview_to_the_web(
    open_city: OpenCity, context: BrowserContext, language: str, width: int
) -> None:
    office, address = open_city.office, open_city.address
    go_live(office, STORIES, PROJECTS)
    start(office)
    sent = FileValue("x.jpg", "image/jpeg", photo((900, 600)))
    story = {"kobe_body": f"{LONG}\n連絡は078-331-8181へ {UNBROKEN}", "kobe_photo": sent}
    record = write(office, status=TO_CHECK, **story, kobe_photoalt="絵本を読む様子")
    page = open_city.enter(context, "kobe_manager", language)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}/admin/t/{STORY}/details/?id={record}")
    _is_well(page, language, width)
    page.locator(f'.page-actions a[href*="/preview/?id={record}"]').click()
    _is_well(page, language, width)
    assert page.evaluate("document.querySelector('.published-picture img').naturalWidth") == 900
    page.goto(f"{address}/admin/t/{STORY}/details/?id={record}")
    page.locator("#statuscode").select_option("3")
    page.locator(".status-form button").click()
    page.locator("#error-summary").wait_for()
    _is_well(page, language, width)
    page.locator(".acts .btn-primary").click()
    page.locator("#statuscode").wait_for()
    for path in ("/", f"/public/{STORIES}", f"/public/{STORIES}/{record}", f"/public/{PROJECTS}"):
        page.goto(address + path)
        _is_well(page, language, width)
    page.goto(f"{address}/admin/t/{STORY}/new/")
    _is_well(page, language, width)


def _is_well(page: Page, language: str, width: int) -> None:
    assert page.locator("html").get_attribute("lang") == language
    assert axe(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("script", [True, False])
def test_from_the_request_to_the_withdrawal(
    open_city: OpenCity, browser: Browser, watch: Watch, script: bool
) -> None:
    end_all(open_city.office.engine)
    first, second, third = (browser.new_context(java_script_enabled=script) for _ in range(3))
    for one in (first, second, third):
        watch.over(one)
    official = open_city.enter(first, "kobe_official")
    manager = open_city.enter(second, "kobe_manager")
    citizen = open_city.enter(third)
    official.goto(f"{open_city.address}/admin/")
    official.get_by_role("link", name="公開", exact=True).first.click()
    official.get_by_role("link", name="応援の取組").click()
    official.get_by_role("heading", name="公開前チェック：応援の取組").wait_for()
    assert official.get_by_text("電話番号", exact=False).count()
    official.get_by_role("link", name="公開されるとおりのページを開く").click()
    official.get_by_role("link", name="次のページ").click()
    official.get_by_role("link", name="公開前チェックに戻る").click()
    prove(official, PASSWORD)
    official.get_by_role("button", name="公開を申請する").click()
    official.get_by_text("別の人の承認が必要です。").first.wait_for()
    assert official.get_by_role("button", name="公開を承認する").count() == 0
    assert citizen.goto(open_city.address + LIST).status == 404  # type: ignore[union-attr]
    manager.goto(open_city.address + CHECK)
    manager.get_by_role("button", name="申請を差し戻す").click()
    assert manager.locator("#reason").get_attribute("aria-invalid") == "true"
    assert not script or axe(manager) == []
    prove(manager, PASSWORD)
    manager.get_by_role("button", name="公開を承認する").click()
    manager.get_by_text("公開を承認しました。").wait_for()
    citizen.goto(open_city.address)
    citizen.get_by_role("link", name="応援の取組").click()
    citizen.get_by_role("link", name="次のページ").click()
    citizen.get_by_role("link", name="前のページ").click()
    citizen.get_by_role("link", name="こども食堂を手伝いたい").first.click()
    citizen.get_by_role("link", name="「応援の取組」の一覧へ戻る").click()
    manager.get_by_role("button", name="公開を取り下げる").click()
    manager.get_by_text("公開を取り下げました。").wait_for()
    assert citizen.reload().status == 404  # type: ignore[union-attr]
    for one in (first, second, third):
        one.close()

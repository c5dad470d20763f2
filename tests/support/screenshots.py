"""`make screenshots`: the README's pictures, taken anew from the service as it runs.

It walks the way of an application from the form to the audit log, on a service of its own with
sample applications in it.
"""

import io
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from models.security.contracts import today
from tests.journeys.staff import Account, code_of
from tests.support.browser import chromium
from tests.support.post_office import PostOffice
from tests.support.service import CAPTCHA_CODE, ROOT, Service, served

IMAGES = ROOT / "docs" / "images"
FORM = "/forms/kobe_application"
LIST = "/admin/t/kobe_application/"
WIDTH, TALLEST, COLOURS, LARGEST = 1120, 1600, 128, 200 * 1024
LINK = re.compile(r"http://\S+/confirm/\S+")
ANSWERS = {
    "kobe_organizationname": "六甲道えほんの会",
    "kobe_nickname": "神戸 花子",
    "kobe_email": "hanako.kobe@example.jp",
    "kobe_phone": "０７８－３３１－８１８１",
    "kobe_websiteurl": "https://ehon.example.jp/",
    "kobe_catchphrase": "子どもたちに、毎週土曜の読み聞かせを",
    "kobe_body": "六甲道の集会所で、小学生までのお子さんに絵本の読み聞かせをしています。\n"
    "会員は12名です。新しい絵本を30冊そろえ、毎週土曜日に続けたいと考えています。\n"
    "読み手として加わってくださる方、会場をお貸しいただける方を探しています。",
}
MISTAKES = {
    "kobe_email": "hanako@",
    "kobe_phone": "331-8181",
    "kobe_websiteurl": "ehon.example",
}


@dataclass
class Camera:
    """Takes pictures of pages, small enough to lie in a repository."""

    folder: Path
    taken: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str, *, tallest: int = TALLEST) -> None:
        """The whole page, as tall as the picture may be."""
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.evaluate("window.scrollTo(0, 0)")
        page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
        self._keep(picture.crop((0, 0, picture.width, min(picture.height, tallest))), name)

    def take_rest(self, page: Page, name: str, *, begin: str) -> None:
        """What follows on a long page, from the element `begin` on."""
        top = int(page.locator(begin).first.bounding_box()["y"]) - 24
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
        bottom = min(picture.height, top + TALLEST)
        self._keep(picture.crop((0, top, picture.width, bottom)), name)

    def _keep(self, picture: Image.Image, name: str) -> None:
        path = self.folder / f"{name}.png"
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size > LARGEST:
            raise AssertionError(f"{path.name} has {path.stat().st_size:,} bytes")
        self.taken.append(path.name)
        print(f"  {path.name:<28} {picture.width} × {picture.height}", flush=True)


def main() -> int:
    IMAGES.mkdir(parents=True, exist_ok=True)
    office = PostOffice()
    office.start()
    mail = {"UKETSUKE_MAIL_SERVER": "127.0.0.1", "UKETSUKE_MAIL_PORT": str(office.port)}
    try:
        with TemporaryDirectory() as folder, served(Path(folder), mail) as service:
            service.flask("demo", "seed", "--count", "40", "--seed", "2021").check_returncode()
            with chromium() as browser:
                _walk(browser, service, office, Camera(IMAGES))
    finally:
        office.stop()
    return 0


def _walk(browser: Browser, service: Service, office: PostOffice, camera: Camera) -> None:
    with _window(browser, service, language="en-GB", width=320) as page:
        page.goto(FORM)
        camera.take(page, "form_en_320")
    with _window(browser, service) as page:
        _apply(page, office, camera)
    with _signed_in(browser, service, "kobe_operator") as page:
        camera.take(page, "list_operator_masked_ja")
        page.locator("tbody tr").first.get_by_role("link").first.click()
        camera.take(page, "details_operator_ja")
        page.goto(f"{LIST}board/")
        camera.take(page, "board_ja", tallest=1000)
        page.goto("/admin/dashboard/kobe_support_state/")
        camera.take(page, "dashboard_ja")
    with _signed_in(browser, service, "kobe_official") as page:
        _state_purpose(page, camera)
        camera.take(page, "list_official_ja")
        _ask(page, camera)
        with _signed_in(browser, service, "kobe_manager", at=page.url) as manager:
            camera.take(manager, "extract_approve_ja")
            manager.locator("form[action$='/approve/'] button").click()
        _fetch(page)
    with _signed_in(browser, service, "auditor", at="/admin/audit/") as page:
        camera.take(page, "audit_ja")
        page.goto("/admin/ledger/")
        camera.take(page, "ledger_ja")
        page.goto("/admin/audit/inspections/")
        camera.take(page, "inspections_ja")
    with _signed_in(browser, service, "administrator", at="/admin/jobs/") as page:
        camera.take(page, "jobs_ja")


def _state_purpose(page: Page, camera: Camera) -> None:
    strip = page.locator(".purpose-strip")
    strip.locator("summary").click()
    strip.locator("select").select_option(index=1)
    camera.take(page, "purpose_ja", tallest=800)
    strip.locator("form button").click()
    page.goto(LIST)


def _apply(page: Page, office: PostOffice, camera: Camera) -> None:
    """As a citizen, with a mistake or three on the way."""
    page.goto(FORM)
    camera.take(page, "form_ja")
    camera.take_rest(page, "form_ja_2", begin="form h2 >> nth=1")
    for name, text in (ANSWERS | MISTAKES).items():
        page.locator(f"[name={name}]").fill(text)
    time.sleep(4)  # nobody fills in a form faster
    page.locator("button.button[type=submit]").click()
    camera.take(page, "form_errors_ja")
    for name, text in ANSWERS.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=kobe_category]").select_option(label="子どもの応援")
    page.locator("[name=privacy_confirmed]").check()
    page.locator("[name=captcha]").fill(CAPTCHA_CODE)
    page.locator("button.button[type=submit]").click()
    page.wait_for_url("**/check")
    camera.take(page, "check_ja", tallest=2000)
    page.locator("button.button[type=submit]").click()
    page.wait_for_url("**/sent")
    camera.take(page, "sent_ja")
    found = LINK.search(office.wait_for(lambda mail: "登録完了手続き" in mail.subject).text)
    assert found is not None
    page.goto(found.group())
    page.locator("button.button[type=submit]").click()
    camera.take(page, "received_ja")


def _ask(page: Page, camera: Camera) -> None:
    """An official asks for addresses, and waits for the manager on the extract's own page."""
    page.goto("/admin/export/?view=kobe_application_received")
    page.locator("[name=purpose]").fill("応募者への説明会（12月5日）の案内の送付")
    page.locator("[name=recipient]").fill("企画調整局つなぐラボ　担当 職員 太郎")
    page.locator("[name=keep_until]").fill((today() + timedelta(days=14)).isoformat())
    camera.take(page, "export_ja")
    page.locator("#export-form button[type=submit]").click()
    page.locator("form[action$='/request/'] button").click()
    page.wait_for_url("**/admin/extracts/**")


def _fetch(page: Page) -> None:
    """As soon as a worker has built it."""
    download = page.locator("form[action$='/download/'] button")
    for _ in range(120):
        page.reload()
        if download.count():
            break
        page.wait_for_timeout(500)
    with page.expect_download() as downloaded:
        download.click()
    downloaded.value.path()  # which waits for its end


@contextmanager
def _window(
    browser: Browser, service: Service, *, language: str = "ja-JP", width: int = WIDTH
) -> Iterator[Page]:
    context = browser.new_context(
        base_url=service.base_url,
        locale=language,
        timezone_id="Asia/Tokyo",
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def _signed_in(browser: Browser, service: Service, role: str, *, at: str = LIST) -> Iterator[Page]:
    account = Account.printed(service, role)
    with _window(browser, service, width=1280) as page:
        page.goto("/login")
        page.locator("[name=email]").fill(account.email)
        page.locator("[name=password]").fill(account.password)
        page.locator("main button[type=submit]").click()
        if account.secret:
            page.locator("[name=code]").fill(code_of(account.secret, at=time.time()))
            page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/admin/**")
        page.goto(at)
        yield page


if __name__ == "__main__":
    sys.exit(main())

"""The pages of office work in Chromium: accessible, within their policy, at 320 px and wide, in
both languages; and a queue worked off by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update

from models.security.contracts import today
from models.tables.base import utc_now
from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, Office, build_office
from tests.enquiries.asking import INCOMING, MAIL, TASK, ask, give, tell
from tests.enquiries.contracting import contract, month
from tests.support.answering import answered
from tests.support.browser import axe


@dataclass(frozen=True)
class Opened:
    office: Office
    address: str
    record: UUID
    contractor: UUID

    def enter(self, context: BrowserContext, role: str) -> Page:
        sit_down(self.office, role)
        value = self.office.sessions[role]
        cookie = {"name": "staff", "value": value, "url": self.address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return context.new_page()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    office = build_office(tmp_path_factory.mktemp("browsed"))
    contractor = contract(office)
    record = fill(office)
    with answered(office.app) as address:
        yield Opened(office, address, record, contractor)


def fill(office: Office) -> UUID:
    """Some of each; the record whose page is looked at."""
    for hours in (1, 30, 100):
        ask(office, hours_ago=hours, kobe_enquirykind=1 + hours % 6)
    record = ask(office, hours_ago=27, kobe_enquirykind=5)
    give(office, record, office.users["kobe_operator"])
    tell(office, record, subject="折り返しの電話", description="不在のため、改めて電話します。")
    answer = {
        "kind": MAIL,
        "direction": INCOMING,
        "status": 1,
        "subject": "Re: お問い合わせへの回答",
    }
    official = office.caller("kobe_official")
    tell(
        office,
        record,
        official,
        **answer,
        sender="hanako.kobe@example.jp",
        description="木曜日でお願いします。",
    )
    tell(
        office,
        record,
        kind=TASK,
        direction=None,
        status=1,
        subject="資料を送る",
        dueon=today() - timedelta(days=2),
    )
    late = office.apply()
    table = office.engine.catalog.tables.entities[ENTITY]
    since = update(table).where(table.c.id == late)
    since = since.values(kobe_stagesince=utc_now() - timedelta(days=5))
    office.engine.database.run(lambda t: t.write(since))
    office.apply()
    return record


def pages(opened: Opened) -> list[tuple[str, str]]:
    """Role and address."""
    return [
        ("kobe_operator", f"t/kobe_enquiry/details/?id={opened.record}"),
        ("kobe_operator", "queue/"),
        ("kobe_operator", f"t/{ENTITY}/board/"),
        ("kobe_official", "dashboard/kobe_enquiry_state/"),
        ("auditor", "report/"),
        ("auditor", f"report/{opened.contractor}/{month()}/"),
    ]


@pytest.mark.parametrize(("language", "width"), [("ja", 320), ("en", 1280)])
def test_they_are_accessible_and_fit(
    opened: Opened, context: BrowserContext, language: str, width: int
) -> None:
    for role, address in pages(opened):
        page = opened.enter(context, role)
        page.set_viewport_size({"width": width, "height": 800})
        joined = "&" if "?" in address else "?"
        page.goto(f"{opened.address}/admin/{address}{joined}lang={language}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.close()


def test_a_queue_is_worked_off_by_hand(opened: Opened, context: BrowserContext) -> None:
    page = opened.enter(context, "kobe_operator")
    page.goto(f"{opened.address}/admin/queue/?lang=ja")
    before = page.get_by_role("button", name="担当する").count()
    page.get_by_role("button", name="次の1件を担当する").click()
    page.get_by_text("担当になりました。").wait_for()
    page.get_by_role("link", name="受付箱", exact=True).click()
    page.wait_for_url("**/admin/queue/")
    assert page.get_by_role("button", name="担当する").count() == before - 1
    page.get_by_role("button", name="受付箱に戻す").first.click()
    page.get_by_text("チームの受付箱に戻しました。").wait_for()
    assert page.get_by_role("button", name="担当する").count() == before

"""Somebody has just cloned the project and says “make run”: nothing else is needed to see it work.

The mail is read in the inbox's own page; a second start knows what the first one did.
"""

import re
import time
from pathlib import Path

import pytest

from tests.journeys.citizen import Citizen
from tests.journeys.staff import Account, Staff
from tests.journeys.visitor import Enter, Visitor
from tests.support.service import served

pytestmark = pytest.mark.slow
INBOX = "受信箱（開発用）"
INBOX_ADDRESS = re.compile(r"mail inbox +(http://\S+)")
ANSWERS = {
    "kobe_nickname": "長田の大工",
    "kobe_email": "daiku.nagata@example.jp",
    "kobe_phone": "078-331-8184",
    "kobe_catchphrase": "商店街のベンチを直します",
    "kobe_category": "地域の応援",
    "kobe_body": "木の端材を使って、こわれたベンチを直します。",
}


def test_a_first_start_needs_nothing_else(enter: Enter, tmp_path: Path) -> None:
    with served(tmp_path) as first:
        citizen = Citizen(enter(at=first.base_url))
        citizen.apply(ANSWERS)
        [inbox] = INBOX_ADDRESS.findall(first.output)
        opens_mail(citizen.visitor, inbox, "登録完了手続きのお願い")
        citizen.visitor.page.get_by_role("link", name="confirm").click()
        number = citizen.completes()
        opens_mail(citizen.visitor, inbox, f"受付完了のお知らせ（{number}）")
        account = Account.printed(first, "kobe_operator")
        assert first.stop() == 0
    with served(tmp_path) as second:
        assert Account.printed(second, "kobe_operator") == account
        operator = Staff(enter(at=second.base_url))
        operator.sign_in(account)
        operator.open("応援したいこと")
        assert (
            operator.cell(number, "キャッチフレーズ").inner_text() == ANSWERS["kobe_catchphrase"]
        )


def opens_mail(visitor: Visitor, inbox: str, subject: str) -> None:
    """Look into the inbox until the mail is there, and open it."""
    link = visitor.page.get_by_role("link", name=subject)
    deadline = time.monotonic() + 20
    visitor.page.goto(inbox)
    while not link.count() and time.monotonic() < deadline:
        time.sleep(0.2)
        visitor.page.reload()
    visitor.arrive(INBOX)
    title = link.inner_text()
    link.click()
    visitor.arrive(title)

"""Requests as officials enter them."""

from uuid import UUID

from models.security.contracts import today
from tests.admin_views.desk import Desk

PAGE = "/admin/disclosure/"
MAIL, PHONE = "seikyu.hito@example.jp", "090-7777-1234"
SECOND = "second_official"


def entered(official: Desk, *, email: str, phone: str = "", **given: str) -> UUID:
    stated = {
        "kind": "disclosure",
        "received_on": str(today()),
        "name": "請求 花子",
        "asked": "わたしの情報をすべて開示してください。",
    }
    sent = official.post(f"{PAGE}new/", email=email, phone=phone, **(stated | given))
    assert sent.status_code == 303
    return UUID(sent.headers["Location"].rpartition("=")[2])

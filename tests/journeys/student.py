"""What a student does: finds the other office's form on a telephone, registers, follows it."""

import re

from playwright.sync_api import expect

from tests.journeys.citizen import Citizen, mail_to
from tests.journeys.visitor import Visitor
from tests.support.post_office import PostOffice
from tests.support.service import CAPTCHA_CODE

FORM, TITLE = "/forms/vol_volunteer", "学校支援学生ボランティアの登録"
CONSENT = "privacy_confirmed"
STATUS = re.compile(r"http://\S+/status/\S+")
OWN = "申込状況"
TEXTS = {
    "vol_fullname": "須磨 なぎさ",
    "vol_email": "nagisa.suma@example.jp",
    "vol_phone": "090-8765-4321",
    "vol_school": "須磨海浜大学 教育学部",
}
PERSONAL = tuple(TEXTS.values())[:3]
CHOSEN = {
    "vol_subjects": ["授業の補助", "放課後の学習"],
    "vol_days": ["水曜日"],
    "vol_areas": ["長田区", "須磨区"],
}
MISSING = {
    "vol_guardian": "保護者の同意を得ていますを選択してください。",
    "vol_subjects": "協力できることを選択してください。",
    "vol_days": "活動できる曜日を選択してください。",
    "vol_areas": "活動できる区を選択してください。",
}


def registers(citizen: Citizen, post_office: PostOffice) -> str:
    """From the first page to the second mail; the registration number."""
    visitor = citizen.visitor
    visitor.go("/")
    citizen.arrive("home")
    visitor.page.locator(f"a[href='{FORM}']").click()
    visitor.arrive(TITLE)
    forgets_what_is_ticked(visitor)
    visitor.control("vol_kind").select_option(label="大学・大学院")
    expect(visitor.control("vol_guardian")).to_have_count(0)  # it is asked of nobody else
    for name, labels in CHOSEN.items():
        for label in labels:
            box = visitor.page.get_by_role("checkbox", name=label, exact=True)
            assert box.get_attribute("name") == name
            box.check()
    citizen.press("check")
    citizen.arrive("check")
    citizen.finds_answers(TEXTS | {"vol_areas": "長田区、須磨区"})
    citizen.press("send")
    citizen.arrive("sent")
    citizen.open_mail(post_office, TEXTS["vol_email"])
    return citizen.completes()


def forgets_what_is_ticked(visitor: Visitor) -> None:
    """As a high school student without consent; the summary leads to the first box of each."""
    for name, text in TEXTS.items():
        visitor.control(name).fill(text)
    visitor.control("vol_kind").select_option(label="高等学校")
    expect(visitor.control("vol_guardian")).to_be_visible()
    visitor.control(CONSENT).check()
    visitor.control("captcha").fill(CAPTCHA_CODE)
    visitor.page.wait_for_timeout(3200)  # nobody reads it sooner
    visitor.press("入力内容を確認する")
    visitor.arrive(TITLE)
    links = visitor.page.get_by_role("alert").get_by_role("link")
    expect(links).to_have_text([*MISSING.values()])
    links.nth(2).click()
    expect(visitor.page.get_by_role("checkbox", name="月曜日")).to_be_focused()


def follows(visitor: Visitor, post_office: PostOffice, *, state: str, number: str) -> None:
    """By the link of the second mail: in words for students, never the office's."""
    mail = mail_to(post_office, TEXTS["vol_email"], word="/status/")
    assert number in mail.text
    [link] = STATUS.findall(mail.text)
    visitor.page.goto(link)
    visitor.arrive(OWN)
    visitor.press("表示する")
    visitor.arrive(OWN)
    expect(visitor.page.locator(".own-label")).to_have_text(state)
    visitor.page.wait_for_load_state("load")
    assert "面談前" not in visitor.page.content()

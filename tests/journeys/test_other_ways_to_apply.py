"""Nobody is left out: the same application in English on a small telephone, without script, and
with the keyboard alone; each is complete, with its receipt number and mails.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.citizen import CAPTCHA, CONSENT, Citizen, mail_to
from tests.journeys.keyboard import Keyboard
from tests.journeys.visitor import Enter
from tests.support.post_office import PostOffice
from tests.support.service import CAPTCHA_CODE

pytestmark = pytest.mark.slow
IN_ENGLISH = {
    "kobe_organizationname": "Harbour Walkers",
    "kobe_nickname": "Maria",
    "kobe_email": "maria.harbour@example.jp",
    "kobe_phone": "+81 78 331 8182",
    "kobe_catchphrase": "Guided walks along the harbour for newcomers",
    "kobe_category": "Support for foreign residents",
    "kobe_body": "Every second Sunday.\nWe explain signs, shops and the lines to call in need.",
}
WITHOUT_SCRIPT = {
    "kobe_nickname": "さくら食堂",
    "kobe_email": "sakura..shokudo.@docomo.ne.jp",
    "kobe_phone": "090ー1234ー5678",
    "kobe_catchphrase": "こども食堂に、旬の野菜をとどけたい",
    "kobe_category": "飲食店の応援",
    "kobe_body": "畑で採れた野菜を、毎月第２水曜日におとどけします。",
}
BY_KEYBOARD = {
    "kobe_nickname": "垂水の釣り好き",
    "kobe_email": "tarumi.tsuri@example.jp",
    "kobe_phone": "078-331-8183",
    "kobe_catchphrase": "海辺の清掃と、はじめての釣り教室",
    "kobe_body": "道具はこちらで用意します。",
}


def test_in_english_on_a_small_telephone(enter: Enter, post_office: PostOffice) -> None:
    citizen = Citizen(enter(language="en", width=320))
    citizen.find_form()
    citizen.fill_in(IN_ENGLISH | {"kobe_email": "maria at harbour"})
    switches_language_and_back(citizen)
    citizen.read_it()
    citizen.press("check")
    citizen.arrive("form")
    citizen.finds_problems(
        {
            "kobe_email": "Enter E-mail in the form name@example.jp.",
            CONSENT: "Tick “I have read Kobe City's privacy policy”.",
            CAPTCHA: "Enter the code shown in the image.",
        }
    )
    citizen.fill_in(IN_ENGLISH)
    citizen.consent_and_pass()
    citizen.press("check")
    citizen.arrive("check")
    citizen.finds_answers(IN_ENGLISH | {"kobe_phone": "078-331-8182"})
    citizen.press("send")
    citizen.arrive("sent")
    citizen.open_mail(post_office, IN_ENGLISH["kobe_email"])
    number = citizen.completes()
    second = mail_to(post_office, IN_ENGLISH["kobe_email"], word=number)
    assert "Receipt number" in second.text


def switches_language_and_back(citizen: Citizen) -> None:
    """What was typed so far goes along."""
    for button, language in (("日本語", "ja"), ("English", "en")):
        citizen.visitor.press(button)
        citizen.visitor.language = language
        citizen.arrive("form")
        expect(citizen.visitor.control("kobe_body")).to_have_value(IN_ENGLISH["kobe_body"])


def test_without_script(enter: Enter, post_office: PostOffice) -> None:
    citizen = Citizen(enter(script=False))
    citizen.open_form()
    citizen.read_it()
    citizen.press("check")
    citizen.arrive("form")
    citizen.fill_in(WITHOUT_SCRIPT)
    renews_and_listens_without_script(citizen)
    citizen.finds_entered(WITHOUT_SCRIPT)
    citizen.consent_and_pass()
    citizen.press("check")
    citizen.arrive("check")
    citizen.change("kobe_phone")
    citizen.arrive("form")
    citizen.finds_entered(WITHOUT_SCRIPT)
    citizen.press("check")
    citizen.finds_answers(WITHOUT_SCRIPT | {"kobe_phone": "090-1234-5678"})
    citizen.press("send")
    citizen.arrive("sent")
    citizen.open_mail(post_office, WITHOUT_SCRIPT["kobe_email"])
    number = citizen.completes()
    assert number in mail_to(post_office, WITHOUT_SCRIPT["kobe_email"], word=number).text


def renews_and_listens_without_script(citizen: Citizen) -> None:
    image = citizen.visitor.page.locator("#captcha-image")
    before = image.get_attribute("src")
    citizen.visitor.press("新しいイメージの生成")
    citizen.arrive("form")
    expect(image).not_to_have_attribute("src", str(before))
    citizen.finds_entered(WITHOUT_SCRIPT)
    play = citizen.visitor.page.get_by_role("link", name="オーディオコードの再生", exact=True)
    expect(citizen.visitor.page.get_by_text("新しいウィンドウで開きます")).to_have_count(2)
    with citizen.visitor.page.context.expect_page() as opened:
        play.click()
    expect(opened.value.locator("video")).to_be_visible()  # Chromium's own player
    opened.value.close()
    citizen.finds_entered(WITHOUT_SCRIPT)


def test_by_keyboard_alone(enter: Enter, post_office: PostOffice) -> None:
    citizen = Citizen(enter())
    visitor, keyboard = citizen.visitor, Keyboard(citizen.visitor.page)
    citizen.open_form()
    keyboard.tab_to(visitor.page.get_by_role("link", name="本文へ移動"))
    keyboard.press("Enter")
    expect(visitor.page.locator("#main")).to_be_focused()
    for name, text in BY_KEYBOARD.items():
        if name == "kobe_body":
            keyboard.tab_to(visitor.control("kobe_category"))
            keyboard.press("ArrowDown", "ArrowDown")
        keyboard.write(visitor.control(name), text)
    keyboard.write(visitor.control(CAPTCHA), "000000")
    citizen.read_it()
    keyboard.press("Enter")  # as from any line of a form
    corrects_by_keyboard(citizen, keyboard)
    citizen.arrive("check")
    citizen.finds_answers(BY_KEYBOARD | {"kobe_category": "高齢者の応援"})
    keyboard.tab_to(visitor.page.get_by_role("button", name="この内容で送信する"))
    keyboard.press("Enter")
    citizen.arrive("sent")
    citizen.open_mail(post_office, BY_KEYBOARD["kobe_email"])
    assert citizen.completes()


def corrects_by_keyboard(citizen: Citizen, keyboard: Keyboard) -> None:
    """The summary has the focus, and its links lead to the controls."""
    citizen.arrive("form")
    summary = citizen.visitor.page.get_by_role("alert")
    expect(summary).to_be_focused()
    keyboard.tab_to(summary.get_by_role("link").first)
    keyboard.press("Enter")
    expect(citizen.visitor.control(CONSENT)).to_be_focused()
    keyboard.press("Space")
    keyboard.write(citizen.visitor.control(CAPTCHA), CAPTCHA_CODE)
    keyboard.tab_to(citizen.visitor.page.get_by_role("button", name="入力内容を確認する"))
    keyboard.press("Enter")

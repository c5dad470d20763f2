"""The main job, end to end: a citizen applies, the office reads, an official takes a file away
with the manager's approval. In Japanese; test_other_ways_to_apply walks it in English.

Everything is real: browser, server, worker, mail. Each page anybody comes to is examined for
accessibility, width, language, and what the content security policy forbids.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.citizen import (
    CAPTCHA,
    CONSENT,
    Citizen,
    link_in,
    mail_to,
    open_as_scanners_do,
    status_of,
)
from tests.journeys.extraction_steps import (
    manager_approves,
    official_asks,
    official_fetches,
)
from tests.journeys.office_steps import (
    Registered,
    administrator_manages,
    auditor_inspects,
    operator_reveals,
)
from tests.journeys.visitor import Enter
from tests.support.post_office import PostOffice
from tests.support.service import Service

pytestmark = pytest.mark.slow
UNCONFIRMED, RECEIVED = 1, 2
MISTAKES = {
    "kobe_organizationname": "ひまわり読み聞かせの会",
    "kobe_email": "hanako.example.jp",
    "kobe_phone": "12345",
    "kobe_websiteurl": "javascript:alert(1)",
    "kobe_catchphrase": "絵本の読み聞かせで、子どもたちに笑顔を",
    "kobe_category": "子どもの応援",
}
APPLICATION = MISTAKES | {
    "kobe_nickname": "ひまわりの会　髙田",
    "kobe_email": "hanako.himawari@example.jp",
    "kobe_phone": "０７８－３３１－８１８１",
    "kobe_websiteurl": "https://himawari.example.jp/",
    "kobe_twitteraccount": "@himawari_kobe",
    "kobe_body": "毎週土曜日に、図書館で絵本を読んでいます。\n𠮷田さんの「紙芝居」も人気です。📚",
}
SHOWN = APPLICATION | {"kobe_phone": "078-331-8181"}


def test_a_citizen_applies_and_the_office_answers(
    enter: Enter, service: Service, post_office: PostOffice
) -> None:
    citizen = Citizen(enter())
    number = applies(citizen, service, post_office)
    application = Registered(number, SHOWN)
    details = operator_reveals(enter(), service, application)
    official = official_asks(enter(), service, application)
    manager_approves(enter(), service, application)
    official_fetches(official, application)
    auditor_inspects(enter(), service, application, details=details)
    administrator_manages(enter(), service, application, details=details)


def applies(citizen: Citizen, service: Service, post_office: PostOffice) -> str:
    """From the empty form to the second mail; the receipt number in both."""
    citizen.open_form()
    reads_the_purpose_first(citizen)
    makes_mistakes(citizen)
    mistypes_the_code(citizen)
    renews_the_image_and_listens(citizen)
    checks_and_changes(citizen)
    sends_once(citizen)
    number = confirms(citizen, service, post_office)
    email = SHOWN["kobe_email"]
    assert number in mail_to(post_office, email, word="受付番号").text
    assert [mail.recipients for mail in post_office.mails].count((email,)) == 2
    assert not [page for page in citizen.visitor.seen if email in page.split("\n")[0]]
    return number


def reads_the_purpose_first(citizen: Citizen) -> None:
    """What the data is for stands above the first personal item (個人情報保護法 62条)."""
    purpose = citizen.visitor.page.get_by_role("region", name="個人情報の利用目的").bounding_box()
    first_personal = citizen.visitor.control("kobe_email").bounding_box()
    assert purpose is not None
    assert first_personal is not None
    assert purpose["y"] + purpose["height"] <= first_personal["y"]


def makes_mistakes(citizen: Citizen) -> None:
    """Each is said in the summary and at its control, and nothing entered is lost."""
    citizen.fill_in(MISTAKES)
    citizen.read_it()
    citizen.press("check")
    citizen.arrive("form")
    assert citizen.visitor.page.title().startswith("エラー:")
    citizen.finds_problems(
        {
            "kobe_nickname": "連絡用ニックネームを入力してください。",
            "kobe_email": "Eメールは「name@example.jp」のような形で入力してください。",
            "kobe_phone": "電話番号は「078-331-8181」のように、市外局番から入力してください。",
            "kobe_websiteurl": "WebサイトURLは「https://」または「http://」で始まる形で入力してください。",
            "kobe_body": "応援内容を入力してください。",
            CONSENT: "「神戸市個人情報保護方針を確認しました」にチェックを入れてください。",
            CAPTCHA: "イメージのコードを入力してください。",
        }
    )
    citizen.finds_entered(MISTAKES)


def mistypes_the_code(citizen: Citizen) -> None:
    citizen.fill_in(APPLICATION)
    citizen.consent_and_pass()
    citizen.fill_in({CAPTCHA: "000000"})
    citizen.press("check")
    citizen.arrive("form")
    wrong = "イメージのコードが正しくありません。表示されている数字をもう一度入力してください。"
    citizen.finds_problems({CAPTCHA: wrong})
    citizen.finds_entered(APPLICATION | {CAPTCHA: ""})
    expect(citizen.visitor.control(CONSENT)).to_be_checked()


def renews_the_image_and_listens(citizen: Citizen) -> None:
    visitor, image = citizen.visitor, citizen.visitor.page.locator("#captcha-image")
    before = image.get_attribute("src")
    renew = visitor.page.get_by_role("button", name="新しいイメージの生成", exact=True)
    picture = visitor.answer_to(renew.click, path="captcha.png")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
    assert image.get_attribute("src") != before
    play = visitor.page.get_by_role("link", name="オーディオコードの再生", exact=True)
    sound = visitor.answer_to(play.click, path="captcha.wav")
    assert sound.headers["content-type"] == "audio/wav"
    expect(visitor.page.locator("audio")).not_to_have_js_property("currentTime", 0)  # it plays
    citizen.arrive("form")
    citizen.finds_entered(APPLICATION)


def checks_and_changes(citizen: Citizen) -> None:
    """Going back loses nothing, and the CAPTCHA is not asked for twice."""
    citizen.consent_and_pass()
    citizen.press("check")
    citizen.arrive("check")
    citizen.finds_answers(SHOWN | {"kobe_facebookurl": "入力なし"})
    citizen.change("kobe_facebookurl")
    citizen.arrive("form")
    citizen.finds_entered(APPLICATION)
    expect(citizen.visitor.control(CONSENT)).to_be_checked()
    expect(citizen.visitor.control(CAPTCHA)).to_have_count(0)
    facebook = {"kobe_facebookurl": "https://www.facebook.com/himawari.example"}
    citizen.fill_in(facebook)
    citizen.press("check")
    citizen.arrive("check")
    citizen.finds_answers(SHOWN | facebook)
    citizen.visitor.follow("入力画面へ戻る")
    citizen.finds_entered(APPLICATION | facebook)
    citizen.press("check")
    citizen.arrive("check")


def sends_once(citizen: Citizen) -> None:
    """An impatient double click, then a look back: still one application; another one is empty."""
    citizen.visitor.page.get_by_role("button", name="この内容で送信する").dblclick()
    citizen.arrive("sent")
    citizen.visitor.page.go_back()
    citizen.arrive("sent")
    citizen.visitor.follow("入力画面から再度手続きする")
    citizen.arrive("form")
    citizen.finds_entered(dict.fromkeys(APPLICATION, "") | {"kobe_category": "選択してください"})


def confirms(citizen: Citizen, service: Service, post_office: PostOffice) -> str:
    """Looking at the link changes nothing; its button works, once; the receipt number."""
    email, headed = SHOWN["kobe_email"], SHOWN["kobe_catchphrase"]
    link = link_in(mail_to(post_office, email))
    assert link.startswith(service.base_url)
    open_as_scanners_do(link)
    assert status_of(service, headed) == UNCONFIRMED
    citizen.visitor.page.goto(link)
    number = citizen.completes()
    assert status_of(service, headed) == RECEIVED
    citizen.visitor.page.goto(link)
    citizen.arrive("used")
    expect(citizen.visitor.page.get_by_text("すでに使用されており")).to_be_visible()
    citizen.visitor.follow("入力画面からやり直す")
    citizen.arrive("form")
    return number

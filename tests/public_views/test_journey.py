"""The flow of the document: input, check answers, sent, the mail's link, the receipt number."""

from uuid import UUID

import pytest

from tests.public_views.citizens import ANSWERS, FORM_PATH, Citizen
from tests.public_views.intake import Intake
from tests.public_views.reading import Page, read

STATED_CONTROLS = [
    "kobe_organizationname",
    "kobe_nickname",
    "kobe_email",
    "kobe_phone",
    "kobe_websiteurl",
    "kobe_facebookurl",
    "kobe_twitteraccount",
    "kobe_catchphrase",
    "kobe_category",
    "kobe_body",
    "privacy_confirmed",
    "captcha",
]
UNCONFIRMED, RECEIVED = 1, 2
TYPED = {name: value for name, value in ANSWERS.items() if name != "privacy_confirmed"}


def test_the_form_has_the_controls_of_the_document_in_its_order(citizen: Citizen) -> None:
    page = citizen.page()
    assert [name for name in page.controls if name in STATED_CONTROLS] == STATED_CONTROLS
    assert set(page.controls) - set(STATED_CONTROLS) == {
        "form_token",
        "shown_purpose",
        "homepage_title",
    }
    assert len(page.options["kobe_category"]) == 1 + 12


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_purpose_of_use_stands_above_the_first_personal_item(
    intake: Intake, language: str
) -> None:
    page = Citizen(intake, language).get().text
    purpose = intake.engine.catalog.forms["kobe_application"].purpose
    assert purpose is not None
    shown = page.index(purpose.text.text(language))
    assert shown < page.index(purpose.version) < page.index('name="kobe_organizationname"')


def test_a_citizen_applies_and_the_record_is_what_was_entered(citizen: Citizen) -> None:
    answer = citizen.enter()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM_PATH}/check")
    answer = citizen.send()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM_PATH}/sent")
    assert "確認メールをお送りしました" in citizen.page("/sent").everything
    record = citizen.record()
    kept = {name: str(record[name] or "") for name in TYPED}
    assert kept == {name: value.replace("\r\n", "\n") for name, value in TYPED.items()}
    assert record["statuscode"] == UNCONFIRMED


def test_the_link_the_button_the_receipt_number_and_the_second_mail(citizen: Citizen) -> None:
    link = citizen.apply()
    question = citizen.client.get(link)
    assert "登録を完了する" in question.text
    received = citizen.client.post(link)
    record = citizen.record()
    assert record["statuscode"] == RECEIVED
    number = str(record["kobe_receiptnumber"])
    page = read(received.text).everything
    assert number in page
    assert "数日以内に運営事務局より" in page
    newest = citizen.intake.mails()[-1]
    assert newest.to == ANSWERS["kobe_email"]
    assert number in newest.body
    assert UUID(str(record["id"])).hex not in received.text.replace("-", "")


def test_check_answers_shows_each_answer_with_a_way_back_to_its_control(citizen: Citizen) -> None:
    citizen.enter(kobe_phone="０７８ー３３１ー８１８１")
    page = citizen.page("/check")
    shown = TYPED | {"kobe_category": "地域の応援", "kobe_body": "毎週土曜日に花の世話をします。"}
    for name, value in shown.items():
        assert value in page.text
        assert f"{FORM_PATH}?change=1#{name}" in page.links
    assert citizen.intake.record(citizen.visit().record_id) is None


def test_going_back_loses_nothing_and_asks_for_no_second_captcha(citizen: Citizen) -> None:
    citizen.enter()
    page = citizen.page(change="1")
    assert kept(page) == TYPED | {"privacy_confirmed": "1"}
    assert "captcha" not in page.controls
    back = page.values | {"kobe_catchphrase": "公園を本でいっぱいに"}
    assert citizen.client.post(FORM_PATH, data=back).status_code == 303
    assert kept(citizen.page()) == kept(page) | {"kobe_catchphrase": "公園を本でいっぱいに"}


def kept(page: Page) -> dict[str, str]:
    """What a browser would send again, line ends as browsers send them."""
    names = ANSWERS.keys() & page.values.keys()
    return {name: page.values[name].replace("\r", "").replace("\n", "\r\n") for name in names}


def test_switching_the_language_keeps_what_was_checked(citizen: Citizen) -> None:
    citizen.enter()
    english = citizen.page(lang="en")
    assert (english.language, kept(english)) == ("en", TYPED | {"privacy_confirmed": "1"})
    assert citizen.page("/check").language == "en"
    assert "Support for neighbourhoods" in citizen.page("/check").text


def test_switching_the_language_keeps_what_was_only_typed(citizen: Citizen) -> None:
    """The switch is a button of the form: it sends along what is not valid yet."""
    page = citizen.page()
    switch = next(one for one in page.buttons if one.get("formaction", "").endswith("lang=en"))
    typed = {"form_token": page.values["form_token"], "kobe_email": "花子", switch["name"]: "1"}
    answer = citizen.client.post(switch["formaction"], data=typed)
    english = read(answer.text)
    assert (answer.status_code, english.language) == (200, "en")
    assert english.values["kobe_email"] == "花子"
    assert english.errors == {}


def test_the_language_of_the_application_is_that_of_its_pages_and_mails(intake: Intake) -> None:
    citizen = Citizen(intake, "en")
    citizen.apply()
    assert citizen.record()["kobe_language"] == "en"
    assert "Please complete your registration" in intake.mails()[-1].subject


def test_the_version_of_the_purpose_is_stored_with_the_record(citizen: Citizen) -> None:
    citizen.apply()
    form = citizen.intake.engine.catalog.forms["kobe_application"]
    assert form.purpose is not None
    assert citizen.record()["kobe_purposeversion"] == form.purpose.version


def test_pages_ahead_of_their_time_lead_to_the_form(citizen: Citizen) -> None:
    for path in ("/check", "/sent"):
        answer = citizen.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, FORM_PATH)
    assert citizen.post("/check").headers["Location"] == FORM_PATH
    assert citizen.intake.record(citizen.visit().record_id) is None


def test_a_sent_application_is_not_shown_again(citizen: Citizen) -> None:
    """Whoever sits down at the same computer next finds an empty form."""
    citizen.apply()
    page = citizen.page()
    assert "kobe_email" in page.controls
    assert all(page.values.get(name, "") == "" for name in TYPED)


def test_a_submission_that_is_sent_again_makes_no_second_record(citizen: Citizen) -> None:
    citizen.begin().enter()
    before = citizen.intake.count()
    for _ in range(3):
        answer = citizen.send()
        assert answer.headers["Location"] == f"{FORM_PATH}/sent"
    assert citizen.intake.count() == before + 1


def test_a_rule_that_became_stricter_meanwhile_leads_back_to_the_form(citizen: Citizen) -> None:
    """Between check and submit a definition may be published: no error page, nothing lost."""
    citizen.enter()
    entity = citizen.intake.engine.catalog.entity("kobe_application")
    answers = ANSWERS | {"kobe_category": "927000099"}
    citizen.sessions.save_draft(citizen.visit(), entity, answers)
    answer = citizen.send()
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"{FORM_PATH}?notice=stricter",
    )
    page = citizen.page(notice="stricter")
    assert page.values["kobe_nickname"] == ANSWERS["kobe_nickname"]
    assert "まだ送信されていません。" in page.notice

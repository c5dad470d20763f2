"""A visit: its form is good for one application, for two hours, from our own pages, for a person.

A form that is not says so, takes nothing and keeps every word.
"""

from datetime import timedelta
from typing import Any

import pytest

from forms.sessions import LIFE
from models.tables.intake import FormSession
from public_views import captcha_answers
from tests.public_views.citizens import ANSWERS, COOKIE, FORM_PATH, READING_TIME, Citizen
from tests.public_views.intake import Intake
from tests.public_views.reading import Page, read

EXPIRED = {
    "ja": "ページの有効期限が切れていました。",
    "en": "This page had expired.",
}
TOO_FAST = {"ja": "送信までの時間が短すぎたため、", "en": "The form was sent too quickly"}
LANGUAGES = ["ja", "en"]


def keeps_every_word(page: Page) -> bool:
    return page.values.items() >= {**ANSWERS, "kobe_body": page.values["kobe_body"]}.items()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_expired_form_says_so_and_works_when_it_is_sent_again(
    intake: Intake, language: str
) -> None:
    citizen = Citizen(intake, language).begin()
    code, old_token = citizen.code(), citizen.form_token
    intake.let_time_pass(LIFE)
    page = read(citizen.post(**ANSWERS, captcha=code).text)
    assert page.notice.startswith(EXPIRED[language])
    assert keeps_every_word(page)
    assert page.values["form_token"] != old_token
    citizen.form_token = page.values["form_token"]
    citizen.wait(READING_TIME)
    assert citizen.enter().status_code == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_replayed_form_says_so_and_makes_no_second_record(intake: Intake, language: str) -> None:
    citizen = Citizen(intake, language).begin()
    sent_once = {**ANSWERS, "captcha": citizen.code()}
    citizen.enter()
    citizen.send()
    before = intake.count()
    replayed = citizen.post(**sent_once)
    assert replayed.status_code == 422
    page = read(replayed.text)
    assert page.notice.startswith(EXPIRED[language])
    assert keeps_every_word(page)
    assert intake.count() == before


FORGED = ["", "0" * 64, "花", "\x00", "a" * 10_000]


@pytest.mark.parametrize("token", FORGED)
def test_a_forged_form_token_is_an_expired_form(citizen: Citizen, token: str) -> None:
    answer = citizen.enter(form_token=token)
    assert answer.status_code == 422
    assert read(answer.text).notice.startswith(EXPIRED["ja"])


@pytest.mark.parametrize("token", FORGED)
def test_a_forged_form_token_submits_nothing(citizen: Citizen, token: str) -> None:
    citizen.enter()
    answer = citizen.post("/check", form_token=token)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM_PATH}?notice=ended")
    assert citizen.intake.record(citizen.visit().record_id) is None


def test_the_token_of_another_visit_is_forged(intake: Intake) -> None:
    one, other = Citizen(intake).begin(), Citizen(intake).begin()
    assert one.enter(form_token=other.form_token).status_code == 422


@pytest.mark.parametrize("cookie", ["", "nothing of ours", "é", "\ud800", "a" * 4000])
def test_a_cookie_that_is_not_ours_begins_a_new_visit(intake: Intake, cookie: str) -> None:
    citizen = Citizen(intake)
    header = f"{COOKIE}={cookie}".encode("utf-8", "surrogatepass").decode("latin-1")
    answer = citizen.client.get(FORM_PATH, headers={"Cookie": header})
    assert answer.status_code == 200
    assert citizen.cookie != cookie


def test_the_cookie_opens_nothing_once_the_visit_has_ended(citizen: Citizen) -> None:
    citizen.enter()
    assert citizen.get("/check").status_code == 200
    citizen.intake.let_time_pass(LIFE + timedelta(seconds=1))
    assert citizen.get("/check").status_code == 303


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "まだ送信されていません。"), ("en", "Nothing was sent.")]
)
def test_who_presses_the_button_too_late_is_told_that_nothing_was_sent(
    intake: Intake, language: str, said: str
) -> None:
    citizen = Citizen(intake, language).begin()
    citizen.enter()
    assert "2時間" in citizen.get("/check").text or language == "en"
    citizen.intake.let_time_pass(LIFE + timedelta(seconds=1))
    records = intake.count()
    answer = citizen.send()
    assert answer.headers["Location"] == f"{FORM_PATH}?notice=ended"
    assert said in citizen.page(notice="ended").notice
    assert intake.count() == records


def test_nobody_is_told_what_is_not_so(citizen: Citizen) -> None:
    """The address may say what it likes."""
    citizen.enter()
    assert citizen.page(notice="ended").notice == ""
    assert citizen.page(notice="cleared").notice == ""
    assert citizen.page(notice="<b>").notice == ""


def test_what_waits_is_sealed_and_its_cookie_is_kept_as_a_hash(citizen: Citizen) -> None:
    citizen.enter()
    rows = citizen.intake.rows(FormSession)
    stored = b"".join(bytes(value) for row in rows for value in row if isinstance(value, bytes))
    texts = "".join(value for row in rows for value in row if isinstance(value, str))
    assert citizen.cookie.encode() not in stored
    assert citizen.cookie not in texts
    assert ANSWERS["kobe_email"].encode() not in stored
    assert ANSWERS["kobe_nickname"].encode() not in stored


def test_the_draft_is_gone_once_it_was_submitted(citizen: Citizen) -> None:
    citizen.enter()
    assert citizen.visit().draft is not None
    citizen.send()
    assert citizen.visit().draft is None


def test_the_check_page_of_a_sent_form_is_the_sent_one(citizen: Citizen) -> None:
    citizen.enter()
    citizen.send()
    assert citizen.get("/check").headers["Location"] == f"{FORM_PATH}/sent"


def test_nothing_is_kept_of_what_arrives_while_the_form_is_being_sent(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entered in one tab, sent from another between the look at the visit and the draft."""
    citizen.enter()
    examine = captcha_answers.examine

    def examine_then_send(*arguments: Any, **named: Any) -> Any:
        result = examine(*arguments, **named)
        assert citizen.twin().send().headers["Location"].endswith("/sent")
        return result

    monkeypatch.setattr(captcha_answers, "examine", examine_then_send)
    late = citizen.twin()
    answer = late.post(**ANSWERS)
    assert answer.status_code == 422
    assert read(answer.text).notice.startswith(EXPIRED["ja"])
    assert late.cookie != citizen.cookie
    assert citizen.visit().draft is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trap", ["https://spam.example/", "0", " "])
def test_what_fills_in_the_trap_is_no_person(intake: Intake, language: str, trap: str) -> None:
    citizen = Citizen(intake, language).begin()
    page = citizen.refused(homepage_title=trap)
    assert page.notice.startswith(TOO_FAST[language])
    assert keeps_every_word(page)
    assert citizen.visit().draft is None


def test_nobody_sees_or_reaches_the_trap(citizen: Citizen) -> None:
    assert citizen.page().element("homepage_title")["tabindex"] == "-1"
    assert '<div class="trap" aria-hidden="true">' in citizen.get().text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_fills_in_a_form_in_two_seconds(intake: Intake, language: str) -> None:
    citizen = Citizen(intake, language).open()
    page = citizen.refused()
    assert page.notice.startswith(TOO_FAST[language])
    assert keeps_every_word(page)
    citizen.wait(timedelta(seconds=4))
    assert citizen.enter().status_code == 303


def test_a_change_after_the_check_may_be_quick(citizen: Citizen) -> None:
    citizen.enter()
    citizen.wait(-READING_TIME)
    assert citizen.enter(kobe_nickname="神戸 太郎").status_code == 303


def test_the_enter_key_sends_the_form_and_presses_no_other_button(citizen: Citizen) -> None:
    """Browsers press a form's first button of the page: not the new image's, not a language's."""
    first, *others = citizen.page().buttons
    assert (first["type"], "name" in first, first["tabindex"]) == ("submit", False, "-1")
    names = [one.get("name") for one in others]
    assert names == ["switch_language", "renew_captcha", None, None]  # the last, a form of its own

"""Who leaves a shared computer takes what they entered along: the draft, its key, the cookie.

Nothing of it is in the browser once it is closed, and nothing anywhere once it was cleared.
"""

from dataclasses import replace
from typing import Any

import pytest

from crypto.errors import DestroyedKey
from forms.sessions import FormSessions, Visit, key_of_draft
from models.metadata.definitions import EntityDefinition
from tests.public_views.citizens import ANSWERS, COOKIE, FORM_PATH, Citizen
from tests.public_views.intake import FORM, Intake
from tests.public_views.reading import read

CLEARED = {"ja": "入力内容を消去しました。", "en": "What you entered was cleared."}
BUTTON = {"ja": "入力内容を消去する", "en": "Clear what I entered"}


def key_lives(citizen: Citizen, visit: Visit) -> bool:
    key_id = key_of_draft(visit)
    assert key_id is not None
    try:
        citizen.intake.engine.keyring.opening_key(key_id)
    except DestroyedKey:
        return False
    return True


def entity_of(citizen: Citizen) -> EntityDefinition:
    return citizen.intake.engine.catalog.entity(FORM)


def test_the_cookie_ends_with_the_browser(citizen: Citizen) -> None:
    for answer in (Citizen(citizen.intake).get(), citizen.enter()):
        [cookie] = answer.headers.getlist("Set-Cookie")
        assert cookie.startswith(COOKIE)
        assert "Expires" not in cookie
        assert "Max-Age" not in cookie


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", ["", "/check"])
def test_both_pages_offer_to_clear_what_was_entered(
    intake: Intake, path: str, language: str
) -> None:
    citizen = Citizen(intake, language).begin()
    citizen.enter()
    page = citizen.page(path)
    [form] = [stated for _, stated in page.elements if stated.get("class") == "clear"]
    assert (form["method"], form["action"]) == ("post", f"{FORM_PATH}/clear")
    assert BUTTON[language] in page.everything


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_was_entered_is_cleared_with_its_key(intake: Intake, language: str) -> None:
    citizen = Citizen(intake, language).begin()
    citizen.enter()
    visit, cookie = citizen.visit(), citizen.cookie
    answer = citizen.post("/clear")
    assert answer.headers["Location"] == f"{FORM_PATH}?notice=cleared"
    assert citizen.client.get_cookie(COOKIE) is None
    assert citizen.sessions.find(cookie, FORM) is None
    assert not key_lives(citizen, visit)
    page = read(citizen.client.get(answer.headers["Location"]).text)
    assert page.notice == CLEARED[language]
    assert page.title == Citizen(intake, language).page().title
    assert not set(ANSWERS.values()) - {""} & set(page.values.values())
    assert citizen.page(notice="cleared").notice == "", "said once"


def test_a_form_that_was_not_checked_yet_is_cleared_too(citizen: Citizen) -> None:
    cookie = citizen.cookie
    assert citizen.post("/clear").status_code == 303
    assert citizen.sessions.find(cookie, FORM) is None


def test_where_nothing_is_kept_any_more_there_is_nothing_to_clear(intake: Intake) -> None:
    answer = Citizen(intake).post("/clear")
    assert answer.headers["Location"] == f"{FORM_PATH}?notice=cleared"


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_forged_form_token_clears_nothing(citizen: Citizen, token: str) -> None:
    citizen.enter()
    answer = citizen.post("/clear", form_token=token)
    assert answer.headers["Location"] == FORM_PATH
    assert "Set-Cookie" not in answer.headers
    assert ANSWERS["kobe_nickname"] in citizen.get("/check").text


def test_what_was_sent_is_not_cleared(citizen: Citizen) -> None:
    citizen.enter()
    visit = citizen.visit()
    citizen.send()
    assert citizen.post("/clear").headers["Location"] == f"{FORM_PATH}/sent"
    assert key_lives(citizen, visit)
    assert citizen.record()["kobe_email"] == ANSWERS["kobe_email"]


def test_what_was_cleared_is_not_sent(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    """From another tab, between the look at the visit and the submission."""
    citizen.enter()
    before, twin, answers = citizen.intake.count(), citizen.twin(), FormSessions.answers

    def clear_then_answer(sessions: FormSessions, visit: Visit) -> dict[str, Any]:
        citizen.post("/clear")
        return answers(sessions, visit)

    monkeypatch.setattr(FormSessions, "answers", clear_then_answer)
    assert twin.send().headers["Location"] == f"{FORM_PATH}?notice=ended"
    assert citizen.intake.count() == before


def test_what_was_cleared_is_not_kept_again(citizen: Citizen) -> None:
    citizen.enter()
    visit, entity = citizen.visit(), entity_of(citizen)
    citizen.post("/clear")
    assert not citizen.sessions.save_draft(visit, entity, ANSWERS)


def test_a_key_that_others_share_is_not_the_draft_s_to_destroy(citizen: Citizen) -> None:
    citizen.enter()
    visit = citizen.visit()
    monthly = replace(entity_of(citizen), key_bucket="month")
    assert citizen.sessions.end(visit, monthly)
    assert key_lives(citizen, visit)
    assert not citizen.sessions.end(visit, monthly), "once"

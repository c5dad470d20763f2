"""The CAPTCHA: six digits of this visit's present image, good once, five tries, 20 minutes.

Each test solves it by what the server reckons, as no program outside can.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from tests.public_views.citizens import ANSWERS, FORM_PATH, Citizen
from tests.public_views.intake import Intake
from tests.public_views.reading import read

WRONG = "イメージのコードが正しくありません。表示されている数字をもう一度入力してください。"
RENEWED = (
    "イメージのコードの有効期限が切れたか、入力できる回数を超えました。"
    "新しいイメージのコードを入力してください。"
)
TRIES = 5
SOUNDS = 3
LIFE = timedelta(minutes=20)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.parametrize("spelling", ["{}", " {} ", "０１２", "3-3"])
def test_the_code_is_taken_however_it_is_spelt(citizen: Citizen, spelling: str) -> None:
    code = citizen.code()
    spelt = {
        "０１２": code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        "3-3": f"{code[:3]}ー{code[3:]}",
    }.get(spelling, spelling.format(code))
    assert citizen.enter(captcha=spelt).status_code == 303


def test_five_wrong_answers_and_the_code_is_worth_nothing(citizen: Citizen) -> None:
    code = citizen.code()
    for _ in range(TRIES - 1):
        assert citizen.refused(captcha=another(code)).errors == {"captcha": WRONG}
    assert citizen.refused(captcha=another(code)).errors == {"captcha": RENEWED}
    assert citizen.code() != code, "the image beside the message is one that can be answered"
    assert citizen.refused(captcha=code).errors == {"captcha": WRONG}
    assert citizen.enter().status_code == 303


def test_a_right_code_is_not_asked_for_again_while_others_are_mended(citizen: Citizen) -> None:
    page = citizen.refused(captcha=citizen.code(), kobe_email="")
    assert "captcha" not in page.errors
    assert citizen.enter(captcha="").status_code == 303


def test_a_wrong_code_counts_as_a_try_while_other_controls_are_wrong(citizen: Citizen) -> None:
    """Or else guessing would be free in a form that is never valid."""
    code = citizen.code()
    for _ in range(TRIES - 1):
        page = citizen.refused(captcha=another(code), kobe_email="")
        assert page.errors["captcha"] == WRONG
    assert citizen.refused(captcha=another(code), kobe_email="").errors["captcha"] == RENEWED
    assert citizen.code() != code


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_code_is_good_for_twenty_minutes(citizen: Citizen, is_answered: bool) -> None:
    code = citizen.code()
    citizen.wait(LIFE)
    page = citizen.refused(captcha=code if is_answered else "")
    assert page.errors == {"captcha": RENEWED}
    assert page.values["kobe_nickname"] == ANSWERS["kobe_nickname"]
    assert citizen.enter().status_code == 303


def test_a_code_is_still_good_shortly_before(citizen: Citizen) -> None:
    citizen.wait(LIFE - timedelta(minutes=2))
    assert citizen.enter().status_code == 303


@pytest.mark.parametrize("stale_by", [LIFE, timedelta(0)])
def test_opening_the_form_again_shows_a_code_that_can_be_used(
    citizen: Citizen, stale_by: timedelta
) -> None:
    code = citizen.code()
    citizen.wait(stale_by)
    citizen.get()
    assert (citizen.code() == code) == (not stale_by)
    assert citizen.enter().status_code == 303


def test_a_new_image_voids_the_old_and_keeps_what_was_typed(citizen: Citizen) -> None:
    """By the button of the form, as without a script."""
    old = citizen.code()
    answer = citizen.enter(renew_captcha="1", kobe_nickname="花", captcha="")
    page = read(answer.text)
    assert (answer.status_code, page.errors, page.values["kobe_nickname"]) == (200, {}, "花")
    assert citizen.code() != old
    assert citizen.refused(captcha=old).errors == {"captcha": WRONG}


def test_a_new_image_for_the_script_voids_the_old(citizen: Citizen) -> None:
    old, image = citizen.code(), image_address(citizen.get().text)
    fresh = citizen.client.post(
        f"{FORM_PATH}/captcha",
        data={"form_token": citizen.form_token},
        headers={"Accept": "application/json"},
    )
    assert fresh.json is not None
    assert citizen.code() != old
    page = citizen.get().text
    assert fresh.json["version"] in image_address(page) != image
    assert citizen.refused(captcha=old).errors == {"captcha": WRONG}


def image_address(page: str) -> str:
    sources = [stated["src"] for tag, stated in read(page).elements if tag == "img"]
    [address] = [source for source in sources if "captcha.png" in source]
    return address


def test_a_new_image_is_not_made_for_another_site(citizen: Citizen) -> None:
    old = citizen.code()
    for token in ("", "0" * 64):
        answer = citizen.client.post(f"{FORM_PATH}/captcha", data={"form_token": token})
        assert answer.status_code == 403
    assert citizen.code() == old


def test_the_code_of_another_visit_is_no_use(intake: Intake) -> None:
    one, other = Citizen(intake).begin(), Citizen(intake).begin()
    assert one.code() != other.code()
    assert one.refused(captcha=other.code()).errors == {"captcha": WRONG}


def test_a_code_that_was_used_opens_no_second_application(citizen: Citizen) -> None:
    code = citizen.code()
    citizen.enter()
    citizen.send()
    page = citizen.refused(captcha=code)
    assert "captcha" in page.controls
    citizen.begin()
    assert citizen.refused(captcha=code).errors == {"captcha": WRONG}


def test_the_image_is_a_picture_and_a_visit_may_have_it_again(citizen: Citizen) -> None:
    for _ in range(2):
        answer = citizen.get("/captcha.png")
        assert (answer.mimetype, Image.open(BytesIO(answer.data)).format) == ("image/png", "PNG")
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_sound_is_played_three_times_for_one_image(intake: Intake, language: str) -> None:
    citizen = Citizen(intake, language).begin()
    for _ in range(SOUNDS):
        answer = citizen.get("/captcha.wav")
        assert (answer.status_code, answer.mimetype, answer.data[:4]) == (
            200,
            "audio/wav",
            b"RIFF",
        )
    assert citizen.get("/captcha.wav").status_code == 429
    citizen.enter(renew_captcha="1")
    assert citizen.get("/captcha.wav").status_code == 200


@pytest.mark.parametrize("path", ["/captcha.png", "/captcha.wav"])
def test_without_a_visit_there_is_no_image_and_no_sound(intake: Intake, path: str) -> None:
    citizen = Citizen(intake)
    assert citizen.get(path).status_code == 404
    citizen.client.set_cookie("form-kobe_application", "nothing of ours")
    assert citizen.get(path).status_code == 404
    assert citizen.begin().get(path).status_code == 200
    citizen.apply()
    assert citizen.get(path).status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_can_not_solve_it_is_told_whom_to_call(intake: Intake, language: str) -> None:
    form = intake.engine.catalog.forms["kobe_application"]
    assert form.contact is not None
    text = Citizen(intake, language).page().everything
    for told in (form.contact.telephone, form.contact.hours.text(language)):
        assert text.count(told) == 2  # beside the code, and in the footer

"""Fifty requests of a citizen at the same moment at a real server of several processes.

What is good once is good once: a solved CAPTCHA, a checked application, a mailed link.
"""

from collections import Counter

import pytest

from tests.public_views.citizens import ANSWERS, FORM_PATH, Citizen
from tests.races.house import House
from tests.races.wire import Answer, Wire
from tests.support.crowd import at_once

pytestmark = pytest.mark.slow
MANY = 50
RECEIVED = 2
ON = (303, f"{FORM_PATH}/check")
SENT = (303, f"{FORM_PATH}/sent")


@pytest.fixture
def citizen(house: House) -> Citizen:
    return Citizen(house.intake).begin()


def send(house: House, browsers: list[Wire], token: str) -> Counter[tuple[int, str]]:
    """All press the check page's button; how they are answered."""
    pressed = at_once(
        [lambda one=one: one.post(f"{FORM_PATH}/check", {"form_token": token}) for one in browsers]
    )
    return Counter((one.status, one.location) for one in pressed)


def enter(browsers: list[Wire], citizen: Citizen, codes: list[str]) -> list[Answer]:
    """Each sends another application, with its code, in the citizen's visit."""
    answers = ANSWERS | citizen.hidden
    return at_once(
        [
            lambda one=one, n=n, code=code: one.post(
                FORM_PATH, answers | {"captcha": code, "kobe_nickname": f"{n}号"}
            )
            for n, (one, code) in enumerate(zip(browsers, codes, strict=True))
        ]
    )


def test_one_solved_captcha_is_good_for_one_application(house: House, citizen: Citizen) -> None:
    """Fifty right answers, each with another application: whichever came last is kept."""
    records, mails = house.intake.count(), len(house.intake.mails())
    browsers = house.browsers(citizen, MANY)
    entered = enter(browsers, citizen, [citizen.code()] * MANY)
    assert Counter((one.status, one.location) for one in entered) == {ON: MANY}
    assert send(house, browsers, citizen.form_token) == {SENT: MANY}
    assert house.intake.count() == records + 1
    assert len(house.intake.mails()) == mails + 1


def test_of_fifty_who_pass_one_captcha_one_is_the_first(house: House, citizen: Citizen) -> None:
    """The code is used up by one answer; the others come to a visit that passed."""
    visit, other = citizen.visit(), house.intake.another_process()
    sessions = [citizen.twin(one).sessions for one in (house.intake, other)]
    passed = at_once(
        [lambda n=n: sessions[n % 2].answer_captcha(visit, is_right=True) for n in range(MANY)]
    )
    other.close()
    assert Counter(passed) == {True: 1, False: MANY - 1}
    assert citizen.visit().captcha_passed


def test_of_fifty_guesses_none_gets_a_second_try(house: House, citizen: Citizen) -> None:
    """Five are looked at; then the code is another, and what was right is wrong."""
    code = citizen.code()
    guesses = [f"{(int(code) + n) % 10**6:06d}" for n in range(1, MANY + 1)]
    entered = enter(house.browsers(citizen, MANY), citizen, guesses)
    assert Counter(one.status for one in entered) == {422: MANY}
    assert not citizen.visit().captcha_passed
    assert citizen.visit().captcha_generation > 0
    assert citizen.enter(captcha=code).status_code == 422


def test_one_checked_application_is_one_record(house: House, citizen: Citizen) -> None:
    assert citizen.enter().status_code == 303
    records, mails = house.intake.count(), len(house.intake.mails())
    created = house.audited("create")
    assert send(house, house.browsers(citizen, MANY), citizen.form_token) == {SENT: MANY}
    assert house.intake.count() == records + 1
    assert house.audited("create") == created + 1
    assert len(house.intake.mails()) == mails + 1
    assert citizen.record()["kobe_nickname"] == ANSWERS["kobe_nickname"]


def test_one_link_is_one_confirmation_and_one_receipt(house: House, citizen: Citizen) -> None:
    link = citizen.apply()
    updated, mails = house.audited("update"), len(house.intake.mails())
    browsers = house.browsers(citizen, MANY)
    pressed = at_once([lambda one=one: one.post(link, {}) for one in browsers])
    assert Counter(one.status for one in pressed) == {200: 1, 410: MANY - 1}
    record = citizen.record()
    assert record["statuscode"] == RECEIVED
    [received] = [one for one in pressed if one.status == 200]
    assert str(record["kobe_receiptnumber"]) in received.text
    assert house.audited("update") == updated + 1
    assert len(house.intake.mails()) == mails + 1

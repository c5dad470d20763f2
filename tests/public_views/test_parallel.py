"""What happens once happens once, however many ask at the same moment, on either database.

Half of the requests reach a second application over the same database, as a second worker.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.public_views.citizens import ANSWERS, FORM_PATH, Citizen
from tests.public_views.intake import Intake
from tests.support.crowd import at_once

MANY = 8
RECEIVED = 2


@pytest.fixture(scope="module")
def workers(either_intake: Intake) -> Iterator[list[Intake]]:
    other = either_intake.another_process()
    yield [either_intake, other]
    other.close()


@pytest.fixture
def citizen(either_intake: Intake) -> Citizen:
    return Citizen(either_intake).begin()


@pytest.fixture
def twins(citizen: Citizen, workers: list[Intake]) -> list[Citizen]:
    """The citizen's browser many times over."""
    return [citizen.twin(workers[number % 2]) for number in range(MANY)]


def test_one_visit_submitted_many_times_at_once_makes_one_record_and_one_mail(
    either_intake: Intake, citizen: Citizen, twins: list[Citizen]
) -> None:
    citizen.enter()
    records, mails = either_intake.count(), len(either_intake.mails())
    answers = at_once([one.send for one in twins])
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {
        (303, f"{FORM_PATH}/sent")
    }
    assert either_intake.count() == records + 1
    assert len(either_intake.mails()) == mails + 1
    assert citizen.record()["kobe_email"] == ANSWERS["kobe_email"]


def test_one_link_pressed_many_times_at_once_completes_once(
    either_intake: Intake, citizen: Citizen, twins: list[Citizen]
) -> None:
    link = citizen.apply()
    mails = len(either_intake.mails())
    answers = at_once([lambda one=one: one.client.post(link) for one in twins])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 410: MANY - 1}
    record = citizen.record()
    assert record["statuscode"] == RECEIVED
    [received] = [answer for answer in answers if answer.status_code == 200]
    assert str(record["kobe_receiptnumber"]) in received.text
    assert len(either_intake.mails()) == mails + 1


def test_many_guesses_at_once_are_no_more_than_five(
    citizen: Citizen, twins: list[Citizen]
) -> None:
    """Each guess uses up a try before anything is told of it: nothing is of the sixth."""
    seen = citizen.visit()
    taken = at_once(
        [lambda one=one: one.sessions.answer_captcha(seen, is_right=False) for one in twins]
    )
    assert Counter(taken) == {True: 5, False: MANY - 5}
    code = citizen.code()
    assert "captcha" in citizen.refused(captcha=code).errors
    assert citizen.code() != code


def test_guesses_at_once_leave_no_try_uncounted(citizen: Citizen, twins: list[Citizen]) -> None:
    wrong = f"{(int(citizen.code()) + 1) % 10**6:06d}"
    at_once([lambda one=one: one.enter(captcha=wrong) for one in twins[:4]])
    assert citizen.visit().captcha_failures == 4


def test_sounds_asked_for_at_once_are_no_more_than_three(
    citizen: Citizen, twins: list[Citizen]
) -> None:
    answers = at_once([lambda one=one: one.get("/captcha.wav") for one in twins])
    assert Counter(answer.status_code for answer in answers) == {200: 3, 429: MANY - 3}


def test_new_images_at_once_each_count(citizen: Citizen, twins: list[Citizen]) -> None:
    at_once([lambda one=one: one.enter(renew_captcha="1") for one in twins])
    assert citizen.visit().captcha_generation == MANY


def test_entering_at_once_keeps_one_whole_set_of_answers(
    citizen: Citizen, twins: list[Citizen]
) -> None:
    """Whichever came last; what it is sealed with opens it."""
    code = citizen.code()
    for one in twins:
        one.form_token = citizen.form_token
    answers = at_once(
        [
            lambda one=one, name=f"{number}号": one.enter(
                captcha=code, kobe_nickname=name, kobe_catchphrase=name
            )
            for number, one in enumerate(twins[:5])
        ]
    )
    assert {answer.status_code for answer in answers} == {303}
    citizen.send()
    record = citizen.record()
    assert record["kobe_nickname"] == record["kobe_catchphrase"]


def test_the_rate_limit_is_one_for_all_processes(
    either_intake: Intake, citizen: Citizen, twins: list[Citizen]
) -> None:
    """60 submissions a minute from one address, whichever worker they reach."""
    statuses = Counter[int]()
    for _ in range(9):
        statuses.update(answer.status_code for answer in at_once([one.send for one in twins]))
    assert statuses == {303: 60, 429: 9 * MANY - 60}

"""Rate limits: so often from one address, counted in the database, for one window of time.

That all processes count together is shown in test_parallel.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from models.tables.intake import RateLimit
from public_views.limits import network_of
from tests.public_views.citizens import FORM_PATH, Citizen
from tests.public_views.intake import Intake

MINUTE = timedelta(minutes=1, seconds=1)
Ask = Callable[[Citizen], TestResponse]


def press_unknown_link(citizen: Citizen) -> TestResponse:
    return citizen.client.post("/confirm/unknown")


def press_send(citizen: Citizen) -> TestResponse:
    return citizen.client.post(f"{FORM_PATH}/check")


def play(citizen: Citizen) -> TestResponse:
    return citizen.get("/captcha.wav")


LIMITED: list[tuple[Ask, int, timedelta]] = [
    (press_unknown_link, 120, MINUTE),
    (press_send, 60, MINUTE),
    (play, 20, timedelta(minutes=5, seconds=1)),
]


@pytest.mark.parametrize(("ask", "most", "window"), LIMITED)
def test_one_address_is_stopped_for_a_while_and_no_other(
    intake: Intake, ask: Ask, most: int, window: timedelta
) -> None:
    citizen, neighbour = Citizen(intake), Citizen(intake)
    statuses = [ask(citizen).status_code for _ in range(most + 2)]
    assert 429 not in statuses[:most]
    assert statuses[most:] == [429, 429]
    assert ask(neighbour).status_code != 429
    assert ask(Citizen(intake, address=citizen.address)).status_code == 429
    intake.let_time_pass(window)
    assert ask(citizen).status_code != 429


def test_sounds_are_also_counted_by_the_day(intake: Intake) -> None:
    """A sound may be heard by a program: by the day it gets few, not 20 every five minutes."""
    citizen, neighbour = Citizen(intake), Citizen(intake)
    for _ in range(3):
        assert 429 not in {play(citizen).status_code for _ in range(20)}
        intake.let_time_pass(timedelta(minutes=5, seconds=1))
    assert play(citizen).status_code == 429
    assert play(neighbour).status_code != 429
    intake.let_time_pass(timedelta(hours=24))
    assert play(citizen).status_code != 429


def test_what_was_entered_outlives_the_wait(citizen: Citizen) -> None:
    citizen.enter()
    statuses = Counter(press_send(citizen).status_code for _ in range(60))
    assert statuses == {303: 60}
    assert citizen.send().status_code == 429
    citizen.intake.let_time_pass(MINUTE)
    assert citizen.send().headers["Location"] == f"{FORM_PATH}/sent"


def test_an_address_is_not_kept(intake: Intake) -> None:
    citizen = Citizen(intake, address="192.0.2.77").begin()
    assert citizen.address not in repr(intake.rows(RateLimit))


SAME = [
    ("192.0.2.1", "192.0.2.2", False),
    ("192.0.2.1", "::ffff:192.0.2.1", True),
    ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", True),
    ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ("2001:db8::1", "192.0.2.1", False),
    ("", "unknown", False),
]


@pytest.mark.parametrize(("one", "other", "is_same"), SAME)
def test_the_addresses_of_one_ipv6_customer_are_one(one: str, other: str, is_same: bool) -> None:
    assert (network_of(one) == network_of(other)) == is_same

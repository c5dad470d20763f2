"""What stands at the head of every answer, whoever asks, wherever, by whatever method.

Nothing may be kept, framed or guessed at; no cookie is read by a script or sent from elsewhere;
and nothing changes but by a POST.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import EVERYBODY, NOBODY, Asker, question, secured
from tests.laws.doors import OF_THE_PROGRAM, unclassified
from tests.laws.expired import asker
from tests.laws.matrix import everything, everywhere, has_turn, other_methods
from tests.laws.places import UNNAMED, WITHOUT_A_BODY, Place
from tests.laws.states import state

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)
ASKED_ALSO = [
    Place("", "GET", "/admin/nothing/"),
    Place("", "GET", "/admin/t/nothing/"),
    Place("", "GET", f"/admin/t/{ENTITY}/nothing/"),
    Place("", "POST", "/admin"),
    Place("", "GET", "/admin"),
    Place("", "GET", "/admin//"),
    Place("", "GET", "//admin/"),
    Place("", "GET", "/admin/../admin/audit/"),
    Place("", "GET", "/admin/%00/"),
    Place("", "GET", "/nothing"),
    Place("", "GET", "/forms/nothing"),
    Place("", "GET", "/static/nothing"),
    Place("", "GET", "/static/../app.py"),
    Place("", "GET", "/fs-static/../../config.py"),
    Place("", "GET", "/robots.txt"),
]
"""Addresses of nothing: errors are answers, too."""
ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TELLS_TOO_MUCH = ("Server", "X-Powered-By", "ETag", "Last-Modified", "Access-Control-Allow-Origin")
REFUSED = {302, 303, 401, 403, 404, 405}
Answered = tuple[Place, TestResponse]
POLICY = re.compile(r"default-src 'none'; .*frame-ancestors 'none'; .*")
UNSAFE = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")


@pytest.fixture(scope="module", params=EVERYBODY)
def who(house: Office, request: pytest.FixtureRequest) -> Asker:
    return asker(house, request.param)


@dataclass(frozen=True)
class Round:
    """Every path asked, with every word that a page may listen to: each by nobody in particular
    and by every third of the others; by other methods than its own by every tenth, since these are
    refused by name."""

    answers: list[Answered]
    foreign: list[Answered]
    """Those by methods that are not the path's."""
    changed: set[str]
    """Tables that are not as they were before all but the posts."""


@pytest.fixture(scope="module")
def asked(who: Asker, record: UUID) -> Round:
    house, words = who.house, everything(who.house, record)
    named = [one for one in everywhere(house, record) if has_turn(who, one, of=3)]
    foreign = [one for one in other_methods(house, record) if has_turn(who, one, of=10)]
    reading = [place for place in named if place.method in WITHOUT_A_BODY]
    before = state(house.engine.database)
    read = [(place, who.ask(place, **words)) for place in [*reading, *ASKED_ALSO]]
    refused = [(place, who.ask(place, **words)) for place in foreign]
    after = state(house.engine.database)
    asking = question(secured(house)[0], record)
    posted = [(place, who.ask(place, **asking)) for place in named if place not in reading]
    changed = {name for name in before if before[name] != after[name]}
    return Round([*read, *refused, *posted], refused, changed)


@pytest.fixture(scope="module")
def answers(asked: Round) -> list[Answered]:
    return asked.answers


def test_reading_methods_and_those_no_rule_names_change_nothing(asked: Round) -> None:
    assert asked.changed == set()


def test_methods_that_no_rule_names_are_refused(asked: Round) -> None:
    """By name, before anything is looked at; OPTIONS tells the others, HEAD is a GET unread."""
    found = {}
    for place, answer in asked.foreign:
        is_told = answer.status_code == 200 or place.method == "HEAD"
        is_right = place.method in UNNAMED if is_told else answer.status_code in REFUSED
        if answer.status_code >= 500 or not is_right or (is_told and answer.data):
            found[place] = answer.status
    assert found == {}


def test_nothing_may_be_kept_framed_or_guessed_at(
    answers: list[Answered],
) -> None:
    wrong = [
        (place, name, answer.headers.get(name))
        for place, answer in answers
        if place.endpoint not in OF_THE_PROGRAM
        for name, value in ALWAYS.items()
        if answer.headers.getlist(name) != [value]
    ]
    assert wrong == []


def test_every_answer_has_a_policy_that_lets_nothing_in(
    answers: list[Answered],
) -> None:
    for place, answer in answers:
        [policy] = answer.headers.getlist("Content-Security-Policy")
        assert POLICY.fullmatch(policy), place
        assert not [word for word in UNSAFE if word in policy], place


def test_no_answer_names_what_serves_it_or_who_may_read_it(
    answers: list[Answered],
) -> None:
    told = [
        (place, name)
        for place, answer in answers
        if place.endpoint not in OF_THE_PROGRAM
        for name in TELLS_TOO_MUCH
        if name in answer.headers
    ]
    assert told == []


def test_the_office_is_in_no_index_of_a_search_engine(
    answers: list[Answered],
) -> None:
    for place, answer in answers:
        if place.path.startswith("/admin/") and place.endpoint not in OF_THE_PROGRAM:
            assert "noindex" in answer.headers["X-Robots-Tag"], place


def test_no_cookie_is_for_scripts_or_other_sites(
    answers: list[Answered],
) -> None:
    for place, cookie in _cookies(answers):
        assert "httponly" in cookie, (place, cookie)
        assert re.search(r"samesite=(lax|strict)", cookie), (place, cookie)
        assert "domain=" not in cookie, (place, cookie)


def test_what_is_not_there_is_told_to_nobody(answers: list[Answered]) -> None:
    """Neither by a 500, nor by a page that repeats the address."""
    for place, answer in answers:
        assert answer.status_code < 500, place
        if answer.status_code == 404 and "nothing" in place.path:
            body = re.sub(r'(href|action)="[^"]*"', "", answer.text)
            assert "/nothing" not in body, place


def _cookies(answers: list[Answered]) -> Iterator[tuple[Place, str]]:
    for place, answer in answers:
        for cookie in answer.headers.getlist("Set-Cookie"):
            yield place, cookie.lower()


def test_every_route_is_of_a_door(house: Office) -> None:
    """Who adds a route says in doors.py whom it is for."""
    assert unclassified(house.app) == []


def test_a_visitor_was_asked_for(house: Office) -> None:
    assert NOBODY in EVERYBODY
    assert len(EVERYBODY) > 7

"""Whatever goes wrong, and for whom: the page says nothing of what was there, and repeats nothing
of what was sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import EVERYBODY, HANA, Asker, learned, question, secured
from tests.laws.expired import asker
from tests.laws.matrix import everywhere, is_public
from tests.laws.places import Place

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)
SENT = f"<script>{HANA.email}</script>{{{{7*191}}}}"
LARGE = "あ" * 600_000
Ask = Callable[[Asker, UUID], TestResponse]
ERRORS: dict[str, tuple[set[int], Ask]] = {
    "no token": ({400, 401, 403}, lambda who, record: _post(who, "users/new/", csrf_token=SENT)),
    "not permitted": ({401, 403, 404}, lambda who, record: _post(who, "jobs/retry/", id=SENT)),
    "no such entity": ({302, 403, 404}, lambda who, record: _get(who, f"t/{SENT}/")),
    "no such record": ({302, 403, 404}, lambda who, record: _get(who, "t/x/details/", id=SENT)),
    "no such page": ({302, 403, 404}, lambda who, record: _get(who, SENT)),
    "no such form": ({404}, lambda who, record: who.ask(Place("", "GET", f"/forms/{SENT}"))),
    "no such link": ({404}, lambda who, record: who.ask(Place("", "GET", f"/confirm/{SENT}"))),
    "another method": ({401, 403, 405}, lambda who, record: _put(who, "audit/")),
    "too large": ({401, 403, 413}, lambda who, record: _post(who, "users/new/", email=LARGE)),
    "too large a form": ({413}, lambda who, record: _to_form(who, kobe_body=LARGE)),
    "an expired form": ({422}, lambda who, record: _to_form(who, form_token=SENT)),
    "another kind": ({401, 403, 415}, lambda who, record: _json(who, "users/new/")),
}
FAILING = ("audit", ENTITY, "blindindex", "systemjob", "systemuser", "role")
"""Tables whose loss breaks a request somewhere: before, amid and after values were opened."""


def _get(who: Asker, path: str, **arguments: str) -> TestResponse:
    return who.ask(Place("", "GET", f"/admin/{path}"), **arguments)


def _post(who: Asker, path: str, **values: str) -> TestResponse:
    return who.ask(Place("", "POST", f"/admin/{path}"), **values)


def _put(who: Asker, path: str) -> TestResponse:
    return who.ask(Place("", "PUT", f"/admin/{path}"), id=SENT)


def _to_form(who: Asker, **values: str) -> TestResponse:
    return who.ask(Place("", "POST", f"/forms/{ENTITY}"), **values)


def _json(who: Asker, path: str) -> TestResponse:
    return who.client.post(f"/admin/{path}", json={"email": SENT})


@pytest.fixture(scope="module", params=EVERYBODY)
def who(house: Office, request: pytest.FixtureRequest) -> Asker:
    return asker(house, request.param)


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_repeats_nothing(who: Asker, record: UUID, error: str) -> None:
    statuses, ask = ERRORS[error]
    answer = ask(who, record)
    assert answer.status_code in statuses
    assert "<script>" + HANA.local_part not in answer.text
    assert str(7 * 191) not in answer.text, "a template took what was sent for its own"
    assert learned(answer, typed=SENT) == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@contextmanager
def without(house: Office, table: str) -> Iterator[None]:
    """The database in disorder."""
    away = f"{table}_away"
    _rename(house, table, away)
    try:
        yield
    finally:
        _rename(house, away, table)


def _rename(house: Office, before: str, after: str) -> None:
    statement = f"ALTER TABLE {before} RENAME TO {after}"
    house.engine.database.run(lambda t: t.lock().exec_driver_sql(statement))


@pytest.mark.parametrize("table", FAILING)
@pytest.mark.parametrize("role", ["nobody", "kobe_official", "clerk_masked"])
def test_what_breaks_says_nothing_of_what_it_held(
    house: Office, record: UUID, role: str, table: str
) -> None:
    """Not even to whom it would have been shown. Each place breaks by every other table."""
    somebody = Asker(house, role)
    turn, token = FAILING.index(table), somebody.token
    asked = everywhere(house, record)[turn % 2 :: 2]
    assert token
    answers: dict[Place, TestResponse] = {}
    with without(house, table):
        for place, attribute in zip(asked, cycle(secured(house)), strict=False):
            with suppress(OperationalError):  # a download that had begun breaks off
                answers[place] = somebody.ask(place, **question(attribute, record))
    assert len(answers) >= len(asked) - 1
    broken = {place: one for place, one in answers.items() if one.status_code >= 500}
    assert broken or role == "nobody" or table == "blindindex"
    for place, answer in broken.items():
        assert answer.status_code == 500, place
        assert learned(answer) == [], place
        assert table not in answer.text or table in place.path, place
        assert "Error" not in answer.text, place
        assert answer.headers["Cache-Control"] == "no-store", place


def test_the_public_is_asked_too(house: Office, record: UUID) -> None:
    assert any(is_public(place.endpoint) for place in everywhere(house, record))

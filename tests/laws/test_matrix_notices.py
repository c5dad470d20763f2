"""The matrix of roles and routes notices what it is there for: a route without a guard, that
gives a secured value away in its page, a header, an error, in another encoding, or by a yes."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import request
from flask_admin import expose

from admin_views.guarding import GuardedView
from models.metadata.query import Query
from models.security.caller import Caller
from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import NOBODY, Asker, with_route
from tests.laws.doors import unclassified
from tests.laws.matrix import everywhere, leaks, open_doors, posts, refusals, tells
from tests.laws.offices import FOR_ALL_STAFF, open_to_all_staff
from tests.laws.places import Place
from tests.laws.states import state

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)


def leaking(house: Office) -> str:
    query = Query(entity=ENTITY, columns=("kobe_email",))
    found = house.engine.run(lambda s: s.retrieve_multiple(Caller.system("a mistake"), query))
    return ", ".join(str(one["kobe_email"]) for one in found.records)


def looked_at_again(house: Office) -> str:
    """The page is the same; it takes longer where the guess was right."""
    known = leaking(house)
    return "".join(leaking(house)[:0] for typed in request.values.values() if typed in known)


MISTAKES: dict[str, Callable[[Office], Any]] = {
    "page": leaking,
    "header": lambda house: ("", 204, {"X-Found": leaking(house)}),
    "error": lambda house: (f"unexpected: {leaking(house)}", 400),
    "json": lambda house: json.dumps(leaking(house)),
    "base64": lambda house: base64.b64encode(leaking(house).encode()),
    "clock": lambda house: looked_at_again(house),
    "oracle": lambda house: str(any(v in leaking(house) for v in request.values.values())),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("rule", ["/admin/added/<entity>/", "/added/<entity>/"])
@pytest.mark.parametrize("role", ["auditor", "clerk_masked"])
def test_a_route_that_forgets_its_guard_is_noticed(
    house: Office, record: UUID, mistake: str, rule: str, role: str
) -> None:
    careless = with_route(house, rule, lambda entity: MISTAKES[mistake](house))
    who, added = Asker(careless, role), Place("added", "GET", rule.replace("<entity>", ENTITY))
    assert added in everywhere(careless, record)
    assert leaks(who, added, record) or tells(who, added, record)


@pytest.mark.parametrize("rule", ["/added/<entity>/", "/adminadded/<entity>/"])
def test_a_route_open_to_visitors_is_noticed(house: Office, record: UUID, rule: str) -> None:
    careless = with_route(house, rule, lambda entity: "nothing secret")
    assert open_doors(Asker(careless, NOBODY), record) == ["added", "added"]
    assert unclassified(careless.app) == [rule]


def test_a_route_with_an_argument_of_a_new_name_is_noticed(house: Office, record: UUID) -> None:
    careless = with_route(house, "/admin/added/<person>/", lambda person: person)
    with pytest.raises(AssertionError, match="person"):
        everywhere(careless, record)


def test_a_route_that_is_of_no_door_is_noticed(house: Office) -> None:
    careless = with_route(house, "/accounts/added/", lambda: "whose?")
    assert unclassified(careless.app) == ["/accounts/added/"]


def test_a_route_that_changes_something_by_a_get_is_noticed(house: Office, record: UUID) -> None:
    careless = with_route(house, "/admin/added/", lambda: str(house.apply()))
    asked = [place for place in everywhere(careless, record) if place.endpoint == "added"]
    before = state(house.engine.database)
    assert Asker(careless, "clerk").ask(asked[0]).status_code == 200
    assert asked[0].method == "GET"
    assert state(house.engine.database) != before


def test_a_route_that_takes_a_post_without_a_token_is_noticed(house: Office, record: UUID) -> None:
    careless = with_route(house, "/admin/added/", lambda: "done")
    [place] = [p for p in posts(careless, record) if p.endpoint == "added"]
    assert Asker(careless, "clerk").ask(place, csrf_token="").status_code not in refusals(place)


def test_a_page_of_the_office_without_a_privilege_is_noticed(house: Office) -> None:
    class Added(GuardedView):
        @expose("/")
        def index(self) -> str:
            return "for everybody?"

    careless = with_route(house, "/admin/other/", lambda: "")
    careless.app.extensions["admin"][0].add_view(Added(name="Added", endpoint="careless"))
    assert open_to_all_staff(careless) - FOR_ALL_STAFF == {"careless"}

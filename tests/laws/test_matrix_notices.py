"""The matrix of roles and routes notices what it is there for: a route without a guard, that
gives a secured value away in its page, a header, an error, in another encoding, or by a yes."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import request

from models.metadata.query import Query
from models.security.caller import Caller
from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import Asker, Place, with_route
from tests.laws.matrix import everywhere, leaks, open_doors, tells

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)


def leaking(house: Office) -> str:
    query = Query(entity=ENTITY, columns=("kobe_email",))
    found = house.engine.run(lambda s: s.retrieve_multiple(Caller.system("a mistake"), query))
    return ", ".join(str(one["kobe_email"]) for one in found.records)


MISTAKES: dict[str, Callable[[Office], Any]] = {
    "page": leaking,
    "header": lambda house: ("", 204, {"X-Found": leaking(house)}),
    "error": lambda house: (f"unexpected: {leaking(house)}", 400),
    "json": lambda house: json.dumps(leaking(house)),
    "base64": lambda house: base64.b64encode(leaking(house).encode()),
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
    assert open_doors(careless, record) == ["added", "added"]


def test_a_route_with_an_argument_of_a_new_name_is_noticed(house: Office, record: UUID) -> None:
    careless = with_route(house, "/admin/added/<person>/", lambda person: person)
    with pytest.raises(AssertionError, match="person"):
        everywhere(careless, record)

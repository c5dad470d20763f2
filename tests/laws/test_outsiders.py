"""People of another contractor, and of one whose contract is over, learn nothing of any record.

Not its personal values only: neither its text nor that it is there.
"""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import CONTRACTED, ELSEWHERE, EXPIRED, Asker, question, secured, told
from tests.laws.doors import is_public
from tests.laws.expired import asker
from tests.laws.matrix import by_turns, everywhere, open_doors
from tests.laws.places import Place
from tests.laws.traces import traces_of

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)
STORIES = ("花子の願い", "彰の願い")


@pytest.fixture(scope="module", params=CONTRACTED)
def who(house: Office, request: pytest.FixtureRequest) -> Asker:
    return asker(house, request.param)


def test_no_answer_holds_anything_of_a_record(who: Asker, record: UUID) -> None:
    asked = question(secured(who.house)[0], record)
    for place in everywhere(who.house, record):
        answer = who.ask(place, **asked)
        parts = {"body": answer.data, "headers": str(answer.headers).encode()}
        assert traces_of(STORIES, parts) == [], place


def test_a_record_that_is_there_is_answered_as_one_that_is_not(who: Asker, record: UUID) -> None:
    nothing = uuid4()
    for place in everywhere(who.house, record):
        if is_public(place.endpoint) or "export" in place.endpoint:
            continue
        elsewhere = replace(place, path=place.path.replace(str(record), str(nothing)))
        for attribute in by_turns(who, place):
            there = who.ask(place, **question(attribute, record) | {"job": str(nothing)})
            missing = who.ask(elsewhere, **question(attribute, nothing) | {"job": str(nothing)})
            assert told(there, str(record)) == told(missing, str(nothing)), place


def test_whose_contract_is_over_finds_every_door_shut(house: Office, record: UUID) -> None:
    assert open_doors(asker(house, EXPIRED), record) == []


def test_the_office_knows_the_records_are_there(house: Office, record: UUID) -> None:
    """Else nothing was shown above."""
    details = Place("records.details_view", "GET", f"/admin/t/{ENTITY}/details/")
    assert STORIES[0] in Asker(house, "kobe_operator").ask(details, id=str(record)).text
    assert Asker(house, ELSEWHERE).ask(details, id=str(record)).status_code == 404

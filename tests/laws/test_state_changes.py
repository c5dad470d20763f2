"""Nothing changes by a GET, nor by a POST without this session's token, nor by one from elsewhere.

Every path of the map, with every method, as everybody, with every word a page may listen to; the
database is compared before and after.
"""

from uuid import UUID

import pytest

from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.laws.asking import EVERYBODY, NOBODY, STAFF, Asker, question, secured
from tests.laws.expired import asker
from tests.laws.matrix import everywhere, other_methods, posts, refusals
from tests.laws.places import UNNAMED, WITHOUT_A_BODY, Place
from tests.laws.states import state
from tests.laws.words import words

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)
REFUSED = {302, 303, 401, 403, 404, 405}


@pytest.fixture(scope="module", params=EVERYBODY)
def who(house: Office, request: pytest.FixtureRequest) -> Asker:
    return asker(house, request.param)


def everything(house: Office, record: UUID) -> dict[str, object]:
    """What a page could want for a change: the record's id, its version, an owner, a consent."""
    attribute = secured(house)[0]
    meant: dict[str, object] = dict.fromkeys(words() - {"lang", "next"}, "1")
    meant |= question(attribute, record)
    return meant | {
        "confirmed": "yes",
        "owner": str(house.users["kobe_official"]),
        "statuscode": "3",
        "role": "administrator",
        "password": PASSWORD,
        "kobe_nickname": "changed",
    }


def test_reading_methods_change_nothing(who: Asker, record: UUID) -> None:
    house = who.house
    asked = everywhere(house, record) + other_methods(house, record)
    before = state(house.engine.database)
    for place in asked:
        if place.method in WITHOUT_A_BODY:
            who.ask(place, **everything(house, record))
    assert state(house.engine.database) == before


def test_methods_that_no_rule_names_are_refused(who: Asker, record: UUID) -> None:
    """By name, before anything is looked at; OPTIONS tells the others, HEAD is a GET unread."""
    house, found = who.house, {}
    asked, before = other_methods(house, record), state(house.engine.database)
    for place in asked:
        answer = who.ask(place, **everything(house, record))
        is_told = answer.status_code == 200 or place.method == "HEAD"
        is_right = place.method in UNNAMED if is_told else answer.status_code in REFUSED
        if answer.status_code >= 500 or not is_right or (is_told and answer.data):
            found[place] = answer.status
    assert found == {}
    assert state(house.engine.database) == before


@pytest.fixture(scope="module", params=[NOBODY, *STAFF])
def sender(house: Office, request: pytest.FixtureRequest) -> Asker:
    return Asker(house, request.param)


@pytest.mark.parametrize("token", ["", "wrong", "of another session"])
def test_a_post_without_the_token_of_its_session_changes_nothing(
    sender: Asker, record: UUID, token: str
) -> None:
    house = sender.house
    sent = Asker(house, NOBODY).token if token == "of another session" else token
    asked, found = posts(house, record), {}
    before = state(house.engine.database)
    for place in asked:
        if place.endpoint == "confirmation.complete":
            continue  # the link is the token
        data = everything(house, record) | {"csrf_token": sent, "form_token": sent}
        answer = sender.ask(place, **data)
        if answer.status_code not in refusals(place):
            found[place] = answer.status
    assert found == {}
    assert state(house.engine.database) == before


def test_a_post_from_another_site_is_refused(sender: Asker, record: UUID) -> None:
    """Even with a token that is right."""
    house = sender.house
    sender.client.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    asked, before = posts(house, record), state(house.engine.database)
    try:
        found = {
            place: answer.status
            for place in asked
            if (answer := sender.ask(place, **everything(house, record))).status_code != 403
        }
    finally:
        del sender.client.environ_base["HTTP_SEC_FETCH_SITE"]
    assert found == {}
    assert state(house.engine.database) == before


def test_a_post_with_the_token_would_change_something(house: Office, record: UUID) -> None:
    """What the tests above send is what the pages take."""
    official, before = Asker(house, "kobe_official"), state(house.engine.database)
    made = house.apply(kobe_catchphrase="a record to change")
    changed = Place("records.assign_view", "POST", f"/admin/t/{ENTITY}/assign/")
    middle = state(house.engine.database)
    official.ask(changed, **everything(house, made))
    assert before != middle != state(house.engine.database)

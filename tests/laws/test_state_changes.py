"""Nothing changes by a POST without this session's token, nor by one from another site.

Every route that takes a POST, with every word a page may listen to; the database is compared
before and after. That nothing changes by a GET is in test_every_answer.py.
"""

from uuid import UUID

import pytest

from tests.admin_views.office import ENTITY, ROLES, Office
from tests.laws.asking import NOBODY, Asker
from tests.laws.matrix import everything, posts, refusals
from tests.laws.places import Place
from tests.laws.states import state

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)


@pytest.fixture(scope="module", params=[NOBODY, *ROLES])
def sender(house: Office, request: pytest.FixtureRequest) -> Asker:
    return Asker(house, request.param)


@pytest.mark.parametrize("token", ["", "of another session"])
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

"""Before an official has said what data is for, no page shows them a secured value, but the one
they ask for by itself: every rule of the application's map, as in `test_roles_see_no_more`."""

from dataclasses import replace
from uuid import UUID

import pytest

from models.metadata.definitions import AttributeDefinition
from tests.admin_views.desk import sign_in
from tests.admin_views.office import Office
from tests.laws.asking import Asker
from tests.laws.matrix import everywhere, leaks

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)
OFFICIAL = "kobe_official"
SAYS_WHAT_FOR = {"purpose.index"}
HAS_ITS_OWN = {"extracts.download"}
"""What was asked for, and approved, for a purpose of its own."""


class Hurried(Asker):
    """An official who reads without having said what for."""

    def may_know(self, attribute: AttributeDefinition) -> bool:
        return False


@pytest.fixture
def official(house: Office) -> Hurried:
    session = sign_in(house.app.test_client(), f"{OFFICIAL}@example.jp")
    return Hurried(replace(house, sessions={OFFICIAL: session}), OFFICIAL)


def test_nothing_secured_is_in_any_answer(official: Hurried, record: UUID) -> None:
    places = [
        place
        for place in everywhere(official.house, record)
        if place.endpoint not in SAYS_WHAT_FOR | HAS_ITS_OWN
    ]
    found = {place: leaks(official, place, record) for place in places}
    assert {place: leak for place, leak in found.items() if leak} == {}


def test_said_it_is_there_to_be_found(official: Hurried, record: UUID) -> None:
    """The same pages, told what for: else nothing was shown for another reason."""
    [saying] = [
        place
        for place in everywhere(official.house, record)
        if place.endpoint in SAYS_WHAT_FOR and place.method == "POST"
    ]
    assert official.ask(saying, purpose_text="点検").status_code == 303
    shown = {
        place.endpoint
        for place in everywhere(official.house, record)
        if place.method == "GET" and leaks(official, place, record)
    }
    assert {"records.index_view", "records.details_view"} <= shown

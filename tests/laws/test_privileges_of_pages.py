"""A page that is only for a privilege refuses all who lack it, by every method it has.

The pages and their privileges are those of the running application: a page added tomorrow is
asked tomorrow, and one without a privilege is named here, or fails.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest

from models.security.privileges import Miscellaneous, Privilege
from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import CONTRACTED, EXPIRED, STAFF, Asker, question, secured
from tests.laws.matrix import everywhere
from tests.laws.offices import FOR_ALL_STAFF, open_to_all_staff, privileges, views
from tests.laws.places import Place

pytestmark = pytest.mark.filterwarnings(
    # of the sign-in library's own forms
    "ignore:Passing SelectField choices as tuples:DeprecationWarning"
)
PEOPLE = [role for role in (*STAFF, *CONTRACTED) if role != EXPIRED]
OF_RECORDS = {
    "records.index_view": Privilege.READ,
    "records.details_view": Privilege.READ,
    "records.file_view": Privilege.READ,
    "records.picture_view": Privilege.READ,
    "records.preview_view": Privilege.READ,
    "records.search_view": Privilege.READ,
    "records.reveal_view": Privilege.READ,
    "records.create_view": Privilege.CREATE,
    "records.edit_view": Privilege.WRITE,
    "records.status_view": Privilege.WRITE,
    "records.stage_view": Privilege.WRITE,
    "records.board_view": Privilege.READ,
    "records.mail_view": Privilege.READ,
    "records.suggestions_view": Privilege.READ,
    "records.duplicates_view": Privilege.READ,
    "records.merge_view": Privilege.WRITE,
    "records.assign_view": Privilege.ASSIGN,
    "records.share_view": Privilege.SHARE,
    "records.delete_view": Privilege.DELETE,
}


@pytest.fixture(scope="module", params=PEOPLE)
def who(house: Office, request: pytest.FixtureRequest) -> Asker:
    return Asker(house, request.param)


def guarded(house: Office, record: UUID) -> Iterator[tuple[Place, Miscellaneous]]:
    held = privileges(house)
    for place in everywhere(house, record):
        privilege = held.get(place.endpoint.split(".")[0])
        if privilege is not None:
            yield place, privilege


def test_who_lacks_the_privilege_is_refused(who: Asker, record: UUID) -> None:
    caller, asked = who.house.caller(who.role), question(secured(who.house)[0], record)
    found = {
        place: answer.status
        for place, privilege in guarded(who.house, record)
        if not caller.may(privilege) and (answer := who.ask(place, **asked)).status_code != 403
    }
    assert found == {}


def test_who_has_it_is_let_in(who: Asker, record: UUID) -> None:
    """The refusals are for want of the privilege, and for nothing else."""
    caller = who.house.caller(who.role)
    for place, privilege in guarded(who.house, record):
        if caller.may(privilege) and place.method == "GET":
            assert who.ask(place).status_code != 403, place


def test_who_lacks_a_privilege_on_the_entity_is_refused(who: Asker, record: UUID) -> None:
    caller, asked = who.house.caller(who.role), question(secured(who.house)[0], record)
    for place in everywhere(who.house, record):
        needed = OF_RECORDS.get(place.endpoint)
        if needed is not None and not caller.has(ENTITY, needed):
            assert who.ask(place, **asked).status_code == 403, place


def test_every_page_of_records_is_asked(house: Office, record: UUID) -> None:
    pages = {one.endpoint for one in everywhere(house, record) if "records." in one.endpoint}
    assert pages == OF_RECORDS.keys()


def test_a_page_without_a_privilege_is_named(house: Office) -> None:
    assert open_to_all_staff(house) == FOR_ALL_STAFF


def test_every_view_of_the_office_is_a_guarded_one(house: Office) -> None:
    assert house.app.extensions["admin"][0]._views == views(house)


def test_each_privilege_is_lacked_by_somebody_and_held_by_somebody(house: Office) -> None:
    """Else nothing was shown above."""
    callers = [house.caller(role) for role in PEOPLE]
    for name, privilege in privileges(house).items():
        held = {caller.may(privilege) for caller in callers}
        assert held == {True, False}, name

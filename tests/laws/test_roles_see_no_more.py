"""No role learns a secured value that it may not read: role × route × secured attribute.

Every rule of the application's map is fetched as everybody, with every question about every
secured attribute. A page added later is in the matrix by being in the map.
"""

from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.security.contracts import today
from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.laws.asking import EVERYBODY, HANA, NOBODY, Asker, Place, learned, secured
from tests.laws.expired import asker
from tests.laws.extracted import extracted, unlocked
from tests.laws.matrix import by_turns, everywhere, has_turn, leaks, open_doors, tells

pytestmark = [
    pytest.mark.filterwarnings(
        # of the sign-in library's own forms
        "ignore:Passing SelectField choices as tuples:DeprecationWarning"
    ),
    pytest.mark.usefixtures("record"),
]
VIEWS = (f"{ENTITY}_received", f"{ENTITY}_all")


MASKED = {"kobe_operator", "clerk", "clerk_masked"}
"""Who is shown a part of a value has the most to guess."""


@pytest.fixture(scope="module", params=EVERYBODY)
def who(house: Office, request: pytest.FixtureRequest) -> Asker:
    return asker(house, request.param)


def test_nothing_secured_is_in_any_answer(who: Asker, record: UUID) -> None:
    found = {place: leaks(who, place, record) for place in everywhere(who.house, record)}
    assert {place: leak for place, leak in found.items() if leak} == {}


def test_a_right_guess_is_answered_as_a_wrong_one(who: Asker, record: UUID) -> None:
    """Except where one may search: whoever is shown a value one at a time may ask for it."""
    found = {
        place: tells(who, place, record, of=by_turns(who, place))
        for place in everywhere(who.house, record)
        if has_turn(who, place, of=3 if who.role in MASKED else 6)
    }
    assert {place: tale for place, tale in found.items() if tale} == {}


@pytest.mark.parametrize("role", ["kobe_operator", "clerk", "clerk_masked"])
def test_lists_are_neither_ordered_nor_narrowed_by_a_secured_value(
    house: Office, role: str
) -> None:
    """Every view, sorted, filtered and searched by every attribute."""
    who, names = Asker(house, role), house.engine.catalog.entity(ENTITY).attributes
    lists = Place("records.index_view", "GET", f"/admin/t/{ENTITY}/")
    hidden = {one.logical_name for one in secured(house)}
    plain = {view: rows(who.ask(lists, view=view)) for view in VIEWS}
    assert all(len(found) >= 2 for found in plain.values())
    for view, name in product(VIEWS, names):
        for value, descending in ((HANA.email, ""), (HANA.phone, "1")):
            asked = {"view": view, "sort": name, "desc": descending, name: value}
            answer = who.ask(lists, **asked)
            assert learned(answer, value) == [], asked
            assert name not in hidden or rows(answer) == plain[view], asked


def test_an_export_holds_what_the_role_may_read(house: Office, record: UUID) -> None:
    """Personal columns leave at once where the role says so, and then as the role reads them."""
    page = Place("export.index", "POST", "/admin/export/")
    chosen = {"view": f"{ENTITY}_all", "columns": ["kobe_nickname", "kobe_email", "kobe_phone"]}
    chosen |= {"purpose": "点検", "recipient": "担当", "format": "csv_cp932", "proof": PASSWORD}

    def exported(role: str, **changes: object) -> TestResponse:
        unlocked(house, role)
        return Asker(house, role).ask(page, **chosen, **changes, job=str(uuid4()))

    for role, columns in (("clerk", 1), ("clerk_masked", 3)):
        answer = exported(role)
        assert (answer.status_code, answer.mimetype) == (200, "text/csv"), answer.text
        assert {line.count(b'","') + 1 for line in answer.data.splitlines()} == {columns}
        assert learned(answer) == []
    asked = exported("kobe_official", keep_until=(today() + timedelta(days=9)).isoformat())
    assert (asked.status_code, asked.mimetype, learned(asked)) == (200, "text/html", [])
    for role in ("kobe_operator", "kobe_manager", "auditor", "administrator"):
        assert exported(role).status_code == 403


@pytest.mark.parametrize(("role", "knows"), [("kobe_official", True), ("clerk_masked", False)])
def test_an_extract_holds_what_the_role_may_read(
    house: Office, record: UUID, role: str, knows: bool
) -> None:
    unlocked(house, role)
    path = f"/admin/extracts/{extracted(house, role)}/download/"
    answer = Asker(house, role).ask(Place("extracts.download", "POST", path), proof=PASSWORD)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    table = house.engine.catalog.tables.entities[ENTITY]
    with house.engine.database.reading() as connection:
        records = connection.scalar(select(func.count()).select_from(table))
    assert len(answer.data.splitlines()) == 1 + records  # other modules may have added one
    assert bool(learned(answer)) is knows


def test_what_fails_says_nothing(house: Office, record: UUID) -> None:
    """An error in the middle of a reveal, after the value was opened."""
    reveal = Place("records.reveal_view", "POST", f"/admin/t/{ENTITY}/reveal/")
    who = Asker(house, "kobe_operator")
    asked = {"id": str(record), "attribute": "kobe_email", "purpose_text": "点検"}
    assert learned(who.ask(reveal, **asked)), "it would be shown"
    rename(house, "audit", "audit_away")
    try:
        answer = who.ask(reveal, **asked)
    finally:
        rename(house, "audit_away", "audit")
    assert answer.status_code == 500
    assert learned(answer) == []


def test_a_visitor_is_turned_away_from_all_that_is_not_public(house: Office, record: UUID) -> None:
    assert open_doors(Asker(house, NOBODY), record) == []


def rename(house: Office, before: str, after: str) -> None:
    statement = f"ALTER TABLE {before} RENAME TO {after}"
    house.engine.database.run(lambda t: t.lock().exec_driver_sql(statement))


def rows(answer: TestResponse) -> list[str]:
    """The records of a list, in order."""
    return [part.split('"')[0] for part in answer.text.split("details/?id=")[1:]]


def test_every_secured_attribute_has_a_value_to_look_for(house: Office) -> None:
    assert {one.logical_name for one in secured(house)} == {"kobe_email", "kobe_phone"}

"""No secured attribute of any entity besides is in an answer of its records' pages: every rule of
the map that leads to an entity's records × every entity of the catalog that has one.

Asked in turns by two clerks who may do everything with all records: one knows no secured value,
one knows them masked. Guesses, and every other role, are test_roles_see_no_more's.
"""

from collections.abc import Iterator
from uuid import UUID
from zlib import crc32

import pytest
from werkzeug.test import TestResponse

from models.metadata.definitions import AttributeDefinition
from models.security.principals import owning
from models.security.privileges import Privilege
from tests.admin_views.office import ENTITY, Office
from tests.laws.asking import CLERKS, Asker, question
from tests.laws.matrix import NOT_ASKED, arguments
from tests.laws.places import Place, places
from tests.laws.traces import Person, traces
from tests.models.office import SYSTEM

pytestmark = [
    pytest.mark.filterwarnings(
        # of the sign-in library's own forms
        "ignore:Passing SelectField choices as tuples:DeprecationWarning"
    ),
    pytest.mark.usefixtures("record"),
]
MIDORI = Person("kakushi.midori", "57902468")
CHOICES = {"kobe_category": 927000005, "kobe_area": 927000103}
SEVERAL = {"kobe_categories": [927000005], "kobe_areas": [927000103], "kobe_offers": [927000202]}
REACHED = {"kobe_email": MIDORI.email, "kobe_phone": MIDORI.phone}
ABOUT = ("kobe_application", "kobe_cooperator", "kobe_enquiry", "kobe_match", "kobe_project")


@pytest.fixture(scope="module")
def records(house: Office, record: UUID) -> dict[str, UUID]:
    """One of each entity that has a secured attribute, with Midori's values."""
    with house.engine.database.snapshot() as connection:
        caller = owning(connection, SYSTEM, "運営事務局")

    def made(entity: str, **values: object) -> UUID:
        batch = [values]
        return house.engine.run(lambda s: s.create_multiple(caller, entity, batch))[0]

    found = {ENTITY: record}
    found["kobe_cooperator"] = made(
        "kobe_cooperator", kobe_name="団体", statuscode=2, **SEVERAL, **REACHED
    )
    enquiry = {"kobe_name": MIDORI.local_part, "kobe_enquirykind": 1, "kobe_enquirytext": "質問"}
    found["kobe_enquiry"] = made("kobe_enquiry", statuscode=2, **enquiry, **REACHED)
    pair = {"kobe_application": record, "kobe_cooperator": found["kobe_cooperator"]}
    found["kobe_match"] = made("kobe_match", kobe_subject="組合せ", **pair)
    project = {"kobe_projectname": "企画", "kobe_application": record}
    found["kobe_project"] = made("kobe_project", **project, **CHOICES)
    for about in ABOUT:
        mail = {"kobe_kind": 3, "kobe_subject": "件名", "kobe_sender": MIDORI.email}
        found[f"{about}_activity"] = made(
            f"{about}_activity", kobe_regarding=found[about], kobe_description="本文", **mail
        )
    return found


def secured_besides(house: Office) -> Iterator[tuple[str, AttributeDefinition]]:
    for name, entity in house.engine.catalog.entities.items():
        if name != ENTITY:
            yield from ((name, one) for one in entity.attributes.values() if one.secured)


def of_records(
    house: Office, entity: str, record: UUID, *, filled: dict[str, object]
) -> list[Place]:
    """Where the entity's name is part of the path."""
    asked = places(house.app, filled | {"entity": entity, "record": record})
    return [one for one in asked if f"/{entity}/" in one.path and one.endpoint not in NOT_ASKED]


def found_in(answer: TestResponse) -> list[object]:
    parts = {"body": answer.data, "headers": str(answer.headers).encode()}
    failed = [answer.status] if answer.status_code >= 500 else []
    return [*traces([MIDORI], parts), *failed]


def test_none_is_in_any_answer(house: Office, records: dict[str, UUID]) -> None:
    clerks, filled = [Asker(house, one) for one in CLERKS], arguments(house, records[ENTITY])
    wrong = []
    for entity, attribute in secured_besides(house):
        record, view = records[entity], house.engine.catalog.views_of(entity)[0].name
        for place in of_records(house, entity, record, filled=filled):
            turn = crc32(
                f"{place.method} {place.endpoint} {entity} {attribute.logical_name}".encode()
            )
            who = clerks[turn % len(clerks)]
            answer = who.ask(place, **question(attribute, record) | {"view": view})
            wrong += [(who.role, place, attribute.logical_name, one) for one in found_in(answer)]
    assert wrong == []


def test_each_is_shown_to_who_may_read_it(house: Office, records: dict[str, UUID]) -> None:
    """The values are there to be found: nothing that was asked for took a record away."""
    official = Asker(house, "kobe_official")
    for entity in {name for name, _ in secured_besides(house)}:
        path = f"/admin/t/{entity}/details/"
        answer = official.ask(Place("records.details_view", "GET", path), id=str(records[entity]))
        assert found_in(answer), entity
        for clerk in CLERKS:
            assert house.caller(clerk).has(entity, Privilege.READ)

"""The laws of what may be published: nothing that loses or misreads data, all of it or nothing.

And `personal: true` is all that a solution must say to protect a value.
"""

from typing import Any

import pytest

from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from models.metadata.publishing import publish
from models.records.engine import RecordEngine
from models.tables.session import Transaction
from tests.models.office import system
from tests.models.places import (
    PAIRED,
    PLACE,
    RECORD,
    Stated,
    altered,
    content,
    everything,
    published,
)


@pytest.fixture(scope="module")
def office(engine: RecordEngine) -> RecordEngine:
    """One for all: nothing that is published here stays."""
    published(engine, PLACE)
    batch = [RECORD, RECORD | {"tst_postcode": "650-0032"}]
    engine.run(lambda s: s.create_multiple(system(engine), "tst_place", batch))
    return engine


class _Undone(Exception):
    pass


def tried(engine: RecordEngine, place: Stated, **more: object) -> Catalog:
    """The catalog it would be."""
    found: list[Catalog] = []

    def work(transaction: Transaction) -> None:
        found.append(publish(transaction.lock(), content(place, **more)))
        raise _Undone

    with pytest.raises(_Undone):
        engine.database.run(work)
    return found[-1]


def status(**stated: Any) -> Stated:
    return {"status": [PLACE["status"][0] | stated, PLACE["status"][1]]}


LOSING: dict[str, Stated] = {
    "another type": altered(tst_floors={"type": "String", "precision": 2}),
    "sealed afterwards": altered(tst_postcode={"sealed": True}),
    "personal afterwards": altered(tst_kind={"personal": True}),
    "shorter": altered(tst_placename={"max_length": 19}),
    "less precise": altered(tst_floors={"precision": 1}),
    "another format": altered(tst_postcode={"format": "Url"}),
    "another kind of time": altered(tst_opened={"behaviour": "date_only"}),
    "another target": altered(tst_keeper={"targets": ["tst_letter"]}),
    "an option less": altered(tst_kind={"options": [{"value": 1, "label": "公園"}]}),
    "a status less": PLACE | {"status": PLACE["status"][:1]},
    "a status in another state": PLACE | status(state=1),
    "another owner": PLACE | {"ownership": "organization"},
    "another bucket": PLACE | {"key_bucket": "record"},
    "a key that records break": PLACE | {"keys": {"tst_by_floors": ["tst_floors"]}},
    "a key that tells a secret": altered(
        tst_word={"type": "String", "display_name": "合言葉", "secured": True}
    )
    | {"keys": {"tst_by_word": ["tst_word"]}},
    "a mistake beside a good change": altered(
        tst_bench={"type": "Integer", "display_name": "ベンチの数"},
        tst_bad={"type": "Lookup", "display_name": "誤り", "targets": ["tst_nowhere"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", LOSING)
def test_what_would_lose_data_is_refused_and_leaves_everything_as_it_was(
    office: RecordEngine, change: str
) -> None:
    before, catalog = everything(office), office.catalog
    with pytest.raises(DefinitionError):
        published(office, LOSING[change])
    assert everything(office) == before
    assert office.catalog is catalog


def test_the_sides_of_a_relationship_stay(office: RecordEngine) -> None:
    turned = {"first": PAIRED["second"], "second": PAIRED["first"]}
    before = everything(office)
    with pytest.raises(DefinitionError):
        published(office, PLACE, components={("many_to_many", "tst_place_people"): turned})
    assert everything(office) == before


IMPLIED: dict[str, tuple[Stated, tuple[bool, bool, str, str]]] = {
    "e-mail": ({"type": "String", "format": "Email"}, (True, True, "email", "email")),
    "phone": ({"type": "String", "format": "Phone"}, (True, True, "phone", "phone")),
    "text": ({"type": "String"}, (True, True, "text", "")),
    "memo": ({"type": "Memo"}, (True, True, "", "")),
    "date": ({"type": "DateTime", "behaviour": "date_only"}, (True, True, "", "")),
    "unless sealed: false": ({"type": "String", "sealed": False}, (False, True, "", "")),
    "unless secured: false": ({"type": "Integer", "secured": False}, (True, False, "", "")),
    "index stated": ({"type": "String", "index": "text"}, (True, True, "text", "")),
    "no index wanted": (
        {"type": "String", "format": "Email", "index": ""}, (True, True, "", "email")
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", IMPLIED)
def test_personal_implies_sealed_secured_and_indexed(office: RecordEngine, kind: str) -> None:
    stated, expected = IMPLIED[kind]
    stated = {**stated, "display_name": "個人情報", "personal": True}
    found = tried(office, altered(tst_own=stated)).entity("tst_place").attributes["tst_own"]
    assert (found.sealed, found.secured, found.index, found.masking) == expected


def test_an_entity_with_personal_values_has_a_key_for_each_record(office: RecordEngine) -> None:
    personal = {"type": "String", "display_name": "個人情報", "personal": True}
    for place, bucket in ((altered(tst_own=personal), "record"), (altered(), "month")):
        del place["key_bucket"]
        catalog = tried(office, place, entity="tst_guest", name="guests", components={})
        assert catalog.entity("tst_guest").key_bucket == bucket

"""What goes in comes out: every attribute type, sealed or not, on both databases."""

from collections.abc import Iterator
from unicodedata import normalize

import pytest
from hypothesis import given, settings

from models.metadata.query import Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models.office import office, system
from tests.models.values import THING, THINGS


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return system(engine)


def kept(name: str, value: object) -> object:
    """The one spelling the service gives a text: NFC, and no blanks around a line."""
    if not isinstance(value, str):
        return value
    text = normalize("NFC", value)
    if "memo" in name:
        return text if text.strip() else None
    return normalize("NFC", text.strip()) or None


def test_every_type_of_attribute_has_a_strategy(engine: RecordEngine) -> None:
    settable = {
        name
        for name, attribute in engine.catalog.entity("tst_thing").attributes.items()
        if not attribute.is_system and not attribute.is_read_only
    }
    assert settable - set(THING) == {"tst_code", "tst_url", "tst_parent"}


@settings(max_examples=60)
@given(values=THINGS)
def test_create_and_retrieve(
    engine: RecordEngine, caller: Caller, values: dict[str, object]
) -> None:
    [record_id] = engine.run(lambda s: s.create_multiple(caller, "tst_thing", [values]))
    found = engine.run(lambda s: s.retrieve(caller, "tst_thing", record_id))
    assert {name: found[name] for name in THING} == {
        name: kept(name, values.get(name)) for name in THING
    }


@settings(max_examples=40)
@given(before=THINGS, after=THINGS)
def test_update_changes_what_it_names_and_nothing_else(
    engine: RecordEngine, caller: Caller, before: dict[str, object], after: dict[str, object]
) -> None:
    [record_id] = engine.run(lambda s: s.create_multiple(caller, "tst_thing", [before]))
    engine.run(lambda s: s.update_multiple(caller, "tst_thing", [Change(record_id, after, 1)]))
    found = engine.run(lambda s: s.retrieve(caller, "tst_thing", record_id))
    expected = {**before, **after}
    assert {name: found[name] for name in THING} == {
        name: kept(name, expected.get(name)) for name in THING
    }
    assert found["versionnumber"] == 2


@settings(max_examples=15)
@given(values=THINGS)
def test_a_stream_and_a_page_tell_the_same(
    engine: RecordEngine, caller: Caller, values: dict[str, object]
) -> None:
    [record_id] = engine.run(lambda s: s.create_multiple(caller, "tst_thing", [values]))
    query = Query(entity="tst_thing", columns=tuple(THING), ids=(record_id,))
    page = engine.run(lambda s: s.retrieve_multiple(caller, query))
    [streamed] = [row for chunk in engine.stream(caller, query) for row in chunk]
    assert tuple(page.records[0][name] for name in THING) == streamed

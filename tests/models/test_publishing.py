"""The laws of publishing: what is added is live everywhere at once, beside all that was there."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pytest
from sqlalchemy import inspect, text

from models.metadata.errors import ValidationFailed
from models.metadata.loading import CatalogSource
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.session import Database
from tests.models.office import system
from tests.models.places import PLACE, RECORD, altered, everything, published


@pytest.fixture
def office(fresh_engine: RecordEngine) -> RecordEngine:
    published(fresh_engine, PLACE)
    return fresh_engine


@pytest.fixture
def caller(office: RecordEngine) -> Caller:
    return system(office)


OTHER_PROCESS = """
import sys
from models.metadata.loading import CatalogSource
from models.tables.session import Database
source = CatalogSource(Database(sys.argv[1]))
for _ in sys.stdin:
    entity = source.current().entities["tst_place"]
    print("tst_bench" in entity.attributes, entity.display_name.ja, flush=True)
"""


def test_what_is_added_is_live_in_a_process_that_was_running(
    office: RecordEngine, database_url: str
) -> None:
    command = [sys.executable, "-c", OTHER_PROCESS, database_url]
    place = altered(tst_bench={"type": "Integer", "display_name": "ベンチの数"})
    place["display_name"] = "施設"
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:

        def asked() -> str:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        assert asked() == "False 場所"
        published(office, place)
        assert asked() == "True 施設"
        process.communicate()


def test_records_of_before_live_on_beside_those_with_the_new_attribute(
    office: RecordEngine, caller: Caller, database_url: str
) -> None:
    [old] = office.run(lambda s: s.create_multiple(caller, "tst_place", [RECORD]))
    before = office.run(lambda s: s.retrieve(caller, "tst_place", old))
    elsewhere = Database(database_url)
    other = RecordEngine(elsewhere, office.keyring, CatalogSource(elsewhere))
    assert "tst_contact" not in other.catalog.entity("tst_place").attributes
    published(
        office,
        altered(
            tst_contact={
                "type": "String",
                "format": "Email",
                "display_name": "連絡先",
                "sealed": True,
            },
            tst_bench={"type": "Integer", "display_name": "ベンチの数", "default": 4},
        ),
    )
    found = other.run(lambda s: s.retrieve(caller, "tst_place", old))
    assert found == before | {"tst_contact": None, "tst_bench": None}
    change = Change(old, {"tst_contact": "koen@example.jp"}, 1)
    other.run(lambda s: s.update_multiple(caller, "tst_place", [change]))
    found = office.run(lambda s: s.retrieve(caller, "tst_place", old))
    assert found["tst_contact"] == "koen@example.jp"
    [new] = other.run(lambda s: s.create_multiple(caller, "tst_place", [{"tst_placename": "新"}]))
    assert office.run(lambda s: s.retrieve(caller, "tst_place", new))["tst_bench"] == 4
    elsewhere.dispose()


def test_what_is_left_out_of_a_statement_stays(office: RecordEngine, caller: Caller) -> None:
    [one] = office.run(lambda s: s.create_multiple(caller, "tst_place", [RECORD]))
    before = office.run(lambda s: s.retrieve(caller, "tst_place", one))
    less = deepcopy(PLACE)
    for name in ("tst_floors", "tst_kind"):
        del less["attributes"][name]
    published(office, less, components={})
    assert office.run(lambda s: s.retrieve(caller, "tst_place", one)) == before


def test_a_key_holds_from_when_it_is_stated_to_when_it_is_not(
    office: RecordEngine, caller: Caller
) -> None:
    def fits(**values: object) -> bool:
        try:
            office.run(lambda s: s.create_multiple(caller, "tst_place", [RECORD | values]))
        except ValidationFailed:
            return False
        return True

    assert (fits(), fits()) == (True, False)
    published(office, PLACE | {"keys": {"tst_by_postcode": ["tst_placename"]}})
    assert (fits(), fits(tst_placename="別"), fits(tst_placename="別")) == (False, True, False)


def test_a_lookup_that_no_relationship_names_lets_go(office: RecordEngine, caller: Caller) -> None:
    person = {"tst_fullname": "管理人"}
    [keeper] = office.run(lambda s: s.create_multiple(caller, "tst_person", [person]))
    place = RECORD | {"tst_keeper": keeper}
    [one] = office.run(lambda s: s.create_multiple(caller, "tst_place", [place]))
    office.run(lambda s: s.delete_multiple(caller, "tst_person", [Deletion(keeper)]))
    assert office.run(lambda s: s.retrieve(caller, "tst_place", one))["tst_keeper"] is None


def test_an_index_of_before_that_no_list_reads_any_more_is_dropped(office: RecordEngine) -> None:
    """Those of the house; another one somebody made on purpose."""
    with office.database.engine.begin() as connection:
        connection.execute(text("CREATE INDEX ix_tst_place_3 ON tst_place (createdon)"))
        connection.execute(text("CREATE INDEX somebodys_own ON tst_place (modifiedon)"))
    before = set(_indexes(office))
    published(office, altered(tst_bench={"type": "Integer", "display_name": "ベンチの数"}))
    assert before - set(_indexes(office)) == {"ix_tst_place_3"}
    wanted = {str(one.name) for one in office.catalog.tables.entities["tst_place"].indexes}
    assert set(_indexes(office)) == wanted | {"somebodys_own"}


def _indexes(engine: RecordEngine) -> list[str | None]:
    return [one["name"] for one in inspect(engine.database.engine).get_indexes("tst_place")]


def test_publishing_the_same_again_changes_nothing(office: RecordEngine) -> None:
    before = everything(office)
    published(office, deepcopy(PLACE))
    assert everything(office) == before


def test_two_who_publish_at_once_both_do(office: RecordEngine) -> None:
    names = [f"tst_{word}" for word in ("ume", "sakura", "momiji", "matsu")]
    before = office.catalog.version

    def work(name: str) -> None:
        published(office, deepcopy(PLACE), entity=name, name=name, components={})

    with ThreadPoolExecutor(len(names)) as threads:
        list(threads.map(work, names))
    catalog = office.catalog
    assert catalog.version == before + len(names)
    assert set(names) <= set(catalog.entities)
    numbers = [
        a.number for e in catalog.entities.values() for a in e.attributes.values() if a.number
    ]
    assert len(numbers) == len(set(numbers))


def test_the_longest_names_there_are_make_tables(office: RecordEngine, caller: Caller) -> None:
    name = "testtest_" + "a" * 41
    published(office, deepcopy(PLACE), entity=name, name="long", components={})
    office.run(lambda s: s.create_multiple(caller, name, [RECORD]))
    with pytest.raises(ValidationFailed):
        office.run(lambda s: s.create_multiple(caller, name, [RECORD]))

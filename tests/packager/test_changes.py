"""A changed solution: what adds is live, what would lose or misread records is refused.

On a database with records in it; a refused change leaves every table as it was.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from exchange.samples import sample_values
from models.metadata.errors import DefinitionError, ValidationFailed
from models.metadata.loading import CatalogSource
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.principals import owning
from models.tables.customizations import Attribute
from models.tables.installation import create_platform
from models.tables.principals import BusinessUnit, RolePrivilege
from models.tables.record_data import AuditEntry
from models.tables.session import Database
from packager.installing import check, install, install_audited
from tests.packager.folders import ENTITY_FILE, FORM_FILE, KOBE, attributes, contents, edit

ENTITY = "kobe_application"
SYSTEM = Caller.system("tests of changed solutions")
DESTRUCTIVE: dict[str, tuple[str, Callable[[Any], object]]] = {
    "a text to a number": ("kobe_nickname", lambda a: a.update(type="Integer")),
    "a memo to a text": ("kobe_body", lambda a: a.update(type="String", max_length=4000)),
    "a text to an address": ("kobe_nickname", lambda a: a.update(format="Email")),
    "clear to sealed": ("kobe_nickname", lambda a: a.update(sealed=True)),
    "sealed to clear": ("kobe_email", lambda a: a.update(personal=False)),
    "an index taken away": ("kobe_email", lambda a: a.update(index="")),
    "another index": ("kobe_phone", lambda a: a.update(index="text")),
    "a shorter text": ("kobe_body", lambda a: a.update(max_length=7999)),
}
OF_THE_ENTITY: dict[str, Callable[[Any], object]] = {
    "another ownership": lambda e: e.update(ownership="organization"),
    "keys of a month": lambda e: e.update(key_bucket="month"),
    "a status taken away": lambda e: e["status"].pop(3),
    "a status of another state": lambda e: e["status"][2].update(state=1),
}


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    yield from running(module_database_url, tmp_path_factory.mktemp("keys"))


@pytest.fixture
def own_engine(database_url: str, tmp_path: Path) -> Iterator[RecordEngine]:
    yield from running(database_url, tmp_path)


def running(url: str, directory: Path) -> Iterator[RecordEngine]:
    """Kobe's solution with three applications."""
    FileKeyProvider.create(directory / "root.key")
    keystore = Keystore(
        f"sqlite:///{directory}/keystore.db", FileKeyProvider(directory / "root.key")
    )
    keystore.create()
    database = Database(url)
    create_platform(database)
    install(database, KOBE)
    engine = RecordEngine(database, Keyring(keystore), CatalogSource(database))
    create(engine, 3)
    yield engine
    database.dispose()
    keystore.dispose()


def create(engine: RecordEngine, count: int, **values: object) -> None:
    with engine.database.reading() as connection:
        caller = owning(connection, SYSTEM, "運営事務局")
    entity = engine.catalog.entity(ENTITY)
    batch = [one | values for one in sample_values(entity, count, seed=count)]
    engine.run(lambda service: service.create_multiple(caller, ENTITY, batch))


def records(engine: RecordEngine) -> list[dict[str, object]]:
    query = Query(entity=ENTITY)
    return engine.run(lambda service: service.retrieve_multiple(SYSTEM, query)).records


def refused(engine: RecordEngine, folder: Path) -> str:
    before = contents(engine.database)
    with pytest.raises(DefinitionError) as error:
        install(engine.database, folder)
    assert contents(engine.database) == before
    return str(error.value)


def test_a_state_left_out_is_the_active_one_stated(own_engine: RecordEngine, folder: Path) -> None:
    def leave_out(content: Any) -> None:
        for option in content[ENTITY]["status"]:
            if option["state"] == 0:
                del option["state"]

    before = records(own_engine)
    edit(folder, ENTITY_FILE, leave_out)
    install(own_engine.database, folder)
    assert records(own_engine) == before
    assert install(own_engine.database, KOBE).version == 3


def not_corrected(name: str) -> Callable[[Any], object]:
    return lambda content: content[ENTITY]["self_service"]["correct"]["attributes"].remove(name)


@pytest.mark.parametrize("change", DESTRUCTIVE)
def test_a_destructive_change_of_an_attribute_is_refused(
    engine: RecordEngine, folder: Path, change: str
) -> None:
    name, how = DESTRUCTIVE[change]
    edit(folder, ENTITY_FILE, lambda content: how(attributes(content)[name]))
    told = rf"{re.escape(ENTITY_FILE)}:\d+: entity {ENTITY} › {name}: "
    assert re.search(told, refused(engine, folder))


@pytest.mark.parametrize("change", OF_THE_ENTITY)
def test_a_destructive_change_of_an_entity_is_refused(
    engine: RecordEngine, folder: Path, change: str
) -> None:
    edit(folder, ENTITY_FILE, lambda content: OF_THE_ENTITY[change](content[ENTITY]))
    of = f"{ENTITY} › statuscode" if "status" in change else ENTITY
    told = rf"{re.escape(ENTITY_FILE)}:\d+: entity {of}: "
    assert re.search(told, refused(engine, folder))


def test_an_option_that_records_may_hold_cannot_be_taken_away(
    engine: RecordEngine, folder: Path
) -> None:
    edit(folder, "option_sets.yaml", lambda content: content["kobe_category"]["options"].pop(4))
    assert "kobe_category: option 927000004 cannot be taken away" in refused(engine, folder)


def test_what_adds_is_live_and_records_from_before_stay(
    own_engine: RecordEngine, folder: Path
) -> None:
    before = records(own_engine)
    edit(folder, ENTITY_FILE, lambda content: attributes(content).update(added_attributes()))
    edit(
        folder,
        ENTITY_FILE,
        lambda content: attributes(content)["kobe_body"].update(max_length=9000),
    )
    assert install(own_engine.database, folder).version == 2
    name = own_engine.catalog.entity(ENTITY).attributes["kobe_furigana"]
    assert (name.sealed, name.secured, name.index) == (True, True, "text")
    create(own_engine, 1, kobe_wards=[1, 2], kobe_wish="公園に花を")
    now = records(own_engine)
    assert [{k: one[k] for k in before[0]} for one in now if one["kobe_wards"] is None] == before
    assert [(one["kobe_wards"], one["kobe_wish"]) for one in now if one["kobe_wards"]] == [
        ((1, 2), "公園に花を")
    ]


def added_attributes() -> dict[str, dict[str, object]]:
    wards = [{"value": 1, "label": "灘区"}, {"value": 2, "label": "長田区"}]
    return {
        "kobe_wards": {
            "type": "MultiSelectPicklist",
            "display_name": "活動する区",
            "options": wards,
        },
        "kobe_wish": {"type": "Memo", "display_name": "ご要望", "personal": True},
        "kobe_furigana": {"type": "String", "display_name": "ふりがな", "personal": True},
    }


def test_an_attribute_no_longer_stated_keeps_its_values_and_its_number(
    own_engine: RecordEngine, folder: Path
) -> None:
    def number() -> object:
        with own_engine.database.reading() as connection:
            named = Attribute.logical_name == "kobe_websiteurl"
            return connection.scalar(select(Attribute.number).where(named))

    before, known = records(own_engine), number()
    edit(folder, ENTITY_FILE, lambda content: attributes(content).pop("kobe_websiteurl"))
    edit(folder, FORM_FILE, forget("kobe_websiteurl"))
    edit(
        folder,
        FORM_FILE,
        lambda c: c[ENTITY]["self_service"]["correct"]["attributes"].remove("kobe_websiteurl"),
    )
    edit(folder, "forms/kobe_application_main.yaml", forget("kobe_websiteurl"))
    told = rf"{re.escape(ENTITY_FILE)}:\d+: entity {ENTITY}: kobe_websiteurl is no longer stated"
    assert re.search(told, refused(own_engine, folder)), "not by silence"
    with pytest.raises(DefinitionError, match=told):
        check(folder, present=own_engine.catalog)
    edit(folder, ENTITY_FILE, lambda c: c[ENTITY].update(retired=["kobe_websiteurl"]))
    assert check(folder, present=own_engine.catalog).version == 1
    assert "kobe_websiteurl" not in install(own_engine.database, folder).forms[ENTITY].attributes
    assert records(own_engine) == before
    assert number() == known


def forget(name: str) -> Callable[[Any], object]:
    """Take the controls of an attribute out of a form."""

    def change(content: Any) -> None:
        (form,) = content.values()
        for section in form["sections"]:
            section["controls"] = [c for c in section["controls"] if c["attribute"] != name]

    return change


def test_an_alternate_key_holds_from_its_import_to_its_removal(
    own_engine: RecordEngine, folder: Path
) -> None:
    def key(*names: str) -> None:
        edit(
            folder, ENTITY_FILE, lambda c: c[ENTITY].update(keys={f"kobe_{n}": [n] for n in names})
        )
        install(own_engine.database, folder)

    key("kobe_websiteurl")
    key("kobe_twitteraccount", "kobe_websiteurl")
    create(own_engine, 1, kobe_twitteraccount="@kobe_example")
    with pytest.raises(ValidationFailed):
        create(own_engine, 1, kobe_twitteraccount="@kobe_example")
    key()
    create(own_engine, 1, kobe_twitteraccount="@kobe_example")
    assert [
        i for i in inspect(own_engine.database.engine).get_indexes(ENTITY) if i["unique"]
    ] == []


def test_an_alternate_key_that_records_break_is_refused(
    own_engine: RecordEngine, folder: Path
) -> None:
    create(own_engine, 2, kobe_twitteraccount="@kobe_example")
    edit(
        folder, ENTITY_FILE, lambda c: c[ENTITY].update(keys={"kobe_key": ["kobe_twitteraccount"]})
    )
    message = refused(own_engine, folder)
    assert "kobe_twitteraccount is no key" in message
    assert "@kobe_example" not in message


def test_rights_are_what_is_stated_last(own_engine: RecordEngine, folder: Path) -> None:
    def change(content: Any) -> None:
        content["roles"]["kobe_operator"]["entities"] = {ENTITY: {"Read": "basic"}}

    edit(folder, "roles.yaml", change)
    edit(folder, "solution.yaml", lambda c: c["business_units"][2].update(parent="神戸市"))
    install(own_engine.database, folder)
    with own_engine.database.reading() as connection:
        rights = connection.execute(select(RolePrivilege.privilege, RolePrivilege.access_level))
        units = dict(connection.execute(select(BusinessUnit.name, BusinessUnit.parent_id)).all())
        ids = dict(connection.execute(select(BusinessUnit.name, BusinessUnit.id)).all())
    assert ("Read", 1) in [tuple(row) for row in rights]
    assert units["運営事務局"] == ids["神戸市"]


def test_an_import_is_in_the_audit_with_the_roles_it_gives_rights_to(
    own_engine: RecordEngine,
) -> None:
    install_audited(own_engine, Caller.system("importing"), KOBE)
    with own_engine.database.reading() as connection:
        body = connection.scalar(
            select(AuditEntry.body).where(AuditEntry.action == "import_solution")
        )
    details = json.loads(body or "{}")["details"]
    assert details["solution"] == "kobe_support"
    roles = {"kobe_operator", "kobe_official", "kobe_manager", "auditor", "administrator"}
    assert set(details["roles"]) == roles

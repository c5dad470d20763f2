"""A real office for the tests of models/: a database, a keystore, a solution of every type."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from models.metadata.loading import CatalogSource
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.hierarchy import units_below
from models.security.principals import owning
from models.security.privileges import (
    ALL_FIELD_RIGHTS,
    AccessLevel,
    FieldRights,
    Miscellaneous,
    Privilege,
)
from models.tables.base import new_id
from models.tables.installation import create_platform
from models.tables.principals import BusinessUnit, SystemUser, Team
from models.tables.session import Database
from packager.installing import install

SOLUTIONS = Path(__file__).parents[1] / "solutions"
SYSTEM = Caller.system("tests")


def system(engine: RecordEngine, unit_name: str = "東区") -> Caller:
    """The platform itself; what it creates belongs to that unit's team."""
    with engine.database.reading() as connection:
        return owning(connection, SYSTEM, unit_name)


@contextmanager
def office(url: str, directory: Path, solution: str = "office_of_tests") -> Iterator[RecordEngine]:
    database = Database(url)
    create_platform(database)
    install(database, SOLUTIONS / solution)
    root = directory / "root.key"
    if not root.exists():
        FileKeyProvider.create(root)
    keystore = Keystore(f"sqlite:///{directory}/keystore-{new_id().hex}.db", FileKeyProvider(root))
    keystore.create()
    yield RecordEngine(database, Keyring(keystore), CatalogSource(database))
    database.dispose()
    keystore.dispose()


def unit(engine: RecordEngine, name: str) -> UUID:
    with engine.database.reading() as connection:
        found = connection.scalar(select(BusinessUnit.id).where(BusinessUnit.name == name))
    assert found is not None
    return found


def team(engine: RecordEngine, name: str) -> UUID:
    with engine.database.reading() as connection:
        found = connection.scalar(select(Team.id).where(Team.name == name))
    assert found is not None
    return found


def account(engine: RecordEngine, unit_name: str) -> UUID:
    """A user of that business unit, without roles."""
    user_id = new_id()
    row = {
        "id": user_id,
        "email": f"{user_id.hex}@example.jp",
        "full_name": "試験",
        "password": None,
        "active": True,
        "fs_uniquifier": user_id.hex,
        "businessunit_id": unit(engine, unit_name),
    }
    engine.database.run(lambda transaction: transaction.write(SystemUser.__table__.insert(), row))
    return user_id


def member(
    engine: RecordEngine,
    unit_name: str = "東区",
    *,
    level: AccessLevel = AccessLevel.GLOBAL,
    fields: FieldRights = ALL_FIELD_RIGHTS,
    **changes: object,
) -> Caller:
    """A caller with every privilege at `level` and the same rights on every secured attribute."""
    unit_id = unit(engine, unit_name)
    with engine.database.reading() as connection:
        below = units_below(connection, unit_id)
    catalog = engine.catalog
    caller = Caller(
        id=account(engine, unit_name),
        kind="user",
        name=f"member of {unit_name}",
        purpose="a test",
        business_unit=unit_id,
        units_below=below,
        teams=frozenset({team(engine, unit_name)}),
        privileges={
            (name, privilege): level for name in catalog.entities for privilege in Privilege
        },
        miscellaneous=frozenset(Miscellaneous),
        field_rights={
            (entity.logical_name, attribute.logical_name): fields
            for entity in catalog.entities.values()
            for attribute in entity.attributes.values()
            if attribute.secured
        },
    )
    return replace(caller, **changes)  # type: ignore[arg-type]

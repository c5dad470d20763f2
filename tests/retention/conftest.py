"""An office with Kobe's rules of retention, on either database; a module's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from admin_views.retention import deciding
from models.tables.retention import PROPOSED
from tests.admin_views.office import Office, build_office
from tests.retention.ending import erasures
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def folder(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another one for each kind of database."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def office(new_database: NewDatabase, folder: Path) -> Iterator[Office]:
    url = new_database()
    # a file in a folder of its own: all that stands beside it is searched for what was erased
    office = build_office(folder, "" if url.startswith("sqlite") else url)
    yield office
    office.engine.database.dispose()


@pytest.fixture(autouse=True)
def _decided(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves anything open for the next."""
    yield
    if "office" not in request.fixturenames:
        return
    office: Office = request.getfixturevalue("office")
    manager = office.caller("kobe_manager")
    for row in erasures(office, state=PROPOSED):
        office.engine.run(
            lambda service, row=row: deciding.reject(service, manager, row.id, reason="終わり")
        )

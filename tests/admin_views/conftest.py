"""The office of these tests, and browsers without a screen that are signed in to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office, build_office
from tests.support.databases import NewDatabase


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Shared and only read, or written in records of a test's own."""
    return build_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def own_office(tmp_path: Path) -> Office:
    """For tests that publish or count."""
    return build_office(tmp_path)


@pytest.fixture(scope="module")
def any_office(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """On SQLite and on PostgreSQL."""
    office = build_office(tmp_path_factory.mktemp("any"), new_database())
    yield office
    office.engine.database.dispose()


@pytest.fixture
def desk(office: Office) -> Callable[[str], Desk]:
    return lambda role: sit_down(office, role)

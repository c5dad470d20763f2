"""An office with Kobe's enquiries on either database, shared by all tests; and its people."""

from collections.abc import Iterator

import pytest

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office, build_office
from tests.support.databases import NewDatabase


@pytest.fixture(scope="session")
def office(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    office = build_office(tmp_path_factory.mktemp("enquiries"), new_database())
    yield office
    office.engine.database.dispose()


@pytest.fixture(scope="module")
def own_office(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """For what is counted."""
    office = build_office(tmp_path_factory.mktemp("counted"), new_database())
    yield office
    office.engine.database.dispose()


@pytest.fixture
def operator(office: Office) -> Desk:
    return sit_down(office, "kobe_operator")


@pytest.fixture
def official(office: Office) -> Desk:
    return sit_down(office, "kobe_official")

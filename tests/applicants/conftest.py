"""One city for all tests, on either database; another on SQLite for what no database decides."""

from collections.abc import Iterator

import pytest

from tests.applicants.town import Applicant, City, city
from tests.support.databases import NewDatabase, sqlite_file


@pytest.fixture(scope="session")
def either_city(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    with city(tmp_path_factory.mktemp("either_city"), new_database()) as running:
        yield running


@pytest.fixture(scope="session")
def one_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("one_city")
    with city(folder, sqlite_file(folder)) as running:
        yield running


@pytest.fixture
def applicant(one_city: City) -> Applicant:
    """In front of their own application."""
    return Applicant.of(one_city).enter()

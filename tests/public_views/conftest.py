"""One installation for all tests of the front door, one on each database, and a citizen."""

from collections.abc import Iterator

import pytest

from tests.public_views.citizens import Citizen
from tests.public_views.intake import Intake, build_intake
from tests.support.databases import NewDatabase, sqlite_file


@pytest.fixture(scope="session")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = tmp_path_factory.mktemp("intake")
    running = build_intake(folder, sqlite_file(folder))
    yield running
    running.close()


@pytest.fixture(scope="session")
def either_intake(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intake]:
    """For what a database decides: every test that asks runs on SQLite and on PostgreSQL."""
    running = build_intake(tmp_path_factory.mktemp("either_intake"), new_database())
    yield running
    running.close()


@pytest.fixture
def citizen(intake: Intake) -> Citizen:
    """In front of the form, in Japanese."""
    return Citizen(intake).begin()

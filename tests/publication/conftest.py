"""One town for all tests, on either database; another on SQLite for what no database decides."""

from collections.abc import Iterator

import pytest

from tests.public_views.intake import Intake
from tests.publication.town import town
from tests.support.databases import NewDatabase, sqlite_file


@pytest.fixture(scope="session")
def either_town(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intake]:
    with town(tmp_path_factory.mktemp("either_town"), new_database()) as running:
        yield running


@pytest.fixture(scope="session")
def one_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = tmp_path_factory.mktemp("town")
    with town(folder, sqlite_file(folder)) as running:
        yield running

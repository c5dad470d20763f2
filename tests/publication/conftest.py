"""One town for all tests, on either database; another on SQLite for what no database decides."""

from collections.abc import Iterator

import pytest

from tests.admin_views.office import Office
from tests.public_views.intake import Intake
from tests.publication.city import city
from tests.publication.town import town
from tests.support.databases import NewDatabase, sqlite_file


@pytest.fixture(scope="session")
def either_town(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intake]:
    with town(tmp_path_factory.mktemp("either_town"), new_database()) as running:
        yield running


@pytest.fixture(scope="session")
def story_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Kobe's office with its stories, for all who write, publish and read them."""
    with city(tmp_path_factory.mktemp("story_city")) as found:
        yield found


@pytest.fixture(scope="session")
def one_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = tmp_path_factory.mktemp("town")
    with town(folder, sqlite_file(folder)) as running:
        yield running

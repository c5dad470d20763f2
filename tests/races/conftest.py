"""One real server on each database for all races; nothing of it is shared with other tests."""

from collections.abc import Iterator

import pytest

from tests.races.house import House, running
from tests.support.databases import NewDatabase


@pytest.fixture(scope="session")
def house(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("races"), new_database()) as found:
        yield found

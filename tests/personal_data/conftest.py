"""An office on either database, for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.admin_views.office import Office, build_office
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def any_office(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    office = build_office(tmp_path_factory.mktemp("personal"), new_database())
    yield office
    office.engine.database.dispose()

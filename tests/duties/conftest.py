"""Offices in which something is owed: a pledge, a training; on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.admin_views.office import Office, build_office
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def any_office(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    office = build_office(tmp_path_factory.mktemp("duties"), new_database())
    yield office
    office.engine.database.dispose()


@pytest.fixture
def own_office(tmp_path: Path) -> Office:
    """For one test."""
    return build_office(tmp_path)

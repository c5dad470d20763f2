"""Offices with teams, on either database; the administrator at their desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office, build_office
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def office(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    office = build_office(tmp_path_factory.mktemp("teams"), new_database())
    yield office
    office.engine.database.dispose()


@pytest.fixture
def own_office(tmp_path: Path) -> Office:
    """For one test."""
    return build_office(tmp_path)


@pytest.fixture
def administrator(office: Office) -> Desk:
    return sit_down(office, "administrator")

"""Installations to be backed up, on either database."""

from pathlib import Path

import pytest

from tests.exchange.backups.house import House, built
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def house(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Shared by the tests of a module, which add to it or only look."""
    return built(tmp_path_factory.mktemp("house"), new_database(), new_database())


@pytest.fixture
def own_house(new_database: NewDatabase, tmp_path: Path) -> House:
    """For one test, to be lost."""
    return built(tmp_path, new_database(), new_database())

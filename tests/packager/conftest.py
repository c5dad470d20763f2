"""A copy of Kobe's solution to edit, and databases with the solution as it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.tables.installation import create_platform
from models.tables.session import Database
from packager.installing import install
from tests.packager.folders import KOBE, copy_of_kobe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_kobe(tmp_path)


@pytest.fixture
def installed(database_url: str) -> Iterator[Database]:
    """For one test, on either database."""
    yield from with_kobe(database_url)


@pytest.fixture(scope="module")
def untouched(module_database_url: str) -> Iterator[Database]:
    """For all tests of a module, on either database; what they import is refused."""
    yield from with_kobe(module_database_url)


def with_kobe(url: str) -> Iterator[Database]:
    database = Database(url)
    create_platform(database)
    install(database, KOBE)
    yield database
    database.dispose()

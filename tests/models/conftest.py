"""The office, one for a module, on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.records.engine import RecordEngine
from tests.models.office import office


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture
def fresh_engine(database_url: str, tmp_path: Path) -> Iterator[RecordEngine]:
    """An office of this test's own, to be damaged."""
    with office(database_url, tmp_path) as running:
        yield running

"""The office of every attribute type, one for a module, on either database."""

from collections.abc import Iterator

import pytest

from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models.office import office, system


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="module")
def caller(engine: RecordEngine) -> Caller:
    return system(engine)

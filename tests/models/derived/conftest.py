"""An office of budgets and bills, one for a module, on either database."""

from collections.abc import Iterator

import pytest

from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models.office import office, system


@pytest.fixture(scope="module")
def engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    folder = tmp_path_factory.mktemp("values")
    with office(module_database_url, folder, "values_of_tests") as running:
        yield running


@pytest.fixture(scope="module")
def maker(engine: RecordEngine) -> Caller:
    return system(engine)

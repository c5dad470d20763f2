"""An office of each test's own: its keys are changed, and some of it is damaged."""

import pytest

from models.records.engine import RecordEngine
from models.security.caller import Caller
from tests.models.office import system


@pytest.fixture
def engine(fresh_engine: RecordEngine) -> RecordEngine:
    return fresh_engine


@pytest.fixture
def caller(engine: RecordEngine) -> Caller:
    return system(engine)

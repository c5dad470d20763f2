"""One office for all tests of this folder; each hires people of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from admin_views.identity import accounts
from models.records.engine import RecordEngine
from tests.admin_views.office import build_app, build_engine, open_engine
from tests.identity.staff import Administrator, Browser, Person, hire


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the office's databases and keys lie."""
    return tmp_path_factory.mktemp("staff")


@pytest.fixture(scope="session")
def engine(folder: Path) -> RecordEngine:
    return build_engine(folder)


@pytest.fixture(scope="session")
def app(engine: RecordEngine) -> Flask:
    return build_app(engine)


@pytest.fixture(scope="session")
def other_process(folder: Path, engine: RecordEngine) -> Flask:
    """As another web worker stands beside the first: nothing shared but the files."""
    return build_app(open_engine(folder))


@pytest.fixture
def browser_of(app: Flask) -> Callable[[], Browser]:
    return lambda: Browser(app)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser that has not been here before."""
    return Browser(app)


@pytest.fixture
def administrator(app: Flask) -> Administrator:
    return Administrator(app)


@pytest.fixture
def person(app: Flask, engine: RecordEngine) -> Person:
    """With a long password and nothing else."""
    return hire(app, engine)


@pytest.fixture
def guarded(app: Flask, engine: RecordEngine) -> Person:
    """With a second factor beside the password."""
    return hire(app, engine, key=accounts.new_totp_key())

"""The office by its name: browsers make no passkey for an address."""

from collections.abc import Callable

import pytest
from flask import Flask

from config import Settings
from models.records.engine import RecordEngine
from tests.admin_views.office import build_app
from tests.identity.passkeys.software import ORIGIN, Software, register
from tests.identity.staff import Browser, Person, hire


@pytest.fixture(scope="session")
def named(engine: RecordEngine) -> Flask:
    settings = {"UKETSUKE_ENV": "testing", "UKETSUKE_BASE_URL": ORIGIN}
    return build_app(engine, settings=Settings.from_environment(settings))


@pytest.fixture
def opens(named: Flask) -> Callable[[], Browser]:
    return lambda: Browser(named)


@pytest.fixture
def somebody(named: Flask, engine: RecordEngine) -> Person:
    """With a long password."""
    return hire(named, engine)


@pytest.fixture
def key() -> Software:
    return Software()


@pytest.fixture
def inside(opens: Callable[[], Browser], somebody: Person, key: Software) -> Browser:
    """A browser of somebody who has just registered `key`."""
    browser = opens().sign_in(somebody)
    register(browser, key)
    return browser

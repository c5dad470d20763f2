"""Fixtures for all tests: databases, a mail server, a browser, the running service.

What they stand on is in tests/support/.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support import absence, in_memory
from tests.support.browser import Watch, chromium
from tests.support.databases import (
    NewDatabase,
    postgresql_database,
    postgresql_schema,
    sqlite_file,
)
from tests.support.service import Service, served

if TYPE_CHECKING:
    from tests.support.post_office import PostOffice

# Chance finds bugs on a developer's machine; the run that decides must decide the same twice.
hypothesis_settings.register_profile("developer", deadline=None)
# It looks at the same examples each time: more of them would only be slower.
hypothesis_settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "developer")


def pytest_configure(config: pytest.Config) -> None:
    """Forget the settings of this machine: a test's outcome must not hang on them. Write into
    memory where there is room; the workers of a run have folders in the run's own."""
    for name in [name for name in os.environ if name.startswith(("UKETSUKE_", "FLASK_"))]:
        del os.environ[name]
    # A shell's background run ignores Ctrl-C, and so would the commands that tests break off.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not config.option.basetemp:
        config.option.basetemp = in_memory.folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.option.basetemp
    if folder and folder == in_memory.folder():
        shutil.rmtree(folder, ignore_errors=True)


def pytest_report_header() -> list[str]:
    """Say before anything runs what will be left out, and why."""
    missing = []
    if not absence.postgresql_answers():
        missing.append(absence.NO_POSTGRESQL)
    if not absence.chromium_is_there():
        missing.append(absence.NO_CHROMIUM)
    if not absence.npm_is_there():
        missing.append(absence.NO_NPM)
    return [f"NOT TESTED HERE: {reason}" for reason in missing]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need, so that -m "not browser" leaves it out."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "browser" in names:
            item.add_marker("browser")
        if "postgres_url" in names or "postgresql" in item.name:
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL database of this test run's own, as a URL; skips where no server answers."""
    if not absence.postgresql_answers():
        absence.absent(absence.NO_POSTGRESQL)
    with postgresql_database() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewDatabase:
    """Makes empty databases; every test that asks runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        directory = tmp_path_factory.mktemp("databases")
        return lambda: sqlite_file(directory)
    postgres_url = request.getfixturevalue("postgres_url")
    return lambda: postgresql_schema(postgres_url)


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """An empty database for one test."""
    return new_database()


@pytest.fixture(scope="module")
def module_database_url(new_database: NewDatabase) -> str:
    """An empty database that the tests of one module share."""
    return new_database()


@pytest.fixture
def smtp_server() -> Iterator["PostOffice"]:
    """A real SMTP server on a free port."""
    with _post_office() as office:
        yield office


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not absence.chromium_is_there():
        absence.absent(absence.NO_CHROMIUM)
    with chromium() as running:
        yield running


@pytest.fixture
def watch() -> Watch:
    """What pages did that they must not; ask for it beside `page`, it is checked at the end."""
    return Watch()


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A fresh browser profile, Japanese; no violation of policy passes unseen."""
    context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo")
    watch.over(context)
    yield context
    watch.settle(context)
    context.close()
    assert watch.problems == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def post_office() -> Iterator["PostOffice"]:
    """The mail server of the running service, for the whole test run."""
    with _post_office() as office:
        yield office


@pytest.fixture(scope="session")
def service(
    tmp_path_factory: pytest.TempPathFactory, post_office: "PostOffice"
) -> Iterator[Service]:
    """The whole service as “make run” starts it, on SQLite, its mails in `post_office`.

    Two offices beside each other.
    """
    chosen = {
        "UKETSUKE_MAIL_SERVER": "127.0.0.1",
        "UKETSUKE_MAIL_PORT": str(post_office.port),
        "SOLUTIONS": os.pathsep.join(("solutions/kobe_support", "solutions/student_volunteers")),
    }
    directory: Path = tmp_path_factory.mktemp("service")
    with served(directory, chosen) as running:
        yield running


@contextmanager
def _post_office() -> Iterator["PostOffice"]:
    # Imported here: it needs the commands, and with them all of the service; a law of crypto/
    # must be testable while the top of the house is being rebuilt.
    from tests.support.post_office import PostOffice

    office = PostOffice()
    office.start()
    try:
        yield office
    finally:
        office.stop()

"""The office with its outbox, one for a module, on either database; a mailer to a real server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from jobs.mail import Mailer
from jobs.worker import Worker
from jobs.workflows import mail_step
from models.records.engine import RecordEngine
from models.records.matching.coding import code_all
from models.records.steps import Steps
from models.tables.session import Database
from tests.jobs.post import WorkerOf, empty, settings
from tests.models.office import office
from tests.support.post_office import PostOffice


@pytest.fixture(scope="module")
def module_engine(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordEngine]:
    with office(module_database_url, tmp_path_factory.mktemp("office")) as running:
        code_all(running)  # else a worker's first job is to make codes
        yield running.with_steps(Steps(post_operation=(mail_step(settings(25)),)))


@pytest.fixture
def engine(module_engine: RecordEngine) -> RecordEngine:
    """The office with an empty queue."""
    empty(module_engine.database)
    return module_engine


@pytest.fixture
def database(engine: RecordEngine) -> Database:
    return engine.database


@pytest.fixture
def mailer(smtp_server: PostOffice) -> Mailer:
    return Mailer(settings(smtp_server.port))


@pytest.fixture
def worker_of(mailer: Mailer) -> WorkerOf:
    def worker(engine: RecordEngine) -> Callable[[], int]:
        return lambda: Worker(engine, mailer).run(Event(), drain=True)

    return worker


@pytest.fixture
def work(engine: RecordEngine, worker_of: WorkerOf) -> Callable[[], int]:
    """Do all due jobs."""
    return worker_of(engine)


@pytest.fixture
def kobe(database_url: str, tmp_path: Path) -> Iterator[RecordEngine]:
    """Kobe's solution with its mails, for one test."""
    solution = Path(__file__).parents[2] / "solutions" / "kobe_support"
    with office(database_url, tmp_path, str(solution)) as running:
        code_all(running)
        yield running.with_steps(Steps(post_operation=(mail_step(settings(25)),)))

"""An installation in a folder of its own, and its commands run as `flask` runs them."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import Table, select, update

from app import create_app
from extensions import ENGINE
from jobs.platform_recurrences import PLATFORM
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import Base, utc_now
from models.tables.record_data import SystemJob

ROOT = Path(__file__).parents[2]
KOBE = ROOT / "solutions" / "kobe_support"
ENTITY = "kobe_application"
RECURRING = 4 + len(PLATFORM)
"""Jobs that wait in every installation of Kobe's solution."""
READER = Caller.system("tests of the commands")
NO_DATABASE = "postgresql+psycopg://postgres@127.0.0.1:1/nowhere"


@dataclass(frozen=True)
class Installation:
    folder: Path
    changes: Mapping[str, str] = field(default_factory=dict)
    """Variables that differ from the usual ones."""

    @property
    def instance(self) -> Path:
        return self.folder / "instance"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "UKETSUKE_ENV": "testing",
            "UKETSUKE_INSTANCE_DIR": str(self.instance),
            "FLASK_RUN_FROM_CLI": "true",
            **self.changes,
        }

    def flask(self, *arguments: str, stdin: str = "") -> Result:
        """Run a command in an application of its own; it may refuse, but not break."""
        with self._app() as app:
            result = app.test_cli_runner().invoke(args=list(arguments), input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert "Traceback" not in result.output
        return result

    def done(self, *arguments: str) -> str:
        """What a command says that must succeed."""
        result = self.flask(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def refused(self, *arguments: str, status: int = 1) -> str:
        """What a command says that must fail."""
        result = self.flask(*arguments)
        assert result.exit_code == status, result.output
        return result.output

    @contextmanager
    def engine(self) -> Iterator[RecordEngine]:
        with self._app() as app:
            yield app.extensions[ENGINE]

    def records(self) -> list[dict[str, Any]]:
        """All applications, in the order in which they came."""
        query = Query(entity=ENTITY, page_size=5000)
        with self.engine() as engine:
            page = engine.run(lambda service: service.retrieve_multiple(READER, query))
        return sorted(page.records, key=lambda record: record["id"])

    def rows(self, table: type[Base]) -> list[Any]:
        kept: Table = table.__table__  # type: ignore[assignment]
        with self.engine() as engine, engine.database.reading() as connection:
            return list(connection.execute(select(kept)).all())

    def put_jobs(self, by: timedelta) -> None:
        """Every job is due so much later than now; what the clock would do is left aside."""
        due = update(SystemJob).values(due_on=utc_now() + by)
        with self.engine() as engine:
            engine.database.run(lambda transaction: transaction.write(due))

    def copy(self, folder: Path) -> "Installation":
        shutil.copytree(self.instance, folder / "instance")
        return Installation(folder, self.changes)

    @contextmanager
    def _app(self) -> Iterator[Flask]:
        app = create_app(self.environ)
        try:
            yield app
        finally:
            if ENGINE in app.extensions:
                app.extensions[ENGINE].database.dispose()


def set_up(folder: Path) -> Installation:
    made = Installation(folder)
    made.done("setup")
    return made


def with_kobe(folder: Path, *, seeds: int = 0) -> Installation:
    made = set_up(folder)
    made.done("solution", "import", str(KOBE))
    if seeds:
        made.done("demo", "seed", "--count", str(seeds))
    return made


def export(output: Path, *more: str, view: str = "kobe_application_all") -> Sequence[str]:
    """The arguments of an ordinary export."""
    return (
        *("records", "export", ENTITY, "--view", view, "--output", str(output)),
        *("--purpose", "統計の作成", *more),
    )

"""A real installation of Kobe's solution for the tests of the public's front door.

The application is the one `create_app` makes; time passes by moving what is noted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import bindparam, func, select, update

from app import create_app
from config import Settings
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from extensions import ENGINE
from jobs.mail import Mail
from jobs.outbox import open_mail
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.tables.base import Base
from models.tables.installation import create_platform
from models.tables.intake import ConfirmationToken, FormSession, RateLimit
from models.tables.record_data import SystemJob
from models.tables.session import Database
from packager.installing import install

SOLUTION = Path(__file__).parents[2] / "solutions" / "kobe_support"
FORM = "kobe_application"
BASE_URL = "http://localhost"
READER = Caller.system("tests of the public's front door")


@dataclass(frozen=True)
class Intake:
    """The running application and a look behind it."""

    app: Flask
    environ: Mapping[str, str]

    @property
    def engine(self) -> RecordEngine:
        found: RecordEngine = self.app.extensions[ENGINE]
        return found

    def record(self, record_id: UUID) -> Mapping[str, Any] | None:
        """The application with that id, opened; None if there is none."""
        query = Query(entity=FORM, ids=(record_id,))
        page = self.engine.run(lambda service: service.retrieve_multiple(READER, query))
        return page.records[0] if page.records else None

    def count(self) -> int:
        """How many applications there are."""
        table = self.engine.catalog.tables.entities[FORM]
        with self.engine.database.reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    def mails(self) -> list[Mail]:
        """What waits in the outbox, the oldest first."""
        statement = select(SystemJob.__table__).where(SystemJob.kind == "send_mail")
        with self.engine.database.reading() as connection:
            rows = connection.execute(statement.order_by(SystemJob.id)).all()
        return [open_mail(self.engine.keyring, row.id, row.payload) for row in rows]

    def rows(self, table: type[Base]) -> list[Any]:
        with self.engine.database.reading() as connection:
            return list(connection.execute(select(table.__table__)).all())

    def another_process(self, **changes: str) -> "Intake":
        """The same installation served by another application, as by a second worker, or with
        other settings."""
        environ = {**self.environ, **changes}
        return Intake(create_app(environ), environ)

    def close(self) -> None:
        self.engine.database.dispose()

    def let_time_pass(self, by: timedelta) -> None:
        """As if all visits, links and counters were so much older."""
        _age(self.engine.database, FormSession, by, "started_on", "expires_on", "captcha_since")
        _age(self.engine.database, ConfirmationToken, by, "expires_on")
        moved = update(RateLimit).values(expires_on=RateLimit.expires_on - by.total_seconds())
        self.engine.database.run(lambda transaction: transaction.write(moved))


def build_intake(folder: Path, database_url: str) -> Intake:
    environ = {
        "UKETSUKE_ENV": "testing",
        "UKETSUKE_INSTANCE_DIR": str(folder),
        "UKETSUKE_DATABASE_URL": database_url,
        "UKETSUKE_BASE_URL": BASE_URL,
    }
    settings = Settings.from_environment(environ)
    settings.create_secret_key()
    FileKeyProvider.create(settings.root_key_file)
    keystore = Keystore(settings.keystore_url, FileKeyProvider(settings.root_key_file))
    keystore.create()
    keystore.dispose()
    database = Database(settings.database_url)
    create_platform(database)
    install(database, SOLUTION)
    database.dispose()
    return Intake(create_app(environ), environ)


def _age(database: Database, table: type[Base], by: timedelta, *columns: str) -> None:
    key = table.__table__.c["token_hash"]
    with database.reading() as connection:
        rows = connection.execute(select(table.__table__)).mappings().all()
    moved = update(table).where(key == bindparam("hash"))
    moved = moved.values({name: bindparam(f"new_{name}") for name in columns})
    earlier = [
        {"hash": row["token_hash"]} | {f"new_{name}": row[name] - by for name in columns}
        for row in rows
    ]
    if earlier:
        database.run(lambda transaction: transaction.write(moved, earlier))

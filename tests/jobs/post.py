"""What the tests of jobs/ share: settings that point at a mail server, mails, jobs, time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, true, update

from config import Settings
from jobs.outbox import OutgoingMail, enqueue_mails
from jobs.platform_recurrences import PLATFORM
from models.records.engine import RecordEngine
from models.tables.base import new_id, utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Database

WorkerOf = Callable[[RecordEngine], Callable[[], int]]
"""Gives for an engine what does all its due jobs, and says how many they were."""
Rows = Callable[[Database], list[Any]]
OF_THE_PLATFORM = [one.name for one in PLATFORM]
BODY = "応援したいことを受け付けました。\n" * 5


def settings(port: int, **changes: str) -> Settings:
    return Settings.from_environment(
        {
            "UKETSUKE_ENV": "testing",
            "UKETSUKE_MAIL_SERVER": "127.0.0.1",
            "UKETSUKE_MAIL_PORT": str(port),
            "UKETSUKE_MAIL_SENDER": "no-reply@city.example.jp",
            "UKETSUKE_BASE_URL": "https://apply.example.jp",
            "UKETSUKE_INSTANCE_DIR": str(Path("nowhere").absolute()),
            **changes,
        }
    )


def mail_to(address: str, *, key_id: int | None = None, **changes: str) -> OutgoingMail:
    values: dict[str, Any] = {"template": "tst_mail", "subject": "受付のお知らせ", "body": BODY}
    return OutgoingMail(
        entity="tst_thing", record_id=new_id(), key_id=key_id, to=address, **values | changes
    )


def post(engine: RecordEngine, *mails: OutgoingMail) -> None:
    engine.database.run(
        lambda transaction: enqueue_mails(transaction, engine.keyring, list(mails))
    )


def record_key(engine: RecordEngine) -> int:
    """A data key of one record of the tests' office."""
    entity = engine.catalog.entity("tst_thing")
    return engine.keyring.sealing_keys(entity.number, "record", 1, on=utc_now())[0].id


def add_job(database: Database, **values: object) -> UUID:
    """Write a job row as it may stand in the table."""
    row = {"id": new_id(), "kind": "purge_intake", "name": "job", "due_on": utc_now()} | values
    database.run(lambda transaction: transaction.write(insert(SystemJob), row))
    assert isinstance(row["id"], UUID)
    return row["id"]


def jobs(database: Database, **having: object) -> list[Any]:
    """The rows, the oldest first, without what every worker schedules for the platform."""
    return _rows(database, having, SystemJob.name.not_in(OF_THE_PLATFORM))


def platform_jobs(database: Database, **having: object) -> list[Any]:
    return _rows(database, having, SystemJob.name.in_(OF_THE_PLATFORM))


def _rows(
    database: Database, having: Mapping[str, object], which: ColumnElement[bool]
) -> list[Any]:
    statement = select(SystemJob.__table__).where(which).filter_by(**having)
    with database.reading() as connection:
        return list(connection.execute(statement.order_by(SystemJob.created_on)).all())


def job(database: Database, job_id: UUID) -> Any:
    (row,) = _rows(database, {"id": job_id}, true())
    return row


def empty(database: Database) -> None:
    database.run(lambda transaction: transaction.write(SystemJob.__table__.delete()))


def let_time_pass(database: Database, by: timedelta, *, of: Rows = jobs) -> None:
    """As if all that is noted about the jobs had been noted so much earlier."""

    def earlier(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment - by

    for row in of(database):
        values = {
            "due_on": earlier(row.due_on),
            "lease_until": earlier(row.lease_until),
            "completed_on": earlier(row.completed_on),
        }
        statement = update(SystemJob).where(SystemJob.id == row.id).values(**values)
        database.run(lambda transaction, statement=statement: transaction.write(statement))

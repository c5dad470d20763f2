"""What the front doors need no more leaves, an unsent draft's key first; the rest stays."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from crypto.errors import DestroyedKey
from jobs import purging
from jobs.mail import Mailer
from jobs.purging import purge_intake
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.sealing import DRAFT_PAYLOAD, seal_payload
from models.tables.base import Base, new_id, utc_now
from models.tables.intake import ConfirmationToken, FormSession, RateLimit
from models.tables.principals import StaffSession
from models.tables.record_data import SystemJob
from tests.jobs.applications import APPLICATION, OFFICIAL, application, apply
from tests.jobs.post import add_job, jobs
from tests.jobs.test_erasing import JOB
from tests.laws.traces import files_below

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def write(engine: RecordEngine, table: type[Base], **values: Any) -> None:
    engine.database.run(lambda transaction: transaction.write(insert(table), values))


def count(engine: RecordEngine, table: type[Base]) -> int:
    with engine.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def purge(engine: RecordEngine, mailer: Mailer) -> None:
    purge_intake(engine, mailer, JOB)


def key(engine: RecordEngine) -> int:
    entity = engine.catalog.entity(APPLICATION)
    return engine.keyring.sealing_keys(entity.number, "record", 1, on=utc_now())[0].id


def form_session(engine: RecordEngine, *, ended: timedelta, **values: Any) -> int:
    """A form session with a draft that ended so long ago; the draft's key."""
    record_id, key_id = new_id(), key(engine)
    draft = seal_payload(
        engine.keyring,
        number=DRAFT_PAYLOAD,
        record_id=record_id,
        key_id=key_id,
        data="下書き".encode(),
    )
    row = {
        "token_hash": record_id.bytes * 2,
        "form": APPLICATION,
        "record_id": record_id,
        "draft": draft,
        "expires_on": utc_now() - ended,
    }
    write(engine, FormSession, **row | values)
    return key_id


def is_destroyed(engine: RecordEngine, key_id: int) -> bool:
    try:
        engine.keyring.opening_key(key_id)
    except DestroyedKey:
        return True
    return False


def test_an_unsent_draft_leaves_with_its_key(kobe: RecordEngine, mailer: Mailer) -> None:
    gone = form_session(kobe, ended=2 * HOUR)
    under_way = form_session(kobe, ended=-HOUR)
    just_ended = form_session(kobe, ended=HOUR / 2)
    purge(kobe, mailer)
    assert count(kobe, FormSession) == 2
    assert is_destroyed(kobe, gone)
    assert not is_destroyed(kobe, under_way)
    assert not is_destroyed(kobe, just_ended), "its form may be on its way in"


def test_what_was_sent_keeps_its_key(kobe: RecordEngine, mailer: Mailer) -> None:
    """The record is sealed with it now, even if the session's row kept the draft."""
    sent = form_session(kobe, ended=2 * HOUR, submitted_on=utc_now() - 3 * HOUR)
    purge(kobe, mailer)
    assert count(kobe, FormSession) == 0
    assert not is_destroyed(kobe, sent)


def test_a_session_without_a_draft_or_a_form_just_leaves(
    kobe: RecordEngine, mailer: Mailer
) -> None:
    form_session(kobe, ended=2 * HOUR, draft=None)
    unknown = form_session(kobe, ended=2 * HOUR, form="no_longer_there")
    purge(kobe, mailer)
    assert count(kobe, FormSession) == 0
    assert not is_destroyed(kobe, unknown), "nobody knows whose key it is"


def test_many_sessions_leave_batch_by_batch(
    kobe: RecordEngine, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 5)
    gone = [form_session(kobe, ended=2 * HOUR) for _ in range(12)]
    purge(kobe, mailer)
    assert count(kobe, FormSession) == 0
    assert all(is_destroyed(kobe, one) for one in gone)


def test_what_the_office_deleted_leaves_the_log(
    kobe: RecordEngine, mailer: Mailer, tmp_path: Path
) -> None:
    """And the database's file, while connections are open."""
    written = "会いたい人がいます" * 9
    (one,) = apply(kobe, application(kobe_body=written))
    delete = [Deletion(one)]
    kobe.run(lambda service: service.delete_multiple(OFFICIAL, APPLICATION, delete))
    with kobe.database.reading():
        purge(kobe, mailer)
        found = files_below(tmp_path)
    assert found
    assert not [place for place, content in found.items() if written.encode() in content]


@pytest.mark.parametrize(("age", "is_kept"), [(-HOUR, True), (29 * DAY, True), (31 * DAY, False)])
def test_old_links(kobe: RecordEngine, mailer: Mailer, age: timedelta, is_kept: bool) -> None:
    write(
        kobe,
        ConfirmationToken,
        token_hash=bytes(32),
        form=APPLICATION,
        entity=APPLICATION,
        record_id=new_id(),
        expires_on=utc_now() - age,
    )
    purge(kobe, mailer)
    assert count(kobe, ConfirmationToken) == is_kept


@pytest.mark.parametrize(("age", "is_kept"), [(-HOUR, True), (HOUR, False)])
def test_rate_limits_and_staff_sessions(
    kobe: RecordEngine, mailer: Mailer, age: timedelta, is_kept: bool
) -> None:
    end = utc_now() - age
    write(kobe, RateLimit, key="a", count=1, expires_on=end.timestamp())
    write(kobe, StaffSession, token_hash=bytes(32), payload=b"", expires_on=end)
    purge(kobe, mailer)
    assert (count(kobe, RateLimit), count(kobe, StaffSession)) == (is_kept, is_kept)


@pytest.mark.parametrize(
    ("state", "status", "age", "is_kept"),
    [
        ("COMPLETED", "SUCCEEDED", 6 * DAY, True),
        ("COMPLETED", "SUCCEEDED", 8 * DAY, False),
        ("COMPLETED", "CANCELED", 8 * DAY, False),
        ("COMPLETED", "FAILED", 8 * DAY, True),
        ("COMPLETED", "FAILED", 31 * DAY, False),
        ("READY", "WAITING", None, True),
        ("LOCKED", "IN_PROGRESS", None, True),
    ],
)
def test_finished_jobs(
    kobe: RecordEngine,
    mailer: Mailer,
    state: str,
    status: str,
    age: timedelta | None,
    is_kept: bool,
) -> None:
    completed_on = None if age is None else utc_now() - age
    add_job(
        kobe.database,
        state=state,
        status=status,
        completed_on=completed_on,
        due_on=utc_now() - 40 * DAY,
    )
    purge(kobe, mailer)
    assert count(kobe, SystemJob) == is_kept
    assert len(jobs(kobe.database)) == is_kept


def test_a_download_whose_web_process_died_is_cancelled(
    engine: RecordEngine, mailer: Mailer
) -> None:
    locked = {"kind": "export_download", "state": "LOCKED", "status": "IN_PROGRESS"}
    old = add_job(engine.database, **locked, started_on=utc_now() - DAY, message="5 / 9 / 0")
    new = add_job(engine.database, **locked, started_on=utc_now() - HOUR, message="5 / 9 / 0")
    purge(engine, mailer)
    states = {job.id: (job.status, job.message) for job in jobs(engine.database)}
    assert states[old] == ("CANCELED", "5 / 9 / 0")
    assert states[new] == ("IN_PROGRESS", "5 / 9 / 0")

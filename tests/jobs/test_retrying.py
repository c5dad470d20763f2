"""A failed job is put back by who may see jobs, once, and the audit says by whom; nothing else
is put back."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from jobs import retrying
from jobs.kinds import KINDS
from jobs.mail import Mailer
from jobs.queue import MOST_ATTEMPTS
from jobs.worker import Worker
from models.metadata.errors import AccessDenied
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.privileges import Miscellaneous
from models.tables.base import new_id
from models.tables.record_data import AuditEntry
from tests.jobs.post import add_job, job, jobs, let_time_pass, mail_to, post, settings
from tests.support.post_office import PostOffice
from tests.support.service import free_port

FAILED = {"state": "COMPLETED", "status": "FAILED", "attempts": MOST_ATTEMPTS}
NOT_FAILED = [
    {"state": "READY", "status": "WAITING"},
    {"state": "LOCKED", "status": "IN_PROGRESS"},
    {"state": "COMPLETED", "status": "SUCCEEDED"},
    {"state": "COMPLETED", "status": "CANCELED"},
]


def person(*may: Miscellaneous) -> Caller:
    """A new one each time: the audit is never emptied."""
    name = "kanri@city.example.jp"
    return Caller(id=new_id(), kind="user", name=name, miscellaneous=frozenset(may))


@pytest.fixture
def administrator() -> Caller:
    return person(Miscellaneous.READ_JOBS)


def retry(engine: RecordEngine, caller: Caller, job_id: UUID) -> bool:
    return engine.run(lambda service: retrying.retry(service, caller, job_id))


def retry_mails(engine: RecordEngine, caller: Caller) -> int:
    return engine.run(lambda service: retrying.retry_mails(service, caller))


def audited(engine: RecordEngine, caller: Caller) -> list[Any]:
    with engine.database.reading() as connection:
        statement = select(AuditEntry.__table__).where(AuditEntry.caller_id == caller.id)
        return list(connection.execute(statement).all())


def statuses(engine: RecordEngine) -> dict[UUID, str]:
    return {row.id: row.status for row in jobs(engine.database)}


def work_without_a_server_until_given_up(engine: RecordEngine) -> None:
    worker = Worker(engine, Mailer(settings(free_port())))
    for _ in range(MOST_ATTEMPTS):
        worker.run(Event(), drain=True)
        let_time_pass(engine.database, timedelta(hours=8))
    assert set(statuses(engine).values()) == {"FAILED"}


def test_mails_that_were_given_up_are_sent_after_all(
    engine: RecordEngine,
    work: Callable[[], int],
    smtp_server: PostOffice,
    administrator: Caller,
) -> None:
    """The mail server was away for more than a day, and is back."""
    post(engine, *(mail_to(f"a{number}@example.jp") for number in range(3)))
    work_without_a_server_until_given_up(engine)
    assert work() == 0
    first = jobs(engine.database)[0]
    assert retry(engine, administrator, first.id)
    assert (work(), len(smtp_server.mails)) == (1, 1)
    assert retry_mails(engine, administrator) == 2
    assert (work(), len(smtp_server.mails)) == (2, 3)
    assert set(statuses(engine).values()) == {"SUCCEEDED"}
    one, all_others = audited(engine, administrator)
    assert (one.action, one.entity, one.record_id) == ("retry_job", first.entity, first.record_id)
    assert (all_others.action, all_others.record_id) == ("retry_job", None)
    assert '"count":2' in all_others.body


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_job_has_all_its_attempts_again(
    engine: RecordEngine, administrator: Caller, kind: str
) -> None:
    job_id = add_job(engine.database, kind=kind, **FAILED)
    assert retry(engine, administrator, job_id)
    row = job(engine.database, job_id)
    assert (row.state, row.status, row.attempts) == ("READY", "WAITING", 0)
    assert not retry(engine, administrator, job_id), "it waits already"
    assert len(audited(engine, administrator)) == 1


@pytest.mark.parametrize("stands", NOT_FAILED, ids=lambda stands: stands["status"])
def test_what_did_not_fail_is_left_alone(
    engine: RecordEngine, administrator: Caller, stands: dict[str, str]
) -> None:
    job_id = add_job(engine.database, kind="send_mail", **stands)
    before = job(engine.database, job_id)
    assert not retry(engine, administrator, job_id)
    assert retry_mails(engine, administrator) == 0
    assert job(engine.database, job_id) == before
    assert audited(engine, administrator) == []


def test_what_no_worker_can_do_and_what_is_gone_are_not_put_back(
    engine: RecordEngine, administrator: Caller
) -> None:
    export = add_job(engine.database, kind="export_download", **FAILED)
    for job_id in (export, new_id()):
        assert not retry(engine, administrator, job_id)
    assert retry_mails(engine, administrator) == 0
    assert statuses(engine) == {export: "FAILED"}
    assert audited(engine, administrator) == []


def test_only_who_may_see_jobs_puts_them_back(engine: RecordEngine) -> None:
    job_id = add_job(engine.database, kind="send_mail", **FAILED)
    others = person(*(one for one in Miscellaneous if one is not Miscellaneous.READ_JOBS))
    with pytest.raises(AccessDenied):
        retry(engine, others, job_id)
    with pytest.raises(AccessDenied):
        retry_mails(engine, others)
    assert statuses(engine) == {job_id: "FAILED"}
    assert [entry.action for entry in audited(engine, others)] == ["refusal"] * 2

"""`flask worker --drain`: does what is due, says how much it was, and ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from models.records.steps import Steps
from models.security.principals import public_caller
from models.tables.record_data import AuditEntry, SystemJob
from tests.admin_views.office import application
from tests.cli.installation import ENTITY, RECURRING, Installation
from tests.support.post_office import PostOffice
from tests.support.service import free_port


@pytest.fixture
def mailing(own_kobe: Installation, smtp_server: PostOffice) -> Installation:
    """An installation with nothing due, whose mails go to `smtp_server`."""
    own_kobe.put_jobs(timedelta(hours=2))
    mail = {"UKETSUKE_MAIL_SERVER": "127.0.0.1", "UKETSUKE_MAIL_PORT": str(smtp_server.port)}
    return replace(own_kobe, changes=mail)


def apply(installation: Installation, *, status: int) -> None:
    with installation.engine() as engine:
        assert engine.steps != Steps()
        with engine.database.reading() as connection:
            caller = public_caller(connection, engine.catalog.forms[ENTITY])
        values = application(statuscode=status)
        engine.run(lambda service: service.create_multiple(caller, ENTITY, [values]))


def states(installation: Installation) -> list[tuple[str, str]]:
    return [
        (job.state, job.status) for job in installation.rows(SystemJob) if job.kind == "send_mail"
    ]


def test_nothing_to_do_is_said(mailing: Installation) -> None:
    assert mailing.done("worker", "--drain") == "Stopped. 0 jobs.\n"


def test_waiting_mails_are_sent(mailing: Installation, smtp_server: PostOffice) -> None:
    for status in (1, 2):
        apply(mailing, status=status)
    assert mailing.done("worker", "--drain") == "Stopped. 2 jobs.\n"
    subjects = sorted(mail.subject for mail in smtp_server.mails)
    assert subjects[0].startswith("【KOBE応援プラットフォーム】受付完了のお知らせ（")
    assert subjects[1:] == ["【KOBE応援プラットフォーム】登録完了手続きのお願い"]
    assert states(mailing) == [("COMPLETED", "SUCCEEDED")] * 2
    assert mailing.done("worker", "--drain") == "Stopped. 0 jobs.\n"


def test_without_a_mail_server_nothing_is_lost(
    mailing: Installation, smtp_server: PostOffice
) -> None:
    apply(mailing, status=2)
    away = replace(mailing, changes=mailing.changes | {"UKETSUKE_MAIL_PORT": str(free_port())})
    away.done("worker", "--drain")
    assert not smtp_server.mails
    assert [state for state, _ in states(mailing)] == ["READY"]
    mailing.put_jobs(timedelta(0))
    mailing.done("worker", "--drain")
    assert len(smtp_server.mails) == 1


def test_failed_mails_are_put_back_on_request(
    mailing: Installation, smtp_server: PostOffice
) -> None:
    for _ in range(2):
        apply(mailing, status=2)
    with mailing.engine() as engine:
        failed = update(SystemJob).values(state="COMPLETED", status="FAILED", attempts=9)
        engine.database.run(lambda transaction: transaction.write(failed))
    assert mailing.done("worker", "--drain").endswith("Stopped. 0 jobs.\n")
    assert not smtp_server.mails
    said = mailing.done("worker", "--drain", "--retry-failed")
    assert said.startswith("Failed mails put back into the queue: 2.\n")
    assert said.endswith("Stopped. 2 jobs.\n")
    assert len(smtp_server.mails) == 2
    again = mailing.done("worker", "--drain", "--retry-failed")
    assert again.startswith("Failed mails put back into the queue: 0.\n")
    (entry,) = [one for one in mailing.rows(AuditEntry) if one.action == "retry_job"]
    assert "flask worker --retry-failed by " in entry.body
    assert '"count":2' in entry.body


def test_what_was_late_is_told(mailing: Installation) -> None:
    mailing.put_jobs(-timedelta(days=2))
    late = f"{RECURRING} jobs were not done when they were due; doing them now."
    assert late in mailing.done("worker", "--drain")

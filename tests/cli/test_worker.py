"""`flask worker --drain`: does what is due, says how much it was, and ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from models.records.steps import Steps
from models.security.principals import public_caller
from models.tables.base import utc_now
from models.tables.record_data import SystemJob
from tests.admin_views.office import application
from tests.cli.installation import ENTITY, Installation
from tests.support.post_office import PostOffice
from tests.support.service import free_port


@pytest.fixture
def mailing(own_kobe: Installation, smtp_server: PostOffice) -> Installation:
    """An installation whose mails go to `smtp_server`."""
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


def test_nothing_to_do_is_said(kobe: Installation) -> None:
    assert kobe.done("worker", "--drain") == "Stopped. 0 jobs.\n"


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
    with mailing.engine() as engine:
        due = update(SystemJob).values(due_on=utc_now())
        engine.database.run(lambda transaction: transaction.write(due))
    mailing.done("worker", "--drain")
    assert len(smtp_server.mails) == 1


def test_what_was_late_is_told(mailing: Installation) -> None:
    with mailing.engine() as engine:
        late = update(SystemJob).values(due_on=utc_now() - timedelta(days=2))
        engine.database.run(lambda transaction: transaction.write(late))
    assert "2 jobs were not done when they were due; doing them now." in mailing.done(
        "worker", "--drain"
    )

"""From the outbox to a real mail server, through whatever goes wrong on the way."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from crypto.errors import BadTag, DestroyedKey
from jobs import notices
from jobs.mail import Mailer
from jobs.outbox import open_mail
from jobs.worker import Worker
from models.records.engine import RecordEngine
from models.tables.base import utc_now
from tests.jobs.post import BODY, jobs, let_time_pass, mail_to, post, record_key, settings
from tests.support.post_office import PostOffice
from tests.support.service import free_port

ADDRESS = "himitsu.hanako@example.jp"
Work = Callable[[], int]


def only_job(engine: RecordEngine) -> Any:
    (row,) = jobs(engine.database)
    return row


def test_a_mail_arrives_and_its_payload_goes(
    engine: RecordEngine, work: Work, smtp_server: PostOffice
) -> None:
    post(engine, mail_to(ADDRESS, key_id=record_key(engine), sender_name="事務局"))
    assert work() == 1
    (mail,) = smtp_server.mails
    assert (mail.recipients, mail.subject, mail.text) == ((ADDRESS,), "受付のお知らせ", BODY)
    assert str(mail.message["From"]) == "事務局 <no-reply@city.example.jp>"
    row = only_job(engine)
    assert mail.message["Message-ID"] == f"<{row.id.hex}@city.example.jp>"
    assert (row.state, row.status, row.payload, row.message) == (
        "COMPLETED",
        "SUCCEEDED",
        None,
        "",
    )


def test_no_address_or_body_is_in_clear_in_the_queue(engine: RecordEngine) -> None:
    post(engine, mail_to(ADDRESS, key_id=record_key(engine)), mail_to(ADDRESS))
    with engine.database.reading() as connection:
        table = connection.exec_driver_sql("SELECT * FROM systemjob").all()
    assert len(table) == 2
    for value in [value for row in table for value in row]:
        raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for secret in (ADDRESS, "himitsu", "受付のお知らせ", BODY, json.dumps(BODY)[1:9]):
            assert secret.encode() not in raw


def test_a_payload_opens_for_its_own_job_only(engine: RecordEngine) -> None:
    key_id = record_key(engine)
    post(engine, mail_to("a@example.jp", key_id=key_id), mail_to("b@example.jp", key_id=key_id))
    first, second = jobs(engine.database)
    assert {open_mail(engine.keyring, row.id, row.payload).to for row in (first, second)} == {
        "a@example.jp",
        "b@example.jp",
    }
    with pytest.raises(BadTag):
        open_mail(engine.keyring, first.id, second.payload)


def test_an_erased_record_s_mail_is_cancelled(
    engine: RecordEngine, work: Work, smtp_server: PostOffice
) -> None:
    key_id = record_key(engine)
    post(engine, mail_to(ADDRESS, key_id=key_id))
    engine.keyring.destroy([key_id])
    with pytest.raises(DestroyedKey):
        open_mail(engine.keyring, only_job(engine).id, only_job(engine).payload)
    assert work() == 1
    row = only_job(engine)
    assert (row.state, row.status, row.payload, row.message) == (
        "COMPLETED",
        "CANCELED",
        None,
        notices.ERASED,
    )
    assert (work(), smtp_server.mails) == (0, ())


def test_a_server_that_is_down_loses_nothing(
    engine: RecordEngine, smtp_server: PostOffice
) -> None:
    """It is down for the first attempts, then it is back."""
    for number in range(5):
        post(engine, mail_to(f"a{number}@example.jp", key_id=record_key(engine)))
    nobody = Mailer(settings(free_port()))
    for _ in range(3):
        assert Worker(engine, nobody).run(never(), drain=True) == 5
        rows = jobs(engine.database)
        assert {(row.state, row.status) for row in rows} == {("READY", "WAITING")}
        assert {row.message.split("\n")[0] for row in rows} == {notices.UNREACHABLE}
        let_time_pass(engine.database, timedelta(hours=1))
    assert Worker(engine, Mailer(settings(smtp_server.port))).run(never(), drain=True) == 5
    assert sorted(mail.recipients[0] for mail in smtp_server.mails) == [
        f"a{number}@example.jp" for number in range(5)
    ]
    assert {(r.status, r.message, r.attempts) for r in jobs(engine.database)} == {
        ("SUCCEEDED", "", 4)
    }


@pytest.mark.parametrize("reply", ["451 4.3.0 try later", "421 4.7.0 too busy", "452 full"])
def test_not_now_is_tried_again(
    engine: RecordEngine, work: Work, smtp_server: PostOffice, reply: str
) -> None:
    smtp_server.refuse(reply)
    post(engine, mail_to(ADDRESS))
    assert work() == 1
    row = only_job(engine)
    assert (row.state, row.message) == ("READY", f"{notices.REFUSED}\nSMTP {reply[:3]}")
    let_time_pass(engine.database, timedelta(hours=1))
    assert work() == 1
    assert (only_job(engine).status, len(smtp_server.mails)) == ("SUCCEEDED", 1)


@pytest.mark.parametrize("reply", ["554 5.7.1 <himitsu.hanako@example.jp> is spam", "552 large"])
def test_no_is_no_and_is_shown_without_the_address(
    engine: RecordEngine, work: Work, smtp_server: PostOffice, reply: str
) -> None:
    smtp_server.refuse(reply)
    post(engine, mail_to(ADDRESS))
    assert work() == 1
    row = only_job(engine)
    assert (row.state, row.status) == ("COMPLETED", "FAILED")
    assert row.message == f"{notices.REFUSED}\nSMTP {reply[:3]}"
    assert row.payload is not None, "it can be put back into the queue"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "a\r\nBcc: victim@example.jp"}, notices.UNSAFE),
        ({"sender_name": "a\nBcc: victim@example.jp"}, notices.UNSAFE),
        ({"address": "no address"}, notices.BAD_ADDRESS),
        ({"address": "a@example.jp\nRCPT TO:<victim@example.jp>"}, notices.BAD_ADDRESS),
    ],
)
def test_an_injected_header_ends_the_mail(
    engine: RecordEngine,
    work: Work,
    smtp_server: PostOffice,
    changes: dict[str, str],
    said: str,
) -> None:
    changes = dict(changes)
    post(engine, mail_to(changes.pop("address", ADDRESS), **changes))
    assert work() == 1
    row = only_job(engine)
    assert (row.status, row.message, smtp_server.mails) == ("FAILED", said, ())


def test_an_altered_payload_is_not_tried_again(
    engine: RecordEngine, work: Work, smtp_server: PostOffice
) -> None:
    post(engine, mail_to("a@example.jp"), mail_to("b@example.jp"))
    first, second = jobs(engine.database)
    engine.database.run(
        lambda transaction: transaction.lock().exec_driver_sql(
            "UPDATE systemjob SET payload = (SELECT payload FROM systemjob"
            f" ORDER BY id {'ASC' if first.id < second.id else 'DESC'} LIMIT 1)"
        )
    )
    assert work() == 2
    rows = {row.id: row for row in jobs(engine.database)}
    assert rows[first.id].status == "SUCCEEDED"
    assert (rows[second.id].status, rows[second.id].message) == ("FAILED", notices.ALTERED)
    assert [mail.recipients for mail in smtp_server.mails] == [("a@example.jp",)]


def test_an_unknown_kind_is_a_failure_not_an_end(engine: RecordEngine, work: Work) -> None:
    post(engine, mail_to(ADDRESS))
    engine.database.run(
        lambda transaction: transaction.lock().exec_driver_sql(
            "UPDATE systemjob SET kind = 'make_tea'"
        )
    )
    assert work() == 1
    row = only_job(engine)
    assert (row.state, row.message) == ("READY", f"{notices.UNEXPECTED}\nKeyError")


def test_a_thousand_mails_are_one_statement(engine: RecordEngine) -> None:
    keys = [record_key(engine) for _ in range(20)]
    mails = [mail_to(f"a{n}@example.jp", key_id=keys[n % 20]) for n in range(1000)]
    before = utc_now()
    post(engine, *mails)
    assert utc_now() - before < timedelta(seconds=2)
    assert len(jobs(engine.database, state="READY")) == 1000


def never() -> Event:
    return Event()

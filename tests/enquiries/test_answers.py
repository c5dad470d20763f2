"""Answers from the mailbox: filed where their token says, once, as plain text, sealed; whatever
else lies there stays as it is. With a real SMTP server for the way out and a real IMAP server for
the way back.
"""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest

from config import Settings
from jobs import answers, notices, office_mails
from jobs.answer_tokens import Thread, find, token_of
from jobs.mail import Mailer
from jobs.office_mails import OfficeMail
from jobs.outbox import enqueue
from jobs.worker import Worker
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Deletion
from models.records.matching.coding import code_all
from models.tables.base import new_id, utc_now
from models.tables.record_data import SystemJob
from tests.admin_views.desk import Desk
from tests.admin_views.office import Office
from tests.enquiries.asking import ACTIVITY, ENQUIRY, SEEING, ask, of
from tests.identity.staff import acts
from tests.jobs.post import settings
from tests.jobs.test_conversation import self_signed
from tests.support.mail_house import PASSWORD, USER, MailHouse, running
from tests.support.post_office import PostOffice

HANAKO, MAILBOX = "hanako.kobe@example.jp", "uketsuke@city.example.jp"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("mail_house"))


@pytest.fixture
def house(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailHouse]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(MailHouse(certificate, validity=new_id().int % 10**6)) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_waits(office: Office) -> None:
    code_all(office.engine)
    office.engine.database.run(lambda t: t.write(SystemJob.__table__.delete()))


def with_mailbox(house: MailHouse, smtp: int = 25, **changes: str) -> Settings:
    stated = {
        "UKETSUKE_IMAP_SERVER": "127.0.0.1",
        "UKETSUKE_IMAP_PORT": str(house.port),
        "UKETSUKE_IMAP_USER": USER,
        "UKETSUKE_IMAP_PASSWORD": PASSWORD,
        "UKETSUKE_IMAP_ADDRESS": MAILBOX,
        "UKETSUKE_IMAP_SUBADDRESSES": "on",
    }
    return settings(smtp, **stated | changes)


def fetch(office: Office, house: MailHouse, **changes: str) -> str:
    """By the worker; what it says of the job."""
    job = office.engine.database.run(
        lambda t: enqueue(t, kind="fetch_answers", name="fetch", due_on=utc_now())
    )
    Worker(office.engine, Mailer(with_mailbox(house, **changes))).run(Event(), drain=True)
    with office.engine.database.reading() as connection:
        row = connection.execute(SystemJob.__table__.select().where(SystemJob.id == job)).one()
    return str(row.message or row.status)


def counted(office: Office) -> dict[str, int]:
    return [one for one in acts(office.engine) if one["action"] == "fetch_answers"][-1]["details"]


def filed(office: Office, record: UUID) -> list[dict[str, object]]:
    about = Filter((Condition("kobe_regarding", Operator.EQUAL, record),))
    query = Query(entity=ACTIVITY, filter=about)
    found = office.engine.run(lambda s: s.retrieve_multiple(SEEING, query)).records
    return [one for one in found if one["kobe_direction"] == 2]


def token(office: Office, record: UUID, entity: str = ENQUIRY) -> str:
    number = office.engine.catalog.entity(entity).number
    return token_of(office.engine.keyring, Thread(number, record))


def answer(named: str, text: str = "木曜日でお願いします。", **headers: str) -> EmailMessage:
    """As a person's mail program writes it."""
    message = EmailMessage()
    stated = {
        "From": f"神戸 花子 <{HANAKO}>",
        "To": MAILBOX,
        "Subject": "Re: お問い合わせへの回答",
        "Message-ID": f"<{new_id().hex}@mail.example.jp>",
        "In-Reply-To": f"<{new_id().hex}.{named}@city.example.jp>",
    }
    for name, value in (stated | headers).items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def test_from_the_office_to_the_citizen_and_back(
    office: Office, operator: Desk, house: MailHouse, smtp_server: PostOffice
) -> None:
    record = ask(office)
    mail = OfficeMail(
        entity=ENQUIRY, record_id=record, to="kobe_email", subject="回答", body="本文"
    )
    caller = office.caller("kobe_operator")
    office.engine.run(lambda s: office_mails.send(s, caller, mail))
    Worker(office.engine, Mailer(with_mailbox(house, smtp_server.port))).run(Event(), drain=True)
    sent = smtp_server.wait_for(lambda one: one.recipients == (HANAKO,)).message
    assert sent["Reply-To"] == f"uketsuke+{token(office, record)}@city.example.jp"
    reply = answer(
        "", **{"In-Reply-To": str(sent["Message-ID"]), "Date": "Sun, 29 Nov 2026 09:00 +0900"}
    )
    number = house.deliver(reply.as_bytes())
    assert fetch(office, house) == "SUCCEEDED"
    [found] = filed(office, record)
    assert found["kobe_subject"] == "Re: お問い合わせへの回答"
    assert found["kobe_description"] == "木曜日でお願いします。"
    assert (found["kobe_kind"], found["statecode"]) == (3, 0), "somebody has yet to read it"
    assert found["ownerid"] == of(office, record)["ownerid"]
    assert house.read() == {number}
    page = operator.get(f"/admin/t/{ENQUIRY}/details/", id=str(record)).text
    assert "木曜日でお願いします。" in page
    assert "From: h•••@example.jp" in page, "who sees the address masked sees it masked here"
    assert HANAKO not in page


@pytest.mark.parametrize("way", ["In-Reply-To", "References", "To", "Cc", "Delivered-To"])
def test_the_token_is_found_wherever_it_stands(office: Office, house: MailHouse, way: str) -> None:
    record = ask(office)
    named = token(office, record)
    told = f"uketsuke+{named.upper()}@city.example.jp"
    value = told if way in {"To", "Cc", "Delivered-To"} else f"<x@example.jp> <y.{named}@city>"
    house.deliver(answer("", **{"In-Reply-To": "", way: value}).as_bytes())
    fetch(office, house)
    assert len(filed(office, record)) == 1


def test_it_is_sealed_and_the_log_and_the_audit_say_nothing_of_it(
    office: Office, house: MailHouse
) -> None:
    record = ask(office)
    house.deliver(answer(token(office, record), "口座は1234567です。").as_bytes())
    fetch(office, house)
    table = office.engine.catalog.tables.entities[ACTIVITY]
    with office.engine.database.reading() as connection:
        rows = connection.execute(table.select()).mappings()
        [row] = [row for row in rows if row["kobe_regarding"] == record]
    for name in ("kobe_description", "kobe_sender"):
        assert isinstance(row[name], bytes)
    assert "1234567" not in str(acts(office.engine))
    assert HANAKO not in str(acts(office.engine))


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"In-Reply-To": "", "Subject": "Re: 【KOBE応援プラットフォーム】Q-AAAA-BBBB"}, "strange"),
        ({"In-Reply-To": "<" + "a" * 48 + "@city.example.jp>"}, "forged"),
        ({"Auto-Submitted": "auto-replied"}, "automatic"),
        ({"Auto-Submitted": "auto-generated; x=1"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"Return-Path": "<>"}, "automatic"),
        ({"List-Id": "<list.example.jp>"}, "automatic"),
        ({"From": "no-reply@city.example.jp"}, "automatic"),
        ({"From": f"受付 <{MAILBOX.upper()}>"}, "automatic"),
    ],
)
def test_what_is_left_alone_and_counted(
    office: Office, house: MailHouse, headers: dict[str, str], outcome: str
) -> None:
    record = ask(office)
    house.deliver(answer(token(office, record), **headers).as_bytes())
    fetch(office, house)
    assert filed(office, record) == []
    assert counted(office) == {outcome: 1}
    assert house.read() == set()
    assert "UID STORE" not in house.heard


def test_a_mail_of_a_stranger_is_not_even_read(office: Office, house: MailHouse) -> None:
    """Its header is looked at, its text is not fetched."""
    house.deliver(answer("", **{"In-Reply-To": ""}).as_bytes())
    fetch(office, house)
    assert house.heard.count("UID FETCH") == 1


@pytest.mark.parametrize("header", ["To", "Cc", "From"])
def test_a_header_that_cannot_be_read_keeps_no_other_mail_from_being_filed(
    office: Office, house: MailHouse, header: str
) -> None:
    """985 brackets, which fit one line, and Python's library gives up."""
    record = ask(office)
    hostile = b"Message-ID: <1@a.example>\r\n%s: %s\r\n\r\nx" % (header.encode(), b"(" * 985)
    house.deliver(hostile)
    house.deliver(answer(token(office, record)).as_bytes())
    fetch(office, house)
    assert counted(office) == {"strange": 1, "filed": 1}
    assert len(filed(office, record)) == 1


def test_auto_submitted_no_is_a_person(office: Office, house: MailHouse) -> None:
    record = ask(office)
    house.deliver(answer(token(office, record), **{"Auto-Submitted": "no"}).as_bytes())
    fetch(office, house)
    assert len(filed(office, record)) == 1


def test_each_mail_is_filed_once(
    office: Office, house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not again by the next run, nor after a crash, nor where numbers begin anew."""
    record = ask(office)
    house.deliver(answer(token(office, record)).as_bytes())

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("the worker is killed before it noted how far it was")

    with monkeypatch.context() as patched:
        patched.setattr(answers, "_remember", crash)
        fetch(office, house)
    assert len(filed(office, record)) == 1
    for _ in range(2):
        fetch(office, house)
    house.validity += 1
    fetch(office, house)
    assert len(filed(office, record)) == 1
    house.deliver(answer(token(office, record), "二通目です。").as_bytes())
    fetch(office, house)
    assert len(filed(office, record)) == 2


@pytest.mark.parametrize("entity", ["kobe_hearing", "kobe_enquiry_activity"])
def test_a_token_of_what_is_gone_or_keeps_nothing(
    office: Office, house: MailHouse, entity: str
) -> None:
    record = ask(office)
    house.deliver(answer(token(office, record, entity)).as_bytes())
    gone = ask(office)
    house.deliver(answer(token(office, gone)).as_bytes())
    office.engine.run(lambda s: s.delete_multiple(SEEING, ENQUIRY, [Deletion(gone)]))
    fetch(office, house)
    assert counted(office) == {"gone": 2}
    assert house.read() == set()


def test_no_other_installation_makes_a_token(office: Office) -> None:
    record = ask(office)
    named = token(office, record)
    assert find(office.engine.keyring, [named]).thread is not None
    for place in range(0, 48, 5):
        other = named[:place] + ("b" if named[place] == "a" else "a") + named[place + 1 :]
        found = find(office.engine.keyring, [other])
        assert (found.thread, found.is_forged) == (None, True)


def test_without_a_mailbox_nothing_is_done(office: Office, house: MailHouse) -> None:
    off = dict.fromkeys(("SERVER", "PORT", "USER", "PASSWORD", "ADDRESS", "SUBADDRESSES"), "")
    assert fetch(office, house, **{f"UKETSUKE_IMAP_{n}": v for n, v in off.items()}) == "SUCCEEDED"
    assert house.heard == []


def test_what_is_wrong_is_said_without_the_servers_words(
    office: Office, house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch(office, house, UKETSUKE_IMAP_PASSWORD="wrong") == notices.MAILBOX
    assert fetch(office, house, UKETSUKE_IMAP_FOLDER="Nowhere") == notices.MAILBOX
    monkeypatch.delenv("SSL_CERT_FILE")
    assert fetch(office, house) == notices.CERTIFICATE
    assert fetch(office, house, UKETSUKE_IMAP_PORT="1").startswith(notices.UNREACHABLE)


def test_by_starttls(office: Office, house: MailHouse) -> None:
    record = ask(office)
    house.has_starttls = True
    house.deliver(answer(token(office, record)).as_bytes())
    assert fetch(office, house, UKETSUKE_IMAP_TLS="starttls") == "SUCCEEDED"
    assert len(filed(office, record)) == 1
    assert house.heard.index("STARTTLS") < house.heard.index(["LOGIN", "uketsuke"][0])

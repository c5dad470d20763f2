"""The solution's mails go out when a record gets a status: in its transaction, in its language."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from forms.confirmations import look_up
from jobs.outbox import open_mail
from jobs.wording import spoken
from jobs.workflows import _reaches, mail_step
from models.metadata.errors import ValidationFailed
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.records.steps import RecordChange, Steps
from models.tables.base import new_id, utc_now
from tests.jobs.applications import (
    APPLICATION,
    OFFICE,
    OFFICIAL,
    RECEIVED,
    UNCONFIRMED,
    application,
    apply,
    change,
    links,
)
from tests.jobs.post import WorkerOf, jobs, settings
from tests.models.office import office, system
from tests.packager.folders import copy_of_kobe, edit
from tests.support.post_office import PostOffice

CONFIRM, RECEIPT = "kobe_application_confirm", "kobe_application_received"
SEND_RECEIPT = "kobe_application_send_receipt"
LINK = re.compile(r"^https://apply\.example\.jp/confirm/([A-Za-z0-9_-]{43})$", re.MULTILINE)


def mails(engine: RecordEngine) -> list[tuple[str, str, str, str, str]]:
    """Template, address, sender's name, subject and body of what waits in the outbox."""
    waiting = [row for row in jobs(engine.database, kind="send_mail") if row.payload]
    opened = [(row.name, open_mail(engine.keyring, row.id, row.payload)) for row in waiting]
    return [(name, m.to, m.sender_name, m.subject, m.body) for name, m in opened]


def test_an_application_gets_a_mail_with_its_link(kobe: RecordEngine) -> None:
    (record_id,) = apply(kobe, application())
    ((template, to, sender, subject, body),) = mails(kobe)
    assert (template, to) == (CONFIRM, "hanako0@example.jp")
    assert sender == "KOBE応援プラットフォーム運営事務局"
    assert subject == "【KOBE応援プラットフォーム】登録完了手続きのお願い"
    (token,) = LINK.findall(body)
    now = utc_now()
    with kobe.database.reading() as connection:
        link = look_up(connection, token, on=now)
    assert link is not None
    assert (link.record_id, link.form, link.language, link.state) == (
        record_id,
        "kobe_application",
        "ja",
        "open",
    )
    assert spoken(now + timedelta(hours=72), "ja")[:10] in body
    assert "{" not in body


def test_the_mail_speaks_the_applicant_s_language(kobe: RecordEngine) -> None:
    apply(kobe, application(kobe_language="en"))
    ((_, _, sender, subject, body),) = mails(kobe)
    assert sender == "KOBE Support Platform secretariat"
    assert subject.startswith("[KOBE Support Platform] Please complete")
    assert "(Japan time)" in body
    assert links(kobe)[0].language == "en"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_mail_names_the_office_as_the_form_does(kobe: RecordEngine, language: str) -> None:
    contact = kobe.catalog.forms[APPLICATION].contact
    assert contact is not None
    ids = apply(kobe, application(kobe_language=language))
    change(kobe, ids, statuscode=RECEIVED)
    named = [contact.name.text(language), contact.telephone, contact.hours.text(language)]
    for template, _, sender, _, body in mails(kobe):
        assert sender == named[0]
        assert [part for part in named if part not in body] == [], template
        typed = kobe.catalog.mail_templates[template].body.text(language)
        assert [part for part in named if part in typed] == [], template


@pytest.mark.parametrize("language", ["fr", ""])
def test_an_unknown_language_is_japanese(kobe: RecordEngine, language: str) -> None:
    apply(kobe, application(kobe_language=language))
    assert "お願い" in mails(kobe)[0][3]


def test_confirming_sends_the_receipt_number(kobe: RecordEngine) -> None:
    ids = apply(kobe, application())
    change(kobe, ids, statuscode=RECEIVED)
    record = kobe.run(lambda service: service.retrieve(OFFICIAL, APPLICATION, ids[0]))
    number = str(record["kobe_receiptnumber"])
    ((template, to, _, subject, body),) = mails(kobe)[1:]
    assert (template, to) == (RECEIPT, "hanako0@example.jp")
    assert number in subject
    assert f"受付番号　{number}" in body


def test_only_reaching_a_status_sends(kobe: RecordEngine) -> None:
    ids = apply(kobe, application(statuscode=RECEIVED))
    assert len(mails(kobe)) == 1
    change(kobe, ids, statuscode=RECEIVED)
    change(kobe, ids, kobe_nickname="太郎")
    change(kobe, ids, statuscode=3)
    assert len(mails(kobe)) == 1


def test_a_receipt_is_sent_to_those_who_confirmed_and_not_again(kobe: RecordEngine) -> None:
    """The workflow says where a record comes from; without it every return is a mail."""
    ids = apply(kobe, application())
    change(kobe, ids, statuscode=RECEIVED)
    change(kobe, ids, statuscode=3)
    change(kobe, ids, statuscode=RECEIVED)
    assert [mail[0] for mail in mails(kobe)] == [CONFIRM, RECEIPT]


def test_a_status_of_zero_is_a_status_to_come_from(kobe: RecordEngine) -> None:
    (workflow,) = [one for one in kobe.catalog.workflows if one.name == SEND_RECEIPT]
    from_zero, now = replace(workflow, previous=0), {"statuscode": workflow.status}
    for status, reaches in ((0, True), (1, False), (workflow.status, False)):
        change = RecordChange(id=new_id(), key_id=None, values=now, before={"statuscode": status})
        assert _reaches(change, from_zero) is reaches


def test_every_return_is_a_mail_where_the_workflow_does_not_say_from(
    database_url: str, tmp_path: Path
) -> None:
    folder = copy_of_kobe(tmp_path)
    edit(folder, "mails.yaml", lambda c: c["workflows"][SEND_RECEIPT].pop("from"))
    with office(database_url, tmp_path, str(folder)) as made:
        kobe = made.with_steps(Steps(post_operation=(mail_step(settings(25)),)))
        ids = apply(kobe, application(statuscode=RECEIVED))
        change(kobe, ids, statuscode=3)
        change(kobe, ids, statuscode=RECEIVED)
        assert [mail[0] for mail in mails(kobe)] == [RECEIPT, RECEIPT]


def test_a_batch_gets_a_mail_each(kobe: RecordEngine) -> None:
    ids = apply(kobe, *(application(n) for n in range(120)))
    change(kobe, ids, statuscode=RECEIVED)
    received = mails(kobe)
    assert sorted(to for _, to, _, _, _ in received) == sorted(
        f"hanako{n}@example.jp" for n in [*range(120), *range(120)]
    )
    assert len({subject for _, _, _, subject, _ in received}) == 1 + 120


def test_no_record_no_mail(kobe: RecordEngine) -> None:
    """What ends the transaction takes the mail and the link along."""

    def work(service: RecordService) -> None:
        service.create_multiple(caller, APPLICATION, [application()])
        service.create_multiple(caller, APPLICATION, [application(kobe_email="no address")])

    caller = system(kobe, OFFICE)
    with pytest.raises(ValidationFailed):
        kobe.run(work)
    assert (mails(kobe), links(kobe)) == ([], [])


def test_a_deleted_record_s_mail_and_link_are_taken_back(
    kobe: RecordEngine, worker_of: WorkerOf, smtp_server: PostOffice
) -> None:
    first, second = apply(kobe, application(1), application(2))
    kobe.run(lambda service: service.delete_multiple(OFFICIAL, APPLICATION, [Deletion(first)]))
    now = utc_now()
    assert {link.record_id: link.expires_on > now for link in links(kobe)} == {
        first: False,
        second: True,
    }
    worker_of(kobe)()
    assert [mail.recipients[0] for mail in smtp_server.mails] == ["hanako2@example.jp"]


def test_what_a_citizen_writes_cannot_change_the_mail(kobe: RecordEngine) -> None:
    """Values stand in the text as they are; none becomes a header, a placeholder or a link."""
    evil = "{confirmation_url}{base_url}"
    apply(kobe, application(kobe_nickname=evil, kobe_catchphrase=evil, kobe_body=evil))
    ((_, _, _, subject, body),) = mails(kobe)
    assert len(LINK.findall(body)) == 1
    assert "\n" not in subject


def test_old_addresses_are_written_to(
    kobe: RecordEngine, worker_of: WorkerOf, smtp_server: PostOffice
) -> None:
    apply(kobe, application(kobe_email="taro.@docomo.ne.jp"))
    apply(kobe, application(kobe_email="a..b@docomo.ne.jp"))
    worker_of(kobe)()
    assert [mail.recipients[0].replace('"', "") for mail in smtp_server.mails] == [
        "taro.@docomo.ne.jp",
        "a..b@docomo.ne.jp",
    ]


def test_no_address_or_link_is_in_clear_in_any_table(kobe: RecordEngine) -> None:
    apply(kobe, application())
    ((_, to, _, _, body),) = mails(kobe)
    secrets = [to, LINK.findall(body)[0], "078-331-8181"]
    with kobe.database.reading() as connection:
        for table in ("systemjob", "confirmationtoken", "audit", "blindindex"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}").all():
                assert not [s for s in secrets if any(s in _text(value) for value in row)]


def test_an_unconfirmed_status_is_not_reached_by_others(kobe: RecordEngine) -> None:
    """A link is given only while the form waits for it."""
    ids: list[UUID] = apply(kobe, application(statuscode=RECEIVED))
    assert links(kobe) == []
    change(kobe, ids, statuscode=UNCONFIRMED)
    assert [link.record_id for link in links(kobe)] == ids


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)

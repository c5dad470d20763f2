"""System jobs: what is late or failed stands first, in the reader's language, and can be done
again; what a job carries is never shown."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from admin_views.extraction.export_progress import KIND as EXPORT
from admin_views.extraction.export_progress import ProgressNote
from admin_views.pages.jobs import without_addresses
from jobs import notices
from models.tables.base import new_id, utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Transaction
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, Office

PAYLOAD = b"sealed bytes of a mail"
MAIL = "kobe_application_confirm"
FAILED = {"kind": "send_mail", "state": "COMPLETED", "status": "FAILED", "attempts": 9}
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def add_job(office: Office, name: str, **values: object) -> UUID:
    now = utc_now()
    row = {"id": new_id(), "kind": "mail", "name": name, "payload": PAYLOAD, "due_on": now}

    def work(transaction: Transaction) -> None:
        transaction.write(insert(SystemJob), row | values)

    office.engine.database.run(work)
    assert isinstance(row["id"], UUID)
    return row["id"]


def status_of(office: Office, job_id: UUID) -> str:
    with office.engine.database.reading() as connection:
        return str(connection.scalar(select(SystemJob.status).where(SystemJob.id == job_id)))


@pytest.fixture
def administrator(own_office: Office) -> Desk:
    return sit_down(own_office, "administrator")


@pytest.fixture
def in_japanese(administrator: Desk) -> Desk:
    administrator.client.set_cookie("lang", "ja")
    return administrator


def shelf(page: str, key: str) -> str:
    """That part of the page, with its heading."""
    return page.split(f'<h2 id="shelf-{key}">')[1].split("<h2 ")[0]


@pytest.fixture
def page(own_office: Office) -> str:
    hour_ago = utc_now() - timedelta(hours=1)
    add_job(own_office, "late job", due_on=hour_ago)
    add_job(own_office, "waiting job", due_on=utc_now() + timedelta(hours=1))
    add_job(own_office, "running job", state="LOCKED", status="IN_PROGRESS", due_on=hour_ago)
    add_job(own_office, "done job", state="COMPLETED", status="SUCCEEDED")
    add_job(
        own_office,
        "failed job",
        state="COMPLETED",
        status="FAILED",
        message="550 5.1.1 <taro@example.jp>: no such user",
    )
    return sit_down(own_office, "administrator").get("/admin/jobs/").text


def test_overdue_and_failed_stand_first(page: str) -> None:
    order = ["late job", "failed job", "waiting job", "done job"]
    places = [page.index(name) for name in order]
    assert places == sorted(places)
    assert page.index("running job") > page.index("failed job")


def test_an_export_under_way_is_shown(own_office: Office) -> None:
    official = own_office.caller("kobe_official")
    note = ProgressNote(own_office.engine, official, id=new_id(), total=2000)
    note.start("kobe_application")
    note.sent(500)
    page = sit_down(own_office, "administrator").get("/admin/jobs/").text
    assert "500 of 2000 records" in page
    assert "In progress" in page


def test_payloads_and_addresses_are_not_shown(page: str) -> None:
    assert "sealed bytes" not in page
    assert "taro@example.jp" not in page
    assert "no such user" in page


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("", ""),
        ("connection refused", "connection refused"),
        ("<a.b+c@example.co.jp> refused", "<•••> refused"),
        ("to x@y and z@example.jp.", "to ••• and •••"),
    ],
)
def test_addresses_are_taken_out(message: str, shown: str) -> None:
    assert without_addresses(message) == shown


def test_what_nobody_did_when_it_was_due_is_overdue(
    own_office: Office, administrator: Desk
) -> None:
    """Also a job whose worker died, while no other one is there to take it over."""
    ago = utc_now() - timedelta(minutes=30)
    held = {"state": "LOCKED", "status": "IN_PROGRESS", "due_on": ago}
    add_job(own_office, "dead worker", **held, lease_until=ago)
    add_job(own_office, "busy worker", **held, lease_until=utc_now() + timedelta(minutes=1))
    page = administrator.get("/admin/jobs/").text
    assert "dead worker" in shelf(page, "overdue")
    assert "dead worker" not in shelf(page, "open")
    assert "busy worker" in shelf(page, "open")
    assert "busy worker" not in shelf(page, "overdue")


def test_a_message_is_read_in_japanese_line_by_line(own_office: Office, in_japanese: Desk) -> None:
    said = (notices.MAYBE_TWICE, notices.REFUSED)
    add_job(own_office, MAIL, **FAILED, message="\n".join([*said, "SMTP 554"]))
    part = shelf(in_japanese.get("/admin/jobs/").text, "failed")
    (message,) = re.findall(r'<td data-label="メッセージ">(.*?)</td>', part)
    *translated, technical = message.split("<br>")
    assert technical == "SMTP 554"
    assert len(translated) == 2
    assert all(JAPANESE.search(line) for line in translated)


def test_a_mail_is_called_by_its_template_s_display_name(
    own_office: Office, in_japanese: Desk
) -> None:
    template = own_office.engine.catalog.mail_templates[MAIL]
    add_job(own_office, MAIL, **FAILED)
    page = in_japanese.get("/admin/jobs/").text
    assert f"メール送信：{template.display_name.ja}" in page
    assert MAIL not in page
    in_japanese.client.set_cookie("lang", "en")
    assert f"Mail: {template.display_name.en}" in in_japanese.get("/admin/jobs/").text


def test_a_mail_of_a_template_that_is_gone_keeps_its_name(
    own_office: Office, administrator: Desk
) -> None:
    add_job(own_office, "kobe_thanks", **FAILED)
    assert "Mail: kobe_thanks" in administrator.get("/admin/jobs/").text


def test_status_reasons_stand_under_their_own_name(own_office: Office, in_japanese: Desk) -> None:
    add_job(own_office, MAIL, **FAILED)
    page = in_japanese.get("/admin/jobs/").text
    assert '<th scope="col">ステータス</th>' in page
    assert '<th scope="col">状態</th>' not in page


def test_a_failed_job_is_done_again_by_its_button(own_office: Office, administrator: Desk) -> None:
    job_id = add_job(own_office, MAIL, **FAILED, entity=ENTITY)
    page = administrator.get("/admin/jobs/").text
    sent = administrator.client.post("/admin/jobs/retry/", data=hidden_of(page, "retry"))
    assert (sent.status_code, sent.location) == (302, "/admin/jobs/")
    assert status_of(own_office, job_id) == "WAITING"
    page = administrator.get("/admin/jobs/").text
    assert "waiting again" in page
    assert "/admin/jobs/retry/" not in page
    assert administrator.post("/admin/jobs/retry/", id=job_id).status_code == 302
    assert "no longer a failed one" in administrator.get("/admin/jobs/").text
    audit = sit_down(own_office, "auditor").get("/admin/audit/", action="retry_job").text
    entries = audit[audit.index("<tbody>") :]
    assert entries.count("Do a failed job again") == 1
    assert "administrator@example.jp" in entries
    assert MAIL in entries


def test_only_failed_work_of_workers_has_a_button(own_office: Office, administrator: Desk) -> None:
    add_job(own_office, "a mail that waits", kind="send_mail")
    add_job(own_office, "a mail that is sent", **FAILED | {"status": "SUCCEEDED"})
    add_job(own_office, EXPORT, **FAILED | {"kind": EXPORT, "message": "0 / 2000 / 0"})
    page = administrator.get("/admin/jobs/").text
    assert "0 of 2000 records" in shelf(page, "failed")
    assert "/admin/jobs/retry/" not in page


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_official", "auditor"])
def test_nobody_else_does_a_job_again(own_office: Office, role: str) -> None:
    job_id = add_job(own_office, MAIL, **FAILED)
    assert sit_down(own_office, role).post("/admin/jobs/retry/", id=job_id).status_code == 403
    assert status_of(own_office, job_id) == "FAILED"


@pytest.mark.parametrize("job_id", ["", "x", "'; DROP TABLE systemjob"])
def test_what_is_no_job_is_not_found(administrator: Desk, job_id: str) -> None:
    assert administrator.post("/admin/jobs/retry/", id=job_id).status_code == 404

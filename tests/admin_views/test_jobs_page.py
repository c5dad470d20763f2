"""System jobs: what is late or failed stands first; what a job carries is never shown."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from admin_views.pages.export_progress import ProgressNote
from admin_views.pages.jobs import without_addresses
from models.tables.base import new_id, utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Transaction
from tests.admin_views.desk import sit_down
from tests.admin_views.office import Office

PAYLOAD = b"sealed bytes of a mail"


def add_job(office: Office, name: str, **values: object) -> None:
    now = utc_now()
    row = {"id": new_id(), "kind": "mail", "name": name, "payload": PAYLOAD, "due_on": now}

    def work(transaction: Transaction) -> None:
        transaction.write(insert(SystemJob), row | values)

    office.engine.database.run(work)


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
    note = ProgressNote(own_office.engine, new_id(), 2000)
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

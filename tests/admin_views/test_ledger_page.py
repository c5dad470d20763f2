"""The ledger of extracts: everything that left, by whichever door; for auditors and approvers."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest

from exchange.exporting import Export
from exchange.orders import Door, ExportOrder
from models.metadata.query import Query
from models.security.caller import Caller
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.extracts import Extract
from tests.admin_views.desk import sit_down
from tests.admin_views.extracting import STATED, ask, change, download, ready, row
from tests.admin_views.office import ENTITY, PASSWORD, PERSONAL, Office

LEDGER = "/admin/ledger/"
COLUMNS = (
    *("Time", "Requester", "What", "Columns", "Number of records", "Purpose", "Recipient"),
    *(
        "To be kept until",
        "Decided by",
        "State",
        "Confirmation of the deletion",
        "SHA-256 of the file",
    ),
)


@pytest.fixture
def busy(own_office: Office) -> Office:
    """An approved and fetched extract, a direct export and one from the shell, oldest first."""
    own_office.apply()
    download(own_office, ready(own_office))
    official = sit_down(own_office, "kobe_official")
    sent = {**STATED, "columns": ["kobe_nickname"], "job": str(uuid4()), "proof": PASSWORD}
    assert official.post("/admin/export/", **sent | {"keep_until": ""}).data
    order = ExportOrder(
        query=Query(entity=ENTITY, columns=("kobe_phone",)),
        purpose="統計の作成",
        recipient="情報システム担当",
        door=Door.SHELL,
    )
    caller = Caller.system("flask records export by root")
    assert b"".join(Export(own_office.engine, caller, order))
    return own_office


def entries(office: Office, role: str = "auditor", **asked: str) -> list[dict[str, str]]:
    page = sit_down(office, role).get(LEDGER, **asked)
    assert page.status_code == 200
    rows = re.findall(r"<tr>(.*?)</tr>", page.text, re.DOTALL)[1:]
    cell = re.compile(r'<td data-label="([^"]*)"[^>]*>(.*?)</td>', re.DOTALL)
    return [
        {
            name: " ".join(re.sub(r"<[^>]+>", " ", unescape(text)).split())
            for name, text in cell.findall(one)
        }
        for one in rows
    ]


def test_every_door_is_in_it_with_all_that_was_stated(busy: Office) -> None:
    shell, direct, approved = entries(busy)
    assert tuple(approved) == COLUMNS
    assert approved["Requester"].startswith("担当 kobe_official kobe_official@example.jp")
    assert approved["Requester"].endswith("企画調整局つなぐラボ")
    assert approved["What"] == "Applications: Open applications By approval"
    assert approved["Columns"] == "Name to contact you by, E-mail personal"
    assert approved["Number of records"] == "1"
    assert (approved["Purpose"], approved["Recipient"]) == (
        STATED["purpose"],
        STATED["recipient"],
    )
    assert approved["To be kept until"] == STATED["keep_until"]
    assert approved["Decided by"].startswith("担当 kobe_manager kobe_manager@example.jp")
    assert approved["State"] == "Downloaded"
    assert re.fullmatch("[0-9a-f]{64}", approved["SHA-256 of the file"])
    assert direct["What"].endswith("Directly")
    assert (direct["State"], direct["Decided by"]) == ("Downloaded", "—")
    assert shell["What"] == "Applications From the server’s command line"
    assert shell["Requester"] == "flask records export by root"
    assert shell["Columns"] == "Telephone number personal"
    assert len({one["SHA-256 of the file"] for one in (shell, direct, approved)}) == 3


def test_the_deletion_is_in_it(busy: Office) -> None:
    official = sit_down(busy, "kobe_official")
    [extract_id] = [one.id for one in rows_of(busy) if one.door == Door.REQUEST]
    sent = {"deleted_on": today().isoformat(), "deleted_how": "端末から消去"}
    assert official.post(f"/admin/extracts/{extract_id}/confirm/", **sent).status_code == 303
    approved = entries(busy)[-1]
    assert approved["Confirmation of the deletion"] == f"{today().isoformat()} 端末から消去"
    assert approved["State"] == "Deletion confirmed"


def rows_of(office: Office) -> list[Extract]:
    with office.engine.database.reading() as connection:
        return list(connection.execute(Extract.__table__.select()))  # type: ignore[arg-type]


def test_no_value_of_a_record_is_in_it(busy: Office) -> None:
    page = sit_down(busy, "auditor").get(LEDGER).text
    assert [value for value in PERSONAL.values() if value in page] == []


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("auditor", 200),
        ("kobe_manager", 200),
        ("kobe_official", 403),
        ("kobe_operator", 403),
        ("administrator", 403),
    ],
)
def test_it_is_for_auditors_and_approvers(busy: Office, role: str, status: int) -> None:
    assert sit_down(busy, role).get(LEDGER).status_code == status


def test_it_is_narrowed_to_a_period(busy: Office) -> None:
    [approved] = [one.id for one in rows_of(busy) if one.door == Door.REQUEST]
    change(busy, approved, requested_on=utc_now() - timedelta(days=400))
    assert len(entries(busy)) == 2, "from the beginning of the fiscal year"
    long_ago = (today() - timedelta(days=500)).isoformat()
    last_year = (today() - timedelta(days=399)).isoformat()
    assert len(entries(busy, since=long_ago)) == 3
    assert len(entries(busy, since=long_ago, until=last_year)) == 1
    assert entries(busy, since=today().isoformat(), until=today().isoformat())
    tomorrow = (today() + timedelta(days=1)).isoformat()
    page = sit_down(busy, "auditor").get(LEDGER, since=tomorrow).text
    assert "Nothing was extracted in this period." in page


@pytest.mark.parametrize(
    "asked", [{"since": "nonsense"}, {"until": "9999-12-31"}, {"since": "\0"}]
)
def test_what_is_no_day_narrows_nothing(busy: Office, asked: dict[str, str]) -> None:
    assert len(entries(busy, **asked)) == 3


def test_a_period_too_long_for_a_page_says_so(
    busy: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("exchange.extracts.ledger", "admin_views.extraction.ledger_page"):
        monkeypatch.setattr(f"{place}.MOST_ENTRIES", 2)
    assert len(entries(busy)) == 2
    page = sit_down(busy, "auditor").get(LEDGER).text
    assert "There are 3 entries in this period; the newest 2 are shown." in page


def test_each_has_a_page_of_its_own(busy: Office) -> None:
    auditor = sit_down(busy, "auditor")
    for one in rows_of(busy):
        page = auditor.get(f"/admin/extracts/{one.id}/")
        assert page.status_code == 200
        assert one.sha256 in page.text


def test_own_requests_are_for_everybody_who_made_them(busy: Office) -> None:
    listed = sit_down(busy, "kobe_official").get("/admin/extracts/").text
    mine = [one.id for one in rows_of(busy) if one.requested_by is not None]
    assert len(mine) == 2
    assert all(str(one) in listed for one in mine)
    assert listed.count("/admin/extracts/01") == 2
    for role in ("auditor", "kobe_manager", "kobe_operator"):
        page = sit_down(busy, role).get("/admin/extracts/").text
        assert "You have asked for no file" in page


def test_a_request_that_is_not_decided_is_in_it(own_office: Office) -> None:
    own_office.apply()
    extract_id: UUID = ask(sit_down(own_office, "kobe_official"))
    [entry] = entries(own_office, "kobe_manager")
    assert (entry["State"], entry["Number of records"]) == ("Waiting for approval", "1")
    assert entry["SHA-256 of the file"] == "—"
    assert row(own_office, extract_id).sha256 == ""

"""A contractor's monthly report: each figure is what plain counts say, of what the reader may see;
for who manages users or reads the audit, and for nobody else."""

import csv
import io
import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jobs.account_reviews import open_review
from models.metadata.attribute_types import LOCAL_ZONE
from models.security.contracts import today
from models.security.fiscal import Quarter
from models.tables.base import new_id, utc_now
from models.tables.record_data import AuditEntry
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import Office
from tests.enquiries.asking import ENQUIRY, NOTE, ask, change, tell
from tests.enquiries.contracting import contract, month
from tests.identity.staff import acts
from tests.personal_data.incident_office import enter

LINE = re.compile(r'<tr><td data-label="[^"]+"[^>]*>([^<]+)</td><td [^>]+>([^<]*)</td></tr>')


@pytest.fixture(scope="module")
def contractor(own_office: Office) -> UUID:
    return contract(own_office)


@pytest.fixture(scope="module")
def filled(own_office: Office, contractor: UUID) -> Office:
    """This month's work, and some of before and of others."""
    office = own_office
    first, second = ask(office, hours_ago=0), ask(office)
    tell(office, first, startson=utc_now() + timedelta(days=1))
    tell(office, second, kind=NOTE, direction=None)
    tell(office, second, office.caller("kobe_official"), kind=NOTE, direction=None)
    change(office, ENQUIRY, first, statuscode=4)
    ask(office, statuscode=1)
    ask(office, hours_ago=24 * 40)
    ideas = [office.apply(kobe_category=one) for one in (927000000, 927000001, 927000002)]
    for idea in ideas[1:]:  # the last one's category is not of the contract
        tell(office, idea, office.caller("kobe_official"), activity="kobe_application_activity")
    operator = sit_down(office, "kobe_operator")
    operator.records()
    assert operator.get("/admin/audit/").status_code == 403
    office.engine.run(lambda service: open_review(service, Quarter.of(today())))
    return office


def report(desk: Desk, contractor: UUID, of_month: str = "") -> str:
    return desk.get(f"/admin/report/{contractor}/{of_month or month()}/").text


def figures(desk: Desk, contractor: UUID) -> dict[str, dict[str, str]]:
    """By section and line."""
    found = {}
    for part in report(desk, contractor).split("<h2 ")[1:]:
        found[part.split(">")[1].split("<")[0]] = dict(LINE.findall(part))
    return found


def count(office: Office, action: str, *, outcome: str = "ok", by: str = "kobe_operator") -> str:
    """Of the audit's entries one by one."""
    these = [
        one
        for one in acts(office.engine)
        if one["action"] == action and one["caller"] == office.users[by].hex
    ]
    return str(sum(one["outcome"] == outcome for one in these))


def test_records_are_counted_within_the_contract_and_the_month(
    filled: Office, contractor: UUID
) -> None:
    found = figures(sit_down(filled, "auditor"), contractor)
    assert found["Enquiries"] == {
        "Received in the month": "2",
        "Received": "1",
        "Answered": "1",
        "First answered in the month": "1",
        "Average hours until the first answer": "0.0",
        "Activities entered by the contractor’s accounts": "2",
        "Note": "1",
        "Phone call": "1",
    }
    assert found["Applications"] == {
        "Received in the month": "2",
        "Received": "2",
        "First answered in the month": "1",
        "Average hours until the first answer": "0.0",
        "Overdue in their stage at this moment": "0",
    }


def test_what_its_accounts_did_is_what_the_audit_has(filled: Office, contractor: UUID) -> None:
    found = figures(sit_down(filled, "auditor"), contractor)["Handling of personal data"]
    for label, action in (
        ("Read personal values", "read"),
        ("Show a masked value", "reveal"),
        ("Search by a personal value", "search"),
        ("Sign in", "sign_in"),
    ):
        assert found[label] == count(filled, action), label
    assert found["Refused"] == count(filled, "refusal", outcome="refused")
    assert int(found["Refused"]) > 0


def test_incidents_at_its_work_are_counted(filled: Office, contractor: UUID) -> None:
    manager = sit_down(filled, "kobe_manager")
    enter(manager, contractor=str(contractor))
    enter(manager, contractor=str(contractor), known_on="2020-04-01T09:00")
    enter(manager)
    found = figures(sit_down(filled, "administrator"), contractor)["Incidents"]
    assert found == {"Incidents that became known in the month": "1"}


def test_entries_of_other_months_do_not_count(filled: Office, contractor: UUID) -> None:
    desk = sit_down(filled, "auditor")
    [before] = {
        one.split("/")[-2]
        for one in re.findall(
            rf"/admin/report/{contractor}/[0-9-]+/", desk.get("/admin/report/").text
        )
    } & {f"{today().replace(day=1) - timedelta(days=1):%Y-%m}"}
    page = report(desk, contractor, before)
    handling = dict(LINE.findall(page.split("Handling of personal data")[1].split("<h2 ")[0]))
    assert set(handling.values()) == {"0"}
    old = datetime(2020, 1, 1, tzinfo=LOCAL_ZONE)
    assert all(one.created_on > old for one in _entries(filled))


def _entries(office: Office) -> list[object]:
    with office.engine.database.reading() as connection:
        return list(connection.execute(AuditEntry.__table__.select()))


def test_accounts_and_the_review(filled: Office, contractor: UUID) -> None:
    found = figures(sit_down(filled, "administrator"), contractor)
    assert found["Accounts, pledge and training"] == {
        "Accounts": "1",
        "Can sign in": "1",
        "Dormant": "0",
        "Ended": "0",
        "Made in the month": "1",
        "Without the present pledge": "0",
        "Without a training that counts": "0",
    }
    review = found["Review of accounts"]
    assert (review["Accounts of the contractor in it"], review["Not decided yet"]) == ("1", "1")
    assert review["Signed off"] == "–"


def test_each_reader_has_the_parts_of_their_rights(filled: Office, contractor: UUID) -> None:
    page = report(sit_down(filled, "administrator"), contractor)
    assert "Your role does not read the audit log." in page
    assert page.count("Your role does not read these records.") == 2
    assert "Received in the month" not in page


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_official", "kobe_manager"])
def test_nobody_else_opens_one(filled: Office, contractor: UUID, role: str) -> None:
    desk = sit_down(filled, role)
    for path in ("", f"{contractor}/{month()}/"):
        assert desk.get(f"/admin/report/{path}").status_code == 403
    path = f"/admin/report/{contractor}/{month()}/file/"
    assert desk.post(path, format="csv").status_code == 403


@pytest.mark.parametrize(
    "path", ["{id}/2020-01/", "{id}/2099-01/", "{id}/no/", "{other}/{month}/", "no/{month}/"]
)
def test_what_there_is_no_report_of(filled: Office, contractor: UUID, path: str) -> None:
    asked = path.format(id=contractor, other=new_id(), month=month())
    assert sit_down(filled, "auditor").get(f"/admin/report/{asked}").status_code == 404


def test_the_file_says_what_the_page_says_and_is_noted(filled: Office, contractor: UUID) -> None:
    desk = sit_down(filled, "auditor")
    path = f"/admin/report/{contractor}/{month()}/file/"
    answer = desk.post(path, format="csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["Part", "What", "Value"]
    told = {(part, what.strip("　")): value for part, what, value in rows}
    for section, lines in figures(desk, contractor).items():
        for label, value in lines.items():
            if section != "Handling of personal data":  # it grows while it is looked at
                assert told[section, label] == value
    assert told["The contract", "Contractor"] == "受託株式会社"
    noted = acts(filled.engine)[-1]
    assert (noted["action"], noted["record"]) == ("report_contractor", contractor.hex)
    assert noted["details"]["month"] == month()
    assert desk.post(path, format="pdf").status_code == 404

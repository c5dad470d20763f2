"""The office's pages of retention: what is due, the decision, the certificate, the hold."""

import json
from datetime import datetime, timedelta

import pytest

from models.metadata.attribute_types import LOCAL_ZONE
from models.records.erasing import certificates
from models.security.contracts import today
from models.tables.retention import PROPOSED
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, Office
from tests.retention.ending import closed, erasures, night, there

PAGE = "/admin/retention/"


@pytest.fixture
def manager(office: Office) -> Desk:
    return sit_down(office, "kobe_manager")


def test_from_what_is_due_to_the_certificate(office: Office, manager: Desk) -> None:
    record = closed(office, kobe_catchphrase="期限を過ぎた応募")
    night(office)
    page = manager.get(PAGE).text
    assert "Applications that were closed" in page
    assert "5 years from 1 April of the next fiscal year" in page
    assert "did not run" in page  # nobody did the job itself here
    [row] = erasures(office, state=PROPOSED)
    shown = manager.get(f"{PAGE}erasure/", id=str(row.id)).text
    assert "期限を過ぎた応募" in shown
    sent = manager.post(f"{PAGE}erasure/approve/", id=str(row.id))
    assert sent.status_code == 303
    night(office)
    assert record not in there(office)
    certificate = manager.get(f"{PAGE}certificate/", id=str(row.id))
    assert "The erasure is proved." in certificate.text
    assert "kobe_manager@example.jp" in certificate.text
    file = manager.get(f"{PAGE}certificate/file/", id=str(row.id))
    assert file.headers["Content-Disposition"].endswith(f"erasure-{row.id}.json")
    verifier = certificates.signer_of(office.engine.keyring).verifier
    assert certificates.is_genuine(file.text, verifier)
    assert json.loads(file.text)["counts"]["GONE"] == 1


def test_a_rejection_needs_a_reason(office: Office, manager: Desk) -> None:
    record = closed(office)
    night(office)
    [row] = erasures(office, state=PROPOSED)
    refused = manager.post(f"{PAGE}erasure/reject/", id=str(row.id), reason=" ")
    assert refused.status_code == 400
    assert "Enter Reason." in refused.text
    sent = manager.post(f"{PAGE}erasure/reject/", id=str(row.id), reason="確認中のため")
    assert sent.status_code == 303
    assert "確認中のため" in manager.get(f"{PAGE}erasure/", id=str(row.id)).text
    assert record in there(office)
    assert manager.get(f"{PAGE}certificate/", id=str(row.id)).status_code == 404


def test_a_record_is_held_from_its_own_page(office: Office) -> None:
    official = sit_down(office, "kobe_official")
    record = str(office.apply())
    assert "Hold of the erasure" in official.records("details", id=record).text
    about = {"entity": ENTITY, "id": record}
    assert "Put it on hold" in official.get(f"{PAGE}hold/", **about).text
    assert official.post(f"{PAGE}hold/place/", **about, reason="").status_code == 400
    wrong = official.post(f"{PAGE}hold/place/", **about, reason="訴訟のため", until="2020-01-01")
    assert wrong.status_code == 400
    assert official.post(f"{PAGE}hold/place/", **about, reason="訴訟のため").status_code == 303
    assert "訴訟のため" in official.get(PAGE).text
    hidden = hidden_of(official.records("delete", id=record).text, "delete")
    assert "its erasure is on hold" in official.send("delete", **hidden).text
    held = official.get(f"{PAGE}hold/", **about).text
    hold = held.partition('name="hold" value="')[2].partition('"')[0]
    lifted = official.post(f"{PAGE}hold/lift/", **about, hold=hold, reason="訴訟の終了")
    assert lifted.status_code == 303
    assert "訴訟のため" not in official.get(PAGE).text


def test_auditors_read_and_decide_nothing(office: Office, manager: Desk) -> None:
    closed(office, kobe_catchphrase="監査人には見えない応募")
    night(office)
    [row] = erasures(office, state=PROPOSED)
    auditor = sit_down(office, "auditor")
    assert auditor.get(PAGE).status_code == 200
    shown = auditor.get(f"{PAGE}erasure/", id=str(row.id)).text
    assert "監査人には見えない応募" not in shown
    assert "Approve the erasure" not in shown
    assert auditor.post(f"{PAGE}erasure/approve/", id=str(row.id)).status_code == 403
    assert auditor.get(f"{PAGE}hold/", entity=ENTITY, id=str(row.id)).status_code == 403
    assert sit_down(office, "kobe_operator").get(PAGE).status_code == 403
    manager.post(f"{PAGE}erasure/reject/", id=str(row.id), reason="終わり")


def test_what_will_be_due_is_listed_by_its_day(office: Office, manager: Desk) -> None:
    """Around April something is due within the days to come; else what is due already is told."""
    soon = today() + timedelta(days=20)
    kept = office.engine.catalog.retention_rules["kobe_applications_kept"]
    start = kept.last_start(soon)
    if kept.due_day(start) <= today():
        start = kept.last_start(today())
    moment = datetime(start.year, start.month, start.day, 12, tzinfo=LOCAL_ZONE)
    closed(office, on=moment, kobe_catchphrase="もうすぐ期限の応募")
    page = manager.get(f"{PAGE}ahead/", rule="kobe_applications_kept").text
    assert "もうすぐ期限の応募" in page
    assert str(kept.due_day(start)) in page
    assert manager.get(f"{PAGE}ahead/", rule="kobe_nothing").status_code == 404
    auditor = sit_down(office, "auditor")
    assert auditor.get(f"{PAGE}ahead/", rule="kobe_applications_kept").status_code == 403


def test_the_start_page_says_what_waits(office: Office, manager: Desk) -> None:
    closed(office)
    night(office)
    page = manager.get("/admin/").text
    assert "Erasures to decide on: 1" in page
    assert "did not run" in page

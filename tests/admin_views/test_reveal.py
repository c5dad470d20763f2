"""Reveal: one value, once, for a stated purpose, noted in the audit."""

import pytest

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, Office


@pytest.fixture
def operator(office: Office) -> Desk:
    return sit_down(office, "kobe_operator")


@pytest.mark.parametrize(("name", "link"), [("kobe_email", "mailto:"), ("kobe_phone", "tel:")])
def test_shows_one_value_once(office: Office, operator: Desk, name: str, link: str) -> None:
    record_id = office.apply()
    before = operator.records("details", id=str(record_id)).text
    assert link not in before
    shown = operator.send("reveal", id=record_id, attribute=name, purpose_text="連絡のため")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert f'href="{link}{PERSONAL[name]}"' in shown.text
    other = next(value for other, value in PERSONAL.items() if other != name)
    assert other not in shown.text
    assert PERSONAL[name] not in operator.records("details", id=str(record_id)).text


@pytest.mark.parametrize("purpose", ["", "   ", "\t"])
def test_needs_a_purpose(office: Office, operator: Desk, purpose: str) -> None:
    record_id = office.apply()
    sent = {"id": record_id, "attribute": "kobe_email", "purpose": "made up"}
    response = operator.send("reveal", **sent, purpose_text=purpose)
    assert response.status_code == 400
    assert "Choose or write the purpose" in response.text
    assert PERSONAL["kobe_email"] not in response.text


def test_is_audited_with_its_purpose(own_office: Office) -> None:
    record_id = own_office.apply()
    operator = sit_down(own_office, "kobe_operator")
    chosen = "To answer an inquiry from the person"
    operator.send("reveal", id=record_id, attribute="kobe_phone", purpose=chosen)
    page = sit_down(own_office, "auditor").get("/admin/audit/", action="reveal").text
    assert chosen in page
    assert "kobe_operator@example.jp" in page


@pytest.mark.parametrize("name", ["kobe_nickname", "statuscode", "kobe_none", ""])
def test_of_what_is_not_masked_is_refused(office: Office, operator: Desk, name: str) -> None:
    record_id = office.apply()
    sent = {"id": record_id, "attribute": name, "purpose_text": "連絡"}
    assert operator.send("reveal", **sent).status_code == 403


def test_of_a_record_out_of_reach_is_not_found(office: Office, operator: Desk) -> None:
    record_id = office.apply()
    official = sit_down(office, "kobe_official")
    official.send("assign", id=record_id, owner=office.users["kobe_official"])
    sent = {"id": record_id, "attribute": "kobe_email", "purpose_text": "連絡"}
    response = operator.send("reveal", **sent)
    assert response.status_code == 404
    assert PERSONAL["kobe_email"] not in response.text


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_is_not_for_who_reads_no_records(office: Office, role: str) -> None:
    record_id = office.apply()
    sent = {"id": record_id, "attribute": "kobe_email", "purpose_text": "点検"}
    response = sit_down(office, role).post(f"/admin/t/{ENTITY}/reveal/", **sent)
    assert response.status_code == 403

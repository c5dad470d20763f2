"""Exports that another person has to approve: two pages, nothing typed is lost, no way around."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models.security.contracts import today
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.extracting import (
    PAGE,
    STATED,
    VIEW,
    age_proof_of,
    ask,
    cell,
    fill_in,
    place,
    row,
    sent_on,
)
from tests.admin_views.office import ENTITY, PASSWORD, PERSONAL, Office


@pytest.fixture
def official(own_office: Office) -> Desk:
    for _ in range(3):
        own_office.apply()
    return sit_down(own_office, "kobe_official")


def test_the_second_page_shows_the_count_and_the_personal_columns(official: Desk) -> None:
    answer = fill_in(official)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Another member of staff has to approve this export" in answer.text
    assert cell(answer.text, "Number of records") == "3"
    assert cell(answer.text, "Personal columns") == "E-mail"
    assert cell(answer.text, "Other columns") == "Name to contact you by"
    assert cell(answer.text, "Purpose") == STATED["purpose"]
    assert cell(answer.text, "To be kept until") == STATED["keep_until"]
    assert PERSONAL["kobe_email"] not in answer.text


def test_nothing_is_asked_for_before_it_is_sent(own_office: Office, official: Desk) -> None:
    fill_in(official)
    assert "You have asked for no file" in official.get("/admin/extracts/").text


def test_the_request_states_what_was_shown(own_office: Office, official: Desk) -> None:
    extract_id = ask(official, format="xlsx")
    found = row(own_office, extract_id)
    assert (found.state, found.count, found.view, found.format) == ("REQUESTED", 3, VIEW, "xlsx")
    assert found.columns == '["kobe_nickname", "kobe_email"]'
    assert found.personal == '["kobe_email"]'
    assert (found.purpose, found.recipient) == (STATED["purpose"], STATED["recipient"])
    assert found.keep_until.isoformat() == STATED["keep_until"]
    assert found.organization == "企画調整局つなぐラボ"
    page = official.get(place(extract_id)).text
    assert cell(page, "State") == "Waiting for approval"
    assert cell(page, "Requester").startswith("担当 kobe_official kobe_official@example.jp")


def test_what_is_missing_for_a_request_is_said_on_the_first_page(official: Desk) -> None:
    for keep_until in ("", "soon", "2020-04-01", (today() + timedelta(days=500)).isoformat()):
        answer = fill_in(official, keep_until=keep_until)
        assert answer.status_code == 400
        assert 'href="#keep_until"' in answer.text
        assert STATED["purpose"] in answer.text
        assert 'id="column-kobe_email" name="columns" value="kobe_email" checked' in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("purpose", ""),
        ("recipient", " "),
        ("columns", []),
        ("keep_until", ""),
        ("keep_until", "2020-04-01"),
        ("format", "ods"),
    ],
)
def test_the_second_page_is_believed_nothing(official: Desk, name: str, value: object) -> None:
    """What it sends is looked at as what the first one sent."""
    sent = sent_on(fill_in(official).text)
    answer = official.post(f"{PAGE}request/", **sent | {name: value})
    assert answer.status_code == 400
    assert f'href="#{name}"' in answer.text
    assert "You have asked for no file" in official.get("/admin/extracts/").text


def test_of_an_empty_view_nothing_is_asked_for(own_office: Office) -> None:
    official = sit_down(own_office, "kobe_official")
    sent = sent_on(fill_in(official).text)
    answer = official.post(f"{PAGE}request/", **sent)
    assert answer.status_code == 400
    assert "View has no records." in answer.text


def test_what_needs_no_approval_may_be_asked_for_all_the_same(
    own_office: Office, official: Desk
) -> None:
    """Whoever wants a second pair of eyes; the direct way is the usual one."""
    sent = {**STATED, "columns": ["kobe_nickname"]}
    assert official.post(f"{PAGE}request/", **sent).status_code == 303


@pytest.mark.parametrize("columns", [["kobe_email"], ["kobe_phone", "kobe_body"]])
def test_personal_columns_never_leave_at_once(official: Desk, columns: list[str]) -> None:
    answer = fill_in(official, columns=columns, job=str(uuid4()))
    assert answer.mimetype == "text/html"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    for value in PERSONAL.values():
        assert value not in answer.text


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_manager", "auditor", "administrator"])
def test_others_may_not_ask(own_office: Office, role: str) -> None:
    own_office.apply()
    desk = sit_down(own_office, role)
    assert fill_in(desk).status_code == 403
    assert desk.post(f"{PAGE}request/", **STATED).status_code == 403


def test_a_direct_export_asks_for_the_proof_after_a_while(
    own_office: Office, official: Desk
) -> None:
    """And keeps what was typed; one that is only asked for needs none."""
    sent = {**STATED, "columns": ["kobe_nickname"], "job": str(uuid4())}
    assert official.post(PAGE, **sent).mimetype == "text/csv"
    age_proof_of(own_office, "kobe_official")
    answer = official.post(PAGE, **sent)
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert 'name="proof"' in answer.text
    assert STATED["purpose"] in answer.text
    assert official.post(PAGE, **sent, proof="wrong").status_code == 400
    assert fill_in(official).status_code == 200
    assert official.post(PAGE, **sent, proof=PASSWORD).mimetype == "text/csv"


def test_a_sheet_too_small_is_refused_at_its_control(
    own_office: Office, official: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.sheet_writing.MOST_ROWS", 3)
    sent = {**STATED, "columns": ["kobe_nickname"], "format": "xlsx", "job": str(uuid4())}
    answer = official.post(PAGE, **sent)
    assert answer.status_code == 400
    assert 'href="#format"' in answer.text
    asked = official.post(f"{PAGE}request/", **sent)
    assert asked.status_code == 400
    assert "XLSX holds 2 records at most" in asked.text


def test_a_direct_sheet_is_a_workbook(official: Desk) -> None:
    sent = {**STATED, "columns": ["kobe_nickname"], "format": "xlsx", "job": str(uuid4())}
    answer = official.post(PAGE, **sent)
    assert answer.data.startswith(b"PK")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="{ENTITY}_')
    assert disposition.endswith(".xlsx")

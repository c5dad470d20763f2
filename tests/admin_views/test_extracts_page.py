"""An extract's own page: to decide, to fetch once, to confirm; each by whom it is for, on either
database where several come at once."""

import hashlib
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from exchange.extracts.building import build
from models.records.changes import Deletion
from models.security.caller import Caller
from models.security.contracts import today
from models.tables.base import utc_now
from models.tables.principals import PrincipalRole, Role
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.extracting import (
    age_proof_of,
    approve,
    ask,
    cell,
    change,
    download,
    place,
    ready,
    row,
)
from tests.admin_views.office import ENTITY, PASSWORD, PERSONAL, Office
from tests.support.crowd import at_once

MANY = 50


@pytest.fixture
def applied(own_office: Office) -> list[UUID]:
    return [own_office.apply(kobe_catchphrase=f"応援 {n}") for n in range(3)]


@pytest.fixture
def official(own_office: Office, applied: list[UUID]) -> Desk:
    return sit_down(own_office, "kobe_official")


@pytest.fixture
def manager(own_office: Office) -> Desk:
    return sit_down(own_office, "kobe_manager")


def test_the_manager_finds_the_request_and_approves_it(
    own_office: Office, official: Desk, manager: Desk
) -> None:
    extract_id = ask(official)
    assert "Requests to decide on: 1" in manager.get("/admin/").text
    listed = manager.get("/admin/extracts/").text
    assert place(extract_id) in listed
    page = manager.get(place(extract_id)).text
    assert cell(page, "Columns") == "Name to contact you by, E-mail personal"
    assert 'action="' + place(extract_id, "approve") in page
    assert manager.post(place(extract_id, "approve")).status_code == 303
    assert row(own_office, extract_id).state == "APPROVED"
    after = manager.get(place(extract_id)).text
    assert cell(after, "State") == "Approved"
    assert cell(after, "Decided by").startswith("担当 kobe_manager kobe_manager@example.jp")
    assert "Requests to decide on" not in manager.get("/admin/").text


def test_approving_asks_for_the_proof(own_office: Office, official: Desk, manager: Desk) -> None:
    extract_id = ask(official)
    age_proof_of(own_office, "kobe_manager")
    assert 'name="proof"' in manager.get(place(extract_id)).text
    for proof in ({}, {"proof": "not the password"}):
        answer = manager.post(place(extract_id, "approve"), **proof)
        assert answer.status_code == 400
        assert 'href="#proof"' in answer.text
    assert row(own_office, extract_id).state == "REQUESTED"
    assert manager.post(place(extract_id, "approve"), proof=PASSWORD).status_code == 303


def test_rejecting_wants_a_reason_and_tells_it(
    own_office: Office, official: Desk, manager: Desk
) -> None:
    extract_id = ask(official)
    answer = manager.post(place(extract_id, "reject"), reason=" ")
    assert answer.status_code == 400
    assert 'href="#reason"' in answer.text
    too_long = manager.post(place(extract_id, "reject"), reason="電話番号は不要" * 40)
    assert too_long.status_code == 400
    assert "電話番号は不要" in too_long.text
    assert manager.post(place(extract_id, "reject"), reason="電話番号は不要").status_code == 303
    page = official.get(place(extract_id)).text
    assert cell(page, "State") == "Rejected Reason: 電話番号は不要"
    assert "Withdraw the request" not in page


def test_the_requester_cannot_decide_and_is_told(own_office: Office, official: Desk) -> None:
    give_role(own_office, "kobe_official", "kobe_manager")
    extract_id = ask(official)
    page = official.get(place(extract_id)).text
    assert "Another person has to approve your request." in page
    assert "approve/" not in page
    assert official.post(place(extract_id, "approve"), proof=PASSWORD).status_code == 403
    assert row(own_office, extract_id).state == "REQUESTED"


def give_role(office: Office, person: str, role: str) -> None:
    def work(transaction: object) -> None:
        connection = transaction.lock()  # type: ignore[attr-defined]
        role_id = connection.scalar(select(Role.id).where(Role.name == role))
        held = {"principal_id": office.users[person], "role_id": role_id}
        connection.execute(insert(PrincipalRole), held)

    office.engine.database.run(work)


def test_a_request_is_withdrawn_by_who_made_it(own_office: Office, official: Desk) -> None:
    extract_id = ask(official)
    assert official.post(place(extract_id, "withdraw")).status_code == 303
    assert cell(official.get(place(extract_id)).text, "State") == "Withdrawn"


def test_the_file_is_fetched_once(own_office: Office, official: Desk) -> None:
    extract_id = ready(own_office)
    assert "Files ready to download: 1" in official.get("/admin/").text
    answer = download(own_office, extract_id)
    assert answer.status_code == 200
    content = answer.data
    assert int(answer.headers["Content-Length"]) == len(content)
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{ENTITY}_')
    assert answer.headers["Cache-Control"] == "no-store"
    assert content.decode("utf-8-sig").count(PERSONAL["kobe_email"]) == 3
    assert hashlib.sha256(content).hexdigest() == row(own_office, extract_id).sha256
    again = download(own_office, extract_id)
    assert again.status_code == 303
    assert "It is in another state by now" in official.get(place(extract_id)).text


def test_downloading_asks_for_the_proof(own_office: Office, official: Desk) -> None:
    extract_id = ready(own_office)
    age_proof_of(own_office, "kobe_official")
    answer = official.post(place(extract_id, "download"))
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert row(own_office, extract_id).state == "READY"
    assert download(own_office, extract_id).mimetype == "text/csv"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("kobe_operator", 404),
        ("administrator", 404),
        ("kobe_manager", 403),
        ("auditor", 403),
    ],
)
def test_it_is_nobody_elses_to_fetch_or_confirm(
    own_office: Office, official: Desk, role: str, status: int
) -> None:
    """Not seen: not found. Seen by who decides or audits: refused, and that is audited."""
    extract_id = ready(own_office)
    assert download(own_office, extract_id, role).status_code == status
    desk = sit_down(own_office, role)
    assert desk.get(place(extract_id)).status_code == (404 if status == 404 else 200)
    for act in ("withdraw", "confirm"):
        sent = {"deleted_on": today().isoformat(), "deleted_how": "消去"}
        assert desk.post(place(extract_id, act), **sent).status_code == status
    assert row(own_office, extract_id).state == "READY"


@pytest.mark.parametrize("act", ["approve", "reject", "withdraw", "download", "confirm"])
def test_what_changes_something_is_a_post_with_a_token(
    own_office: Office, official: Desk, act: str
) -> None:
    extract_id = ask(official)
    assert official.get(place(extract_id, act)).status_code == 405
    assert official.client.post(place(extract_id, act), data={}).status_code == 400
    assert row(own_office, extract_id).state == "REQUESTED"


@pytest.mark.parametrize("act", ["", "approve", "reject", "withdraw", "download", "confirm"])
def test_what_is_not_there_is_not_found(official: Desk, act: str) -> None:
    unknown = place(uuid4(), act)
    answer = official.post(unknown, proof=PASSWORD) if act else official.get(unknown)
    assert answer.status_code == 404


def test_erased_meanwhile_the_file_is_made_anew(
    own_office: Office, official: Desk, applied: list[UUID]
) -> None:
    extract_id = ready(own_office)
    gone = [Deletion(applied[1])]
    caller = Caller.system("tests")
    own_office.engine.run(lambda s: s.delete_multiple(caller, ENTITY, gone))
    assert download(own_office, extract_id).status_code == 303
    page = official.get(place(extract_id)).text
    assert "It is being made anew" in page
    build(own_office.engine, extract_id)
    page = official.get(place(extract_id)).text
    assert cell(page, "Number of records").startswith("2 (3 when it was asked for")
    assert download(own_office, extract_id).data.count(b"\r\n") == 3


def test_what_shift_jis_cannot_say_is_told_on_the_page(
    own_office: Office, official: Desk, manager: Desk
) -> None:
    own_office.apply(kobe_nickname="𠮷田 花子")
    extract = ready(own_office, format="csv_cp932")
    page = official.get(place(extract)).text
    assert "1 replaced by 〓" in page
    assert "𠮷" not in page
    assert "1 replaced by 〓" in manager.get(place(extract)).text


def test_a_file_that_failed_says_why(own_office: Office, official: Desk) -> None:
    extract_id = ask(official)
    approve(own_office, extract_id)
    change(own_office, extract_id, state="FAILED", failure="no_right")
    assert "no longer had the rights" in cell(official.get(place(extract_id)).text, "State")


def test_the_deletion_is_confirmed(own_office: Office, official: Desk) -> None:
    extract_id = ready(own_office)
    assert download(own_office, extract_id).status_code == 200
    assert "Files whose deletion is to be confirmed: 1" in official.get("/admin/").text
    tomorrow = (today() + timedelta(days=1)).isoformat()
    yesterday = (today() - timedelta(days=1)).isoformat()
    for sent, control in (
        ({"deleted_on": "", "deleted_how": "消去"}, "deleted_on"),
        ({"deleted_on": tomorrow, "deleted_how": "消去"}, "deleted_on"),
        ({"deleted_on": yesterday, "deleted_how": "消去"}, "deleted_on"),
        ({"deleted_on": today().isoformat(), "deleted_how": ""}, "deleted_how"),
    ):
        answer = official.post(place(extract_id, "confirm"), **sent)
        assert answer.status_code == 400
        assert f'href="#{control}"' in answer.text
    sent = {"deleted_on": today().isoformat(), "deleted_how": "端末と共有フォルダーから消去"}
    assert official.post(place(extract_id, "confirm"), **sent).status_code == 303
    page = official.get(place(extract_id)).text
    assert cell(page, "State") == "Deletion confirmed"
    assert "端末と共有フォルダーから消去" in cell(page, "Confirmation of the deletion")
    assert "to be confirmed" not in official.get("/admin/").text


def test_what_is_overdue_is_shown_to_all_whom_it_concerns(
    own_office: Office, official: Desk
) -> None:
    extract_id = ready(own_office)
    download(own_office, extract_id)
    change(own_office, extract_id, keep_until=today() - timedelta(days=1))
    assert "Of these, overdue: 1" in official.get("/admin/").text
    page = official.get(place(extract_id)).text
    assert "Delete every copy of it" in page
    for role in ("kobe_official", "kobe_manager", "auditor"):
        assert cell(sit_down(own_office, role).get(place(extract_id)).text, "State") == "Overdue"
    for role in ("kobe_manager", "auditor"):
        assert "Overdue" in sit_down(own_office, role).get("/admin/ledger/").text


def test_a_day_later_it_cannot_be_fetched(own_office: Office, official: Desk) -> None:
    extract_id = ready(own_office)
    change(own_office, extract_id, ready_on=utc_now() - timedelta(hours=24))
    assert download(own_office, extract_id).status_code == 303
    assert row(own_office, extract_id).state == "READY"


def test_fifty_downloads_at_once_over_the_web(any_office: Office) -> None:
    """On SQLite and on PostgreSQL: exactly one gets the file."""
    any_office.apply()
    extract_id = ready(any_office)
    desks = [sit_down(any_office, "kobe_official") for _ in range(MANY)]
    token = desks[0].token()
    sent = {"csrf_token": token, "proof": PASSWORD}
    answers = at_once(
        [
            lambda desk=desk: desk.client.post(
                place(extract_id, "download"), data=sent, buffered=True
            )
            for desk in desks
        ]
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 303: MANY - 1}
    [file] = [answer.data for answer in answers if answer.status_code == 200]
    assert PERSONAL["kobe_email"] in file.decode("utf-8-sig")


def test_fifty_approvals_at_once_over_the_web(any_office: Office) -> None:
    any_office.apply()
    extract_id = ask(sit_down(any_office, "kobe_official"))
    desks = [sit_down(any_office, "kobe_manager") for _ in range(MANY)]
    sent = {"csrf_token": desks[0].token(), "proof": PASSWORD}
    answers = at_once(
        [
            lambda desk=desk: desk.client.post(place(extract_id, "approve"), data=sent)
            for desk in desks
        ]
    )
    assert {answer.status_code for answer in answers} == {303}
    audited = sit_down(any_office, "auditor").get(
        "/admin/audit/", record=str(extract_id), action="approve_extract"
    )
    assert audited.text.count("<tr>") == 2, "the head of the table, and one approval"

"""Requests under the law: the clock, the check of who asks, all that is held in one paper."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from admin_views.disclosure import register
from models.records.service import RecordService
from models.security.contracts import today
from models.tables.extracts import Extract
from models.tables.record_data import AuditEntry
from models.tables.requests import PersonRequest
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.disclosure import asking
from tests.disclosure.asking import MAIL, PAGE, PHONE
from tests.enquiries.asking import change
from tests.laws.traces import files_below


def entered(official: Desk, **given: str) -> UUID:
    return asking.entered(official, **({"email": MAIL, "phone": PHONE} | given))


def ledger(office: Office) -> Sequence[Any]:
    with office.engine.database.reading() as connection:
        return connection.execute(select(Extract.__table__).order_by(Extract.requested_on)).all()


def noted(office: Office, action: str) -> list[dict[str, Any]]:
    entries = select(AuditEntry.body).where(AuditEntry.action == action)
    with office.engine.database.reading() as connection:
        found = connection.scalars(entries.order_by(AuditEntry.sequence))
        return [json.loads(body)["details"] for body in found]


def row(office: Office, request: UUID) -> PersonRequest:
    with office.engine.database.reading() as connection:
        found = connection.execute(
            select(PersonRequest.__table__).where(PersonRequest.id == request)
        )
        return found.one()  # type: ignore[return-value]


def test_from_the_receipt_to_the_decision(office: Office, official: Desk, folder: Path) -> None:
    request = str(entered(official))
    assert row(office, UUID(request)).due_on == today() + timedelta(days=15)
    page = official.get(f"{PAGE}request/", id=request).text
    assert "2 records that you can read" in page
    assert f"{PAGE}held/" not in page
    early = official.post(f"{PAGE}decide/", id=request, answer="開示する", grant="1")
    assert early.status_code == 400  # nobody checked who asks
    assert official.post(f"{PAGE}identify/", id=request, how="運転免許証").status_code == 303
    assert official.post(f"{PAGE}put-off/", id=request, reason="件数が多い").status_code == 303
    assert row(office, UUID(request)).due_on == today() + timedelta(days=45)
    official.post(f"{PAGE}put-off/", id=request, reason="もう一度")
    assert row(office, UUID(request)).due_on == today() + timedelta(days=45)
    done = official.post(f"{PAGE}decide/", id=request, answer="全部を開示した。", grant="1")
    assert done.status_code == 303
    assert "全部を開示した。" in official.get(f"{PAGE}request/", id=request).text
    assert row(office, UUID(request)).state == "DONE"
    over = official.post(f"{PAGE}held/", id=request, format="csv")
    assert over.status_code == 303  # nothing more is given
    if office.engine.database.is_sqlite:
        everything = b"".join(files_below(folder).values())
        for text in ("全部を開示した。", "わたしの情報をすべて開示", MAIL):
            assert text.encode() not in everything


def test_whoever_reads_a_request_stands_in_the_audit(office: Office, official: Desk) -> None:
    request = entered(official)
    before = noted(office, "read_person_request")
    official.get(f"{PAGE}")
    assert noted(office, "read_person_request") == before  # the list opens nobody's
    official.get(f"{PAGE}request/", id=str(request))
    assert noted(office, "read_person_request") == [*before, {"request": request.hex}]


def test_what_is_disclosed_is_read_for_that_and_nothing_else(
    office: Office, official: Desk
) -> None:
    """Whatever else the official stated for the session."""
    request = str(entered(official))
    official.post(f"{PAGE}identify/", id=request, how="運転免許証")
    shown = official.post(f"{PAGE}held/", id=request, proof=PASSWORD)
    assert MAIL in shown.text
    for action in ("search", "read"):
        last = select(AuditEntry.body).where(AuditEntry.action == action)
        with office.engine.database.reading() as connection:
            body = connection.scalar(last.order_by(AuditEntry.sequence.desc()).limit(1))
        assert json.loads(body)["purpose"] == "Disclosure", action


def test_nothing_held_leaves_before_it_was_checked_who_asks(
    office: Office, official: Desk
) -> None:
    request, before = str(entered(official)), ledger(office)
    for format in ("", "csv"):
        early = official.post(f"{PAGE}held/", id=request, format=format)
        assert early.status_code == 400
        assert "betsu.no@example.jp" not in early.text
    assert ledger(office) == before


def test_all_that_is_held_is_in_the_paper_and_in_the_file(office: Office, official: Desk) -> None:
    request = str(entered(official))
    official.post(f"{PAGE}identify/", id=request, how="運転免許証")
    paper = official.post(f"{PAGE}held/", id=request)
    assert paper.status_code == 200
    for text in (MAIL, PHONE, "betsu.no@example.jp", "請求 花子", "Who has read or changed it"):
        assert text in paper.text
    assert "hanako.kobe" not in paper.text
    file = official.post(f"{PAGE}held/", id=request, format="csv")
    rows = list(csv.reader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    cells = {cell for line in rows for cell in line}
    assert {MAIL, PHONE, "'=1+1 という応募です。"} <= cells
    assert any("kobe_official@example.jp" in line[-1] for line in rows)  # who has read it
    [*_, line] = ledger(office)
    assert (line.door, line.state, line.built) == ("person", "DOWNLOADED", 2)
    assert line.sha256 == hashlib.sha256(file.get_data()).hexdigest()
    assert (line.purpose, line.recipient) == ("Disclosure", "The person who asked")
    assert "kobe_application.kobe_email" in json.loads(line.personal)
    for role, shown in (("auditor", True), ("kobe_operator", False)):
        answer = sit_down(office, role).get(f"/admin/extracts/{line.id}/")
        assert ("What is held on the person" in answer.text) is shown
    [*_, last] = noted(office, "gather_person")
    assert len(last["records"]) == 2


def test_what_is_missing_is_told_at_once(official: Desk) -> None:
    wrong = {"kind": "nothing", "received_on": "2999-01-01", "name": "", "email": "", "phone": ""}
    page = official.post(f"{PAGE}new/", **wrong, asked="")
    assert page.status_code == 400
    for control in ("kind", "received_on", "name", "email", "asked"):
        assert f'href="#{control}"' in page.text
    assert "Enter an e-mail address or a telephone number." in page.text


def test_the_register_is_for_those_who_answer(office: Office, official: Desk) -> None:
    request = str(entered(official))
    for role in ("kobe_operator", "kobe_manager", "auditor", "administrator"):
        desk = sit_down(office, role)
        assert desk.get(PAGE).status_code == 403
        assert desk.get(f"{PAGE}request/", id=request).status_code == 403
        assert desk.post(f"{PAGE}held/", id=request).status_code == 403


def test_a_request_past_its_day_is_told(office: Office, official: Desk) -> None:
    request = entered(official)
    late = (
        update(PersonRequest)
        .where(PersonRequest.id == request)
        .values(due_on=today() - timedelta(1))
    )
    office.engine.database.run(lambda transaction: transaction.write(late))
    assert "Past its day" in official.get(PAGE).text


def test_the_database_keeps_the_order_of_the_steps(office: Office, official: Desk) -> None:
    """Nothing is granted to somebody whose identity nobody checked, whatever the program does."""
    request = entered(official)
    caller = office.caller("kobe_official")

    def work(service: RecordService) -> None:
        granted = {"state": "DONE", "decided_by": caller.id}
        service.transaction.write(
            update(PersonRequest).where(PersonRequest.id == request).values(**granted)
        )

    with pytest.raises(Exception, match="another change came first"):
        office.engine.run(work)
    assert office.engine.run(lambda s: register.read(s, caller, request)).is_open


def test_a_correction_tells_which_change_it_was(office: Office, official: Desk) -> None:
    mail = "teisei.hito@example.jp"
    record = office.apply(kobe_email=mail, kobe_nickname="神戸 花子")
    request = str(entered(official, kind="correction", email=mail, phone=""))
    official.post(f"{PAGE}identify/", id=request, how="運転免許証")
    said = {"answer": "訂正した。", "grant": "1", "before": "神戸 花子", "after": "神戸 華子"}
    for missing in (said | {"before": ""}, said, said | {"change": "1"}):
        assert official.post(f"{PAGE}decide/", id=request, **missing).status_code == 400
    change(office, ENTITY, record, kobe_nickname="神戸 華子")
    page = official.get(f"{PAGE}request/", id=request).text
    [number] = re.findall(r'name="change" value="(\d+)"', page)
    assert official.post(f"{PAGE}decide/", id=request, change=number, **said).status_code == 303
    page = official.get(f"{PAGE}request/", id=request).text
    assert "訂正前 (Before the correction): 神戸 花子" in page
    assert "訂正後 (After the correction): 神戸 華子" in page
    assert "訂正した変更 (The change that corrected it): " in page
    [*_, details] = noted(office, "decide_request")
    assert (details["changes"], details["records"]) == ([int(number)], [record.hex])


def test_other_requests_of_the_same_person_are_found_and_held(
    office: Office, official: Desk
) -> None:
    first = entered(official, email="Onaji@Example.jp", phone="078-999-1111", asked="一つ目。")
    second = entered(official, email="", phone="０７８ー９９９ー１１１１", asked="二つ目。")
    entered(official, email="onaji@example.com", phone="078-999-1112")
    page = official.get(f"{PAGE}request/", id=str(second)).text
    others = page[page.index("Other requests of the same person") :]
    assert others.count("/admin/disclosure/request/?id=") == 1
    assert str(first) in others
    official.post(f"{PAGE}identify/", id=str(second), how="運転免許証")
    for format in ("", "csv"):
        held = official.post(f"{PAGE}held/", id=str(second), format=format).get_data()
        assert "一つ目。".encode() in held

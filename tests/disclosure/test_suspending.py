"""Suspension of use: all that is held, what depends on it, and what arrives later; by one request
or several; handled by one official, then by another."""

import json
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from jobs.registers import keep_registers
from models.metadata.errors import RecordNotFound
from models.metadata.query import Query
from models.tables.record_data import AuditEntry
from models.tables.requests import FrozenRecord
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import PASSWORD, Office
from tests.disclosure.asking import PAGE, SECOND, entered
from tests.enquiries.asking import ACTIVITY, ENQUIRY, ask, tell
from tests.identity.staff import Person, age_proof


def sees(office: Office, role: str, record: UUID, entity: str = ENQUIRY) -> bool:
    caller = office.caller(role)
    query = Query(entity=entity, columns=("versionnumber",), page_size=500, count=True)
    page = office.engine.run(lambda s: s.retrieve_multiple(caller, query))
    assert page.count == len(page.records)
    is_listed = record in {one["id"] for one in page.records}
    try:
        office.engine.run(lambda s: s.retrieve(caller, entity, record))
    except RecordNotFound:
        assert not is_listed
        return False
    return is_listed


def test_a_suspended_record_and_what_depends_on_it(office: Office, official: Desk) -> None:
    mail = "teishi.hito@example.jp"
    record = ask(office, kobe_email=mail)
    call = tell(office, record)
    request = str(entered(official, kind="suspension", email=mail))
    assert sees(office, "kobe_manager", record)
    assert official.post(f"{PAGE}freeze/", id=request).status_code == 303
    for role in ("kobe_manager", "kobe_operator", SECOND):
        assert not sees(office, role, record)
    assert sees(office, "kobe_official", record)
    assert not sees(office, "kobe_operator", call, ACTIVITY)
    assert sees(office, "kobe_official", call, ACTIVITY)
    assert "2 records" in official.get(f"{PAGE}request/", id=request).text
    refused = official.post(f"{PAGE}decide/", id=request, answer="停止の理由がない。", refuse="1")
    assert refused.status_code == 303
    assert sees(office, "kobe_manager", record)
    assert sees(office, "kobe_operator", call, ACTIVITY)


def test_what_arrives_later_is_suspended_at_night_or_at_once(
    office: Office, official: Desk
) -> None:
    mail = "ato.kara@example.jp"
    request = str(entered(official, kind="suspension", email=mail))
    official.post(f"{PAGE}freeze/", id=request)  # nothing is held yet
    official.post(f"{PAGE}identify/", id=request, how="運転免許証")
    official.post(f"{PAGE}decide/", id=request, answer="停止する。", grant="1")
    first = ask(office, kobe_email=mail)
    assert sees(office, "kobe_manager", first)
    keep_registers(office.engine)
    assert not sees(office, "kobe_manager", first)
    second = ask(office, kobe_email=mail)
    assert official.post(f"{PAGE}freeze/", id=request).status_code == 303
    assert not sees(office, "kobe_manager", second)
    official.post(f"{PAGE}release/", id=request)
    keep_registers(office.engine)
    assert sees(office, "kobe_manager", first)


def test_two_requests_suspend_a_record_each_for_itself(office: Office, official: Desk) -> None:
    mail = "futatsu@example.jp"
    record = ask(office, kobe_email=mail)
    first, second = (str(entered(official, kind="suspension", email=mail)) for _ in range(2))
    for request in (first, second):
        assert official.post(f"{PAGE}freeze/", id=request).status_code == 303
    page = official.get(f"{PAGE}request/", id=second).text
    assert "1 of them are suspended because of another request as well." in page
    official.post(f"{PAGE}release/", id=first)
    assert not sees(office, "kobe_manager", record)
    official.post(f"{PAGE}release/", id=second)
    assert sees(office, "kobe_manager", record)


def test_another_official_takes_the_request_over(office: Office, official: Desk) -> None:
    mail = "hikitsugi@example.jp"
    record = ask(office, kobe_email=mail)
    request = entered(official, kind="suspension", email=mail)
    official.post(f"{PAGE}freeze/", id=str(request))
    other = sit_down(office, SECOND)
    assert not sees(office, SECOND, record)
    assert "担当 kobe_official" in other.get(f"{PAGE}request/", id=str(request)).text
    second = Person(office.users[SECOND], "", PASSWORD, "")
    age_proof(office.engine, second, by=timedelta(hours=1))
    unproven = other.post(f"{PAGE}take-over/", id=str(request))
    assert unproven.status_code == 400
    assert 'href="#handler_proof"' in unproven.text
    taken = other.post(f"{PAGE}take-over/", id=str(request), proof=PASSWORD)
    assert taken.status_code == 303
    assert sees(office, SECOND, record)
    assert not sees(office, "kobe_official", record)
    with office.engine.database.reading() as connection:
        handlers = select(FrozenRecord.handler_id).where(FrozenRecord.request_id == request)
        assert set(connection.scalars(handlers)) == {office.users[SECOND]}
    taken_over = select(AuditEntry.body).where(AuditEntry.action == "take_over_suspension")
    with office.engine.database.reading() as connection:
        [entry] = [json.loads(body)["details"] for body in connection.scalars(taken_over)]
    assert entry["handler"] == office.users[SECOND].hex
    assert entry["handler_before"] == office.users["kobe_official"].hex

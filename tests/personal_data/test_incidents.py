"""The register of incidents: entered, changed, reported and closed by who keeps it, each step once
and audited; its words sealed.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from admin_views.incidents import register
from admin_views.incidents.affected import Affected
from admin_views.incidents.facts import Facts
from admin_views.incidents.reading import read_incident
from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.errors import AccessDenied
from models.tables.base import utc_now
from models.tables.record_data import AuditEntry
from tests.admin_views.contracted import employ, put_under_contract
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.extracting import age_proof_of
from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.personal_data.incident_office import (
    FACTS,
    HAPPENED,
    ROOM,
    ask,
    enter,
    known_now,
    read_by,
    row,
)

PROBLEM = re.compile(r'class="problem"[^>]*>([^<]+)<')


@pytest.fixture
def manager(any_office: Office) -> Desk:
    return sit_down(any_office, "kobe_manager")


def acts(office: Office, incident: object) -> list[str]:
    statement = select(AuditEntry.action).where(AuditEntry.record_id == incident)
    with office.engine.database.reading() as connection:
        return list(connection.scalars(statement.order_by(AuditEntry.sequence)))


def step(desk: Desk, incident: object, name: str) -> int:
    return desk.post(f"{ROOM}step/", id=str(incident), step=name, proof=PASSWORD).status_code


def test_an_incident_goes_its_way(any_office: Office, manager: Desk) -> None:
    incident = enter(manager)
    page = manager.get(f"{ROOM}incident/", id=str(incident)).text
    day = utc_now().astimezone(LOCAL_ZONE).date()
    assert f"on {day + timedelta(days=4)} at the latest" in page
    assert f"by {day + timedelta(days=59)}" in page  # of a wrongful purpose
    assert "has to be reported" in page
    for name, state in (("preliminary", "PRELIMINARY"), ("final", "FINAL"), ("close", "CLOSED")):
        assert step(manager, incident, name) == 303
        assert row(any_office, incident).state == state
    assert acts(any_office, incident) == [
        "enter_incident",
        "send_preliminary_report",
        "send_final_report",
        "close_incident",
    ]
    assert row(any_office, incident).preliminary_by_name == "kobe_manager@example.jp"


def test_no_step_is_taken_twice_and_none_back(any_office: Office, manager: Desk) -> None:
    incident = enter(manager)
    assert step(manager, incident, "final") == 303
    for name in ("preliminary", "final"):
        step(manager, incident, name)
        assert row(any_office, incident).state == "FINAL"
    assert acts(any_office, incident) == ["enter_incident", "send_final_report"]
    assert step(manager, incident, "open") == 404
    assert step(manager, uuid4(), "final") == 404


def test_what_is_closed_stays_as_it_is(any_office: Office, manager: Desk) -> None:
    incident = enter(manager)
    step(manager, incident, "close")
    before = row(any_office, incident)
    sent = {"id": str(incident), "version": str(before.version)}
    manager.post(
        f"{ROOM}change/", **sent, **{**FACTS, "known_on": known_now(), "kinds": ["other"]}
    )
    manager.post(f"{ROOM}report/", **sent, cause="不明")
    manager.post(f"{ROOM}ask/", **sent, account=str(any_office.users["kobe_official"]))
    assert row(any_office, incident) == before


def test_an_older_page_overwrites_nothing(any_office: Office, manager: Desk) -> None:
    incident = enter(manager)
    sent = {"id": str(incident), "version": "1"}
    assert manager.post(f"{ROOM}report/", **sent, cause="宛先の確認漏れ").status_code == 303
    manager.post(f"{ROOM}report/", **sent, cause="別の原因")
    page = manager.get(f"{ROOM}report/", id=str(incident)).text
    assert "宛先の確認漏れ" in page
    assert "別の原因" not in page


def test_its_words_are_sealed(any_office: Office, manager: Desk) -> None:
    incident = enter(manager, happened="himitsu の流出")
    sent = {"id": str(incident), "version": "1"}
    manager.post(f"{ROOM}report/", **sent, cause="himitsu の原因")
    kept = row(any_office, incident)
    assert b"himitsu" not in kept.texts
    with any_office.engine.database.reading() as connection:
        bodies = "".join(connection.scalars(select(AuditEntry.body)))
    assert "himitsu" not in bodies
    page = manager.get(f"{ROOM}report/", id=str(incident)).text
    assert "himitsu の流出" in page
    assert "himitsu の原因" in page


def test_the_facts_are_changed_when_more_is_known(any_office: Office, manager: Desk) -> None:
    incident = enter(manager, kinds=["other"], protected="unknown")
    assert "None of these kinds" in manager.get(f"{ROOM}incident/", id=str(incident)).text
    sent = {"id": str(incident), "version": "1", "known_on": "2026-04-01T08:30"}
    answer = manager.post(f"{ROOM}change/", **{**FACTS, **sent, "kinds": ["many"]})
    assert answer.status_code == 303
    kept = row(any_office, incident)
    assert json.loads(kept.kinds) == ["many"]
    assert kept.known_on.isoformat() == "2026-03-31T23:30:00+00:00"
    page = manager.get("/admin/").text
    assert "overdue: No. " in page
    assert "due by 2026-04-05" in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"known_on": ""}, "Enter When it was known"),
        ({"known_on": "yesterday"}, "as a date and time"),
        ({"known_on": "2099-01-01T00:00"}, "must not be in the future"),
        ({"happened": " "}, "Enter What happened"),
        ({"happened": "長" * 4001}, "4,000 characters"),
        ({"kinds": []}, "Choose Kind"),
        ({"kinds": ["nothing"]}, "options for Kind"),
        ({"kinds": ["other", "many"]}, "options for Kind"),
        ({"protected": ""}, "Choose Encryption"),
        ({"contractor": str(uuid4())}, "options for Contractor"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    any_office: Office, manager: Desk, wrong: dict[str, object], told: str
) -> None:
    answer = manager.post(f"{ROOM}new/", **{"known_on": known_now(), **FACTS, **wrong})
    assert answer.status_code == 400
    assert any(told in one for one in PROBLEM.findall(answer.text))
    if "happened" not in wrong:
        assert HAPPENED in answer.text


def test_who_keeps_the_register(any_office: Office) -> None:
    incident = enter(sit_down(any_office, "kobe_official"))
    for role in ("kobe_manager", "auditor", "administrator", "kobe_official"):
        page = sit_down(any_office, role).get(f"{ROOM}incident/", id=str(incident))
        assert page.status_code == 200, role
        assert ("Ask the access log" in page.text) == (role != "kobe_official")
    operator = sit_down(any_office, "kobe_operator")
    for place in ("", "new/", "incident/", "report/", "change/", "notice/"):
        assert operator.get(ROOM + place, id=str(incident)).status_code == 403, place


def test_more_than_a_hundred_are_pointed_out(any_office: Office, manager: Desk) -> None:
    few = Affected({ENTITY: 100})
    incident = enter(manager, kinds=["other"])
    opened = any_office.engine.run(lambda service: read_incident(service, incident))
    assert not replace(opened, affected=few).seems_many
    many = replace(opened, affected=replace(few, records={ENTITY: 101}))
    assert many.seems_many
    assert not replace(many, facts=replace(opened.facts, kinds=("many",))).seems_many
    assert "not asked for" in manager.get(f"{ROOM}incident/", id=str(incident)).text


def test_an_official_does_not_ask_the_log(any_office: Office) -> None:
    official = sit_down(any_office, "kobe_official")
    incident = enter(official)
    colleague = str(any_office.users["kobe_operator"])
    sent = {"id": str(incident), "version": "1", "account": colleague}
    assert official.post(f"{ROOM}ask/", **sent).status_code == 403
    assert row(any_office, incident).suspicion == "{}"


def test_no_account_of_a_contractor_keeps_it(any_office: Office, manager: Desk) -> None:
    account, database = any_office.users["kobe_official"], any_office.engine.database
    put_under_contract(database, account, scope={ENTITY: {}})
    try:
        official = sit_down(any_office, "kobe_official")
        assert official.get(ROOM).status_code == 403
        sent = {"known_on": known_now(), **FACTS}
        assert official.post(f"{ROOM}new/", **sent).status_code == 403
    finally:
        employ(database, account, None)


def test_a_step_asks_for_a_proof(any_office: Office, manager: Desk) -> None:
    incident = enter(manager)
    age_proof_of(any_office, "kobe_manager")
    answer = manager.post(f"{ROOM}step/", id=str(incident), step="close")
    assert answer.status_code == 400
    assert row(any_office, incident).state == "OPEN"
    assert step(manager, incident, "close") == 303
    any_office.sessions.pop("kobe_manager")  # a proof brings a new session


def test_the_report_is_filled_in_by_itself(any_office: Office, manager: Desk) -> None:
    records = read_by(any_office, "kobe_official", 2)
    incident = enter(manager)
    ask(manager, incident, account=str(any_office.users["kobe_official"]))
    answer = manager.post(f"{ROOM}file/", id=str(incident), format="csv")
    told = answer.text
    assert HAPPENED in told
    assert "E-mail, Telephone number" in told
    assert re.search(r"Application: [0-9]+ records that were seen", told)
    assert "write_incident_report" in acts(any_office, incident)
    page = sit_down(any_office, "kobe_official").get(
        f"{ROOM}notice/", id=str(incident), about=ENTITY
    )
    assert page.text.count("hanako.kobe@example.jp") >= len(records)


def test_nobody_writes_in_the_name_of_another(any_office: Office) -> None:
    manager = any_office.caller("kobe_manager")
    supported = replace(manager, supporter=manager)
    stated = Facts(
        known_on=utc_now(), kinds=("many",), protected="no", contractor=None, happened=HAPPENED
    )
    with pytest.raises(AccessDenied, match="in another's name"):
        any_office.engine.run(lambda service: register.enter(service, supported, stated))


def test_incidents_of_one_moment_have_numbers_of_their_own(any_office: Office) -> None:
    caller = any_office.caller("kobe_manager")
    stated = Facts(
        known_on=utc_now(), kinds=("other",), protected="yes", contractor=None, happened=HAPPENED
    )

    def enter_one(_: int) -> UUID:
        return any_office.engine.run(lambda service: register.enter(service, caller, stated))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(enter_one, range(8)))
    assert len({row(any_office, one).number for one in found}) == 8


def test_the_numbers_of_a_year_follow_each_other(any_office: Office, manager: Desk) -> None:
    first, second = (row(any_office, enter(manager)) for _ in range(2))
    assert (second.year, second.number) == (first.year, first.number + 1)
    of_before = row(any_office, enter(manager, known_on="2019-03-31T23:59"))
    assert (of_before.year, of_before.number) == (2018, 1)

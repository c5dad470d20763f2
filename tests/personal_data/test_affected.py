"""Whose data an incident is about: the count from the access log is that of its entries, whoever
asks and however; the list is what the reader may see, and a file of it goes the way of extracts.
"""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from admin_views.incidents.affected import SEEN, affected_ids, count_affected
from admin_views.incidents.suspicion import Suspicion
from models.tables.base import utc_now
from models.tables.extracts import Extract
from models.tables.record_data import AuditEntry
from tests.admin_views.contracted import employ, put_under_contract
from tests.admin_views.desk import sit_down
from tests.admin_views.extracting import approve, download, ready
from tests.admin_views.office import ENTITY, Office
from tests.personal_data.incident_office import ROOM, ask, enter, read_by, row


@pytest.fixture(scope="module")
def house(any_office: Office) -> Office:
    """Where an official and the secretariat saw applications, some of them the same."""
    records = read_by(any_office, "kobe_official", 3)
    sit_down(any_office, "kobe_official").records()
    operator = sit_down(any_office, "kobe_operator")
    for record in records[:2]:
        for attribute in ("kobe_email", "kobe_phone"):
            sent = {"id": record, "attribute": attribute, "purpose_text": "折り返しの連絡"}
            assert operator.send("reveal", **sent).status_code == 200
    return any_office


def counted(office: Office, **asked: Any) -> dict[str, int]:
    with office.engine.database.snapshot():
        found = office.engine.run(
            lambda service: count_affected(service.transaction, Suspicion(**asked))
        )
    return dict(found.records)


def told_by(office: Office, accounts: Iterable[UUID]) -> dict[str, int]:
    """The same from the bodies of the entries, one by one."""
    wanted = {one.hex for one in accounts}
    found: dict[str, set[str]] = {}
    with office.engine.database.reading() as connection:
        for body in map(json.loads, connection.scalars(select(AuditEntry.body))):
            if body["action"] in SEEN and body["outcome"] == "ok" and body.get("caller") in wanted:
                named = {body.get("record"), *body.get("details", {}).get("records", ())}
                found.setdefault(body["entity"], set()).update(named - {None})
    return {entity: len(records) for entity, records in found.items()}


def test_it_counts_what_the_entries_name(house: Office) -> None:
    users = house.users
    for role in ("kobe_official", "kobe_operator"):
        assert counted(house, account=users[role]) == told_by(house, [users[role]]), role
    assert counted(house, account=users["kobe_operator"]) == {ENTITY: 2}
    assert counted(house, account=users["auditor"]) == {}
    everybody = counted(house, since=utc_now() - timedelta(days=1))
    assert everybody == told_by(house, users.values())


def test_it_counts_within_the_time(house: Office) -> None:
    account, now = house.users["kobe_operator"], utc_now()
    day = timedelta(days=1)
    assert counted(house, account=account, since=now - day, until=now + day) == {ENTITY: 2}
    assert counted(house, account=account, since=now + day) == {}
    assert counted(house, account=account, until=now - day) == {}


def test_a_contractor_stands_for_its_accounts(house: Office) -> None:
    account, database = house.users["kobe_operator"], house.engine.database
    contractor = put_under_contract(database, account, scope={ENTITY: {}})
    try:
        assert counted(house, contractor=contractor) == {ENTITY: 2}
        alone = counted(house, contractor=contractor, account=house.users["kobe_official"])
        assert alone == told_by(house, [account, house.users["kobe_official"]])
    finally:
        employ(database, account, None)


def test_the_ids_are_those_of_the_count(house: Office) -> None:
    asked = Suspicion(account=house.users["kobe_operator"])
    ids = house.engine.run(
        lambda service: affected_ids(service.transaction, asked, ENTITY, most=10)
    )
    assert len(set(ids)) == len(ids) == 2
    few = house.engine.run(
        lambda service: affected_ids(service.transaction, asked, ENTITY, most=1)
    )
    assert few == ids[:1]


def test_a_file_that_left_is_counted_with_its_records(house: Office) -> None:
    extract = ready(house)
    assert download(house, extract).status_code == 200
    found = house.engine.run(lambda s: count_affected(s.transaction, Suspicion(extract=extract)))
    [taken] = found.taken
    assert (taken.id, taken.entity, taken.count) == (extract, ENTITY, 3)
    assert json.loads(taken.columns) == ["kobe_email"]
    by_account = house.engine.run(
        lambda s: count_affected(s.transaction, Suspicion(account=house.users["kobe_official"]))
    )
    assert [one.id for one in by_account.taken] == [extract]
    assert by_account.most == sum(by_account.records.values()) + 3


def test_a_file_that_nobody_fetched_is_not(house: Office) -> None:
    waiting = Suspicion(extract=ready(house))
    assert not house.engine.run(lambda s: count_affected(s.transaction, waiting))


def test_the_list_is_what_the_reader_may_see(house: Office) -> None:
    manager = sit_down(house, "kobe_manager")
    incident = enter(manager)
    ask(manager, incident, account=str(house.users["kobe_operator"]))
    place, about = f"{ROOM}notice/", {"id": str(incident), "about": ENTITY}
    masked = manager.get(place, **about).text
    assert "2 records are affected" in masked
    assert "hanako.kobe@example.jp" not in masked
    assert "Ask for the list as a file" not in masked
    assert "hanako.kobe@example.jp" in sit_down(house, "kobe_official").get(place, **about).text
    assert sit_down(house, "auditor").get(place, **about).status_code == 403
    assert manager.get(place, id=str(incident), about="nothing").status_code == 404


def test_a_file_of_it_goes_the_way_of_extracts(house: Office) -> None:
    manager, official = sit_down(house, "kobe_manager"), sit_down(house, "kobe_official")
    incident = enter(manager)
    ask(manager, incident, account=str(house.users["kobe_operator"]))
    place, about = f"{ROOM}notice/", {"id": str(incident), "about": ENTITY}
    assert manager.post(place, **about, format="csv").status_code == 403
    answer = official.post(place, **about, format="csv")
    assert answer.status_code == 303
    extract_id = UUID(answer.headers["Location"].rstrip("/").rpartition("/")[2])
    statement = select(Extract.__table__).where(Extract.id == extract_id)
    with house.engine.database.reading() as connection:
        extract = connection.execute(statement).one()
    assert extract.state == "REQUESTED"
    assert extract._mapping["count"] == 2
    assert json.loads(extract.personal) == ["kobe_email", "kobe_phone"]
    assert approve(house, extract_id).status_code == 303
    assert official.post(place, **about, format="exe").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"account": "nobody"},
        {"extract": "x"},
        {"since": "yesterday"},
        {"since": "2026-04-02T00:00", "until": "2026-04-01T00:00"},
    ],
)
def test_a_wrong_question_is_told_and_not_kept(house: Office, wrong: dict[str, str]) -> None:
    manager = sit_down(house, "kobe_manager")
    incident = enter(manager)
    answer = manager.post(f"{ROOM}ask/", id=str(incident), version="1", **wrong)
    assert answer.status_code == 400
    assert 'class="problem"' in answer.text
    assert row(house, incident).suspicion == "{}"

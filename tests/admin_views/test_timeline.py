"""What is kept about a record: entered from its page, shown on it, finished there; for those only
who may, and gone with the record."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest

from admin_views.records.timeline import SHOWN
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Deletion
from models.security.caller import Caller
from models.security.contracts import today
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office

ACTIVITY = "kobe_application_activity"
SEEING = Caller.system("test")
NOTE, CALL, MAIL, APPOINTMENT, TASK = "1", "2", "3", "4", "5"
DONE = "2"


@pytest.fixture
def operator(office: Office) -> Desk:
    return sit_down(office, "kobe_operator")


@pytest.fixture
def record(office: Office) -> UUID:
    return office.apply()


def kept(office: Office, record: UUID) -> list[dict[str, object]]:
    about = Filter((Condition("kobe_regarding", Operator.EQUAL, record),))
    query = Query(entity=ACTIVITY, filter=about)
    return office.engine.run(lambda s: s.retrieve_multiple(SEEING, query)).records


def enter(desk: Desk, record: UUID, kind: str = NOTE, **values: str) -> object:
    stated = {"kobe_regarding": str(record), "kobe_kind": kind, "kobe_subject": "件名", **values}
    return desk.post(f"/admin/t/{ACTIVITY}/new/", **stated)


def page(desk: Desk, record: UUID) -> str:
    return desk.records("details", id=str(record)).text


def timeline(desk: Desk, record: UUID) -> str:
    return page(desk, record).split('id="timeline"')[1]


def test_from_the_record_a_form_opens_for_it(operator: Desk, record: UUID) -> None:
    links = re.findall(rf'href="(/admin/t/{ACTIVITY}/new/[^"]+)"', timeline(operator, record))
    assert len(links) == 5
    about = {"kobe_regarding": str(record)}
    call = about | {"kobe_kind": CALL, "statuscode": DONE}
    received = about | {"kobe_kind": MAIL, "kobe_direction": "2", "statuscode": DONE}
    for link, chosen in ((links[1], call), (links[2], received)):
        form = operator.get(link.replace("&amp;", "&")).text
        for name, value in chosen.items():
            select = form.split(f'name="{name}"')[1].split("</select>")[0]
            assert re.search(rf'<option selected value="{value}"', select), name


def test_a_mail_that_came_is_entered_with_its_sender_and_time(
    office: Office, operator: Desk, record: UUID
) -> None:
    sender, at = "taro@example.com", "2026-04-01T09:30"
    stated = {"kobe_direction": "2", "kobe_sender": sender, "kobe_startson": at}
    enter(operator, record, MAIL, **stated, kobe_description="火曜が良い", statuscode=DONE)
    shown = timeline(operator, record)
    assert "From: t•••@example.com" in shown
    assert "Date and time: 2026-04-01 09:30" in shown
    assert "(overdue)" not in shown
    assert sender not in page(operator, record), "masked, as the applicant's own address is"
    assert sender in timeline(sit_down(office, "kobe_official"), record)
    [kept_one] = kept(office, record)
    assert kept_one["kobe_sender"] == sender


def test_a_link_writes_no_text_for_somebody(operator: Desk, record: UUID) -> None:
    form = operator.get(f"/admin/t/{ACTIVITY}/new/", kobe_subject="だまし", kobe_kind=CALL).text
    assert "だまし" not in form


def test_what_is_entered_stands_on_the_records_page_the_newest_first(
    office: Office, operator: Desk, record: UUID
) -> None:
    answer = enter(
        operator, record, CALL, kobe_subject="電話で確認", kobe_description="木曜が良い"
    )
    assert answer.location.endswith(f"{ENTITY}/details/?id={record}"), "back to the record"
    enter(operator, record, kobe_subject="メモ書き")
    found = re.findall(r'<a href="[^"]+">([^<]+)</a></h3>', timeline(operator, record))
    assert found == ["メモ書き", "電話で確認"]
    assert "木曜が良い" in timeline(operator, record)
    assert "Phone call" in timeline(operator, record)
    first, *_ = kept(office, record)
    assert first["createdby"] == office.users["kobe_operator"]


def test_what_is_said_is_sealed(office: Office, operator: Desk, record: UUID) -> None:
    enter(operator, record, kobe_description="住所は中央区東川崎町")
    table = office.engine.catalog.tables.entities[ACTIVITY]
    with office.engine.database.reading() as connection:
        rows = list(connection.execute(table.select()).mappings())
    [row] = [row for row in rows if row["kobe_regarding"] == record]
    assert isinstance(row["kobe_description"], bytes)
    assert "東川崎町".encode() not in row["kobe_description"]


def test_a_task_is_overdue_from_the_day_after_until_it_is_done(
    office: Office, operator: Desk, record: UUID
) -> None:
    yesterday, now = today() - timedelta(days=1), today()
    enter(operator, record, TASK, kobe_subject="遅れた作業", kobe_dueon=yesterday.isoformat())
    enter(operator, record, TASK, kobe_subject="今日の作業", kobe_dueon=now.isoformat())
    assert timeline(operator, record).count("(overdue)") == 1
    view = {"view": f"{ACTIVITY}_overdue"}
    listed = operator.get(f"/admin/t/{ACTIVITY}/", **view).text
    assert "遅れた作業" in listed
    assert "今日の作業" not in listed
    [late] = [one for one in kept(office, record) if one["kobe_subject"] == "遅れた作業"]
    sent = {"id": str(late["id"]), "version": str(late["versionnumber"]), "statuscode": "2"}
    answer = operator.post(f"/admin/t/{ACTIVITY}/status/", **sent)
    assert answer.location.endswith(f"{ENTITY}/details/?id={record}")
    assert "(overdue)" not in timeline(operator, record)
    assert "遅れた作業" not in operator.get(f"/admin/t/{ACTIVITY}/", **view).text


def test_an_appointment_is_overdue_from_the_day_after_it_began(
    operator: Desk, record: UUID
) -> None:
    for days, subject in ((-1, "過ぎた面談"), (0, "今日の面談")):
        at = f"{today() + timedelta(days=days)}T00:30"
        enter(operator, record, APPOINTMENT, kobe_subject=subject, kobe_startson=at)
    shown = timeline(operator, record)
    assert shown.count("(overdue)") == 1
    assert shown.index("今日の面談") < shown.index("過ぎた面談") < shown.index("(overdue)")
    listed = operator.get(f"/admin/t/{ACTIVITY}/", view=f"{ACTIVITY}_overdue").text
    assert "過ぎた面談" in listed
    assert "今日の面談" not in listed


def test_older_ones_are_on_pages_of_the_record(
    office: Office, operator: Desk, record: UUID
) -> None:
    other = office.apply()
    caller = office.caller("kobe_operator")
    batch = [
        {"kobe_regarding": about, "kobe_kind": NOTE, "kobe_subject": f"{about}のメモ {n}"}
        for about, count in ((record, SHOWN + 1), (other, 1))
        for n in range(count)
    ]
    office.engine.run(lambda s: s.create_multiple(caller, ACTIVITY, batch))
    newest = page(operator, record)
    assert newest.count(f"{record}のメモ") == SHOWN
    assert "Newest activities" not in newest
    older = re.search(r'<a href="([^"]+)">Older activities</a>', newest)
    assert older is not None
    second = operator.get(unescape(older[1])).text
    assert second.count(f"{record}のメモ") == 1
    assert f"{other}のメモ" not in second
    assert "Older activities" not in second
    assert "Newest activities" in second
    assert operator.records("details", id=str(record), activities="x").status_code == 400


def test_who_may_not_read_them_sees_none(office: Office, operator: Desk, record: UUID) -> None:
    enter(operator, record, kobe_subject="内部の相談")
    manager = sit_down(office, "kobe_manager")
    assert 'id="timeline"' not in page(manager, record)
    assert "内部の相談" not in page(manager, record)
    assert manager.get(f"/admin/t/{ACTIVITY}/").status_code == 403


def test_nothing_is_kept_about_what_one_may_not_see(office: Office, operator: Desk) -> None:
    other = office.apply()
    official = office.caller("kobe_official")
    assert official.id is not None
    owner = official.id
    office.engine.run(lambda s: s.assign_multiple(official, ENTITY, [other], owner=owner))
    assert enter(operator, other).status_code == 400
    assert kept(office, other) == []


def test_what_was_kept_goes_with_the_record(office: Office, operator: Desk, record: UUID) -> None:
    enter(operator, record)
    office.engine.run(lambda s: s.delete_multiple(SEEING, ENTITY, [Deletion(record)]))
    assert kept(office, record) == []

"""A record's way through its process, as the office sees and moves it: on its page, on the board,
in the forms; and as an attacker would try to."""

import re
from uuid import UUID

import pytest

from models.records.changes import Change
from models.security.caller import Caller
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, Office

HEARING_ENTITY = "kobe_hearing"
RECEPTION, HEARING, CALL, MATCHING = "1", "2", "3", "4"
HEARD = {
    "kobe_subject": "初回",
    "kobe_heardon": "2026-04-01",
    "kobe_means": "1",
    "kobe_details": "詳しく伺った。",
}
STEP = re.compile(r'<li class="course-step course-(\w+)"[^>]*><span class="course-label">([^<]+)')


@pytest.fixture
def operator(office: Office) -> Desk:
    return sit_down(office, "kobe_operator")


@pytest.fixture
def record(office: Office) -> UUID:
    return office.apply()


def steps(desk: Desk, record: UUID) -> dict[str, str]:
    page = desk.records("details", id=str(record)).text
    return {label: state for state, label in STEP.findall(page)}


def move(desk: Desk, record: UUID, stage: str, **more: str) -> object:
    page = desk.records("details", id=str(record)).text
    kept = {"id": str(record), "version": hidden_of(page, "stage")["version"]}
    return desk.send("stage", process="kobe_support_flow", stage=stage, **kept, **more)


def hear(office: Office, record: UUID) -> None:
    caller: Caller = office.caller("kobe_operator")
    batch = [{**HEARD, "kobe_application": record}]
    office.engine.run(lambda s: s.create_multiple(caller, HEARING_ENTITY, batch))


def test_the_page_shows_where_the_record_is(operator: Desk, record: UUID) -> None:
    found = steps(operator, record)
    assert list(found) == [
        "Reception", "Hearing", "Call for cooperators", "Matching", "Support", "Publication",
        "Closed",
    ]  # fmt: skip
    assert found.pop("Reception") == "current"
    assert set(found.values()) == {"ahead"}


def test_it_goes_on_and_back_and_the_page_tells_the_course(operator: Desk, record: UUID) -> None:
    assert move(operator, record, HEARING).status_code == 303
    assert steps(operator, record)["Reception"] == "done"
    assert move(operator, record, RECEPTION).status_code == 303
    page = operator.records("details", id=str(record)).text
    stays = re.findall(r"<tr><td>(\w+)</td>", page.split("The course so far")[1])
    assert stays == ["Reception", "Hearing", "Reception"]


def test_what_is_missing_is_told_and_leads_to_where_it_is_entered(
    office: Office, operator: Desk, record: UUID
) -> None:
    move(operator, record, HEARING)
    answer = move(operator, record, CALL)
    assert answer.status_code == 400
    assert "enter a record of Hearing (Heard on, By means of, What was said)" in answer.text
    hear(office, record)
    assert move(operator, record, CALL).status_code == 303
    assert steps(operator, record)["Call for cooperators"] == "current"


@pytest.mark.parametrize("stage", [MATCHING, "99", "", "１ OR 1=1", "Hearing'"])
def test_no_stage_is_skipped_or_made_up(operator: Desk, record: UUID, stage: str) -> None:
    assert move(operator, record, stage).status_code == 400
    assert steps(operator, record)["Reception"] == "current"


def test_who_was_too_late_overwrites_nothing(operator: Desk, record: UUID) -> None:
    page = operator.records("details", id=str(record)).text
    kept = {"id": str(record), **hidden_of(page, "stage")}
    kept.pop("csrf_token", None)
    assert operator.send("stage", stage=HEARING, **kept).status_code == 303
    assert operator.send("stage", stage="7", **kept).status_code == 409


def test_the_board_has_a_column_for_each_stage_and_moves_cards(
    office: Office, operator: Desk, record: UUID
) -> None:
    page = operator.records("board").text
    columns = re.findall(r'<h2 id="stage-(\d)">', page)
    assert columns == ["1", "2", "3", "4", "5", "6", "7"]
    answer = move(operator, record, HEARING, **{"from": "board"})
    assert "/board/" in answer.location
    assert f"id={record}" in operator.records("board").text.split('id="stage-2"')[1]


def test_the_board_shows_no_more_than_the_list(own_office: Office) -> None:
    other = own_office.apply(kobe_catchphrase="ほかの部署の応募")
    official = own_office.caller("kobe_official")
    unit = official.id
    assert unit is not None
    own_office.engine.run(lambda s: s.assign_multiple(official, ENTITY, [other], owner=unit))
    assert "ほかの部署の応募" not in sit_down(own_office, "kobe_operator").records("board").text
    assert "ほかの部署の応募" in sit_down(own_office, "kobe_official").records("board").text


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_the_board_is_for_those_who_read(office: Office, role: str) -> None:
    assert sit_down(office, role).records("board").status_code == 403


def test_who_only_reads_moves_nothing(office: Office, record: UUID) -> None:
    manager = sit_down(office, "kobe_manager")
    assert 'class="tool course-move"' not in manager.records("details", id=str(record)).text
    kept = {"id": str(record), "version": "1", "process": "kobe_support_flow"}
    assert manager.send("stage", stage=HEARING, **kept).status_code == 403


def test_forms_offer_what_may_follow_and_never_the_moment(
    office: Office, operator: Desk, record: UUID
) -> None:
    form = operator.records("edit", id=str(record)).text
    select = form.split('name="kobe_stage"')[1].split("</select>")[0]
    assert re.findall(r'value="(\d*)"', select) == ["", "1", "2", "7"]
    assert 'name="kobe_stagesince"' not in form
    created = sit_down(office, "kobe_official").records("new").text
    assert 'name="kobe_stage"' not in created


def test_another_process_is_not_found(operator: Desk) -> None:
    assert operator.records("board", process="kobe_nothing").status_code == 404
    assert operator.get(f"/admin/t/{HEARING_ENTITY}/board/").status_code == 404


def test_a_hundred_cards_are_counted_and_the_first_are_shown(office: Office) -> None:
    for number in range(25):
        office.apply(kobe_catchphrase=f"待つ応募{number:02}")
    page = sit_down(office, "kobe_operator").records("board").text
    first = page.split('id="stage-1"')[1].split('id="stage-2"')[0]
    assert first.count('class="card"') == 20
    assert re.search(r"All [\d,]+ records of this stage", first)


def test_a_change_by_the_service_is_seen_at_once(
    office: Office, operator: Desk, record: UUID
) -> None:
    caller = office.caller("kobe_operator")
    batch = [Change(record, {"kobe_stage": 2})]
    office.engine.run(lambda s: s.update_multiple(caller, ENTITY, batch))
    assert steps(operator, record)["Hearing"] == "current"

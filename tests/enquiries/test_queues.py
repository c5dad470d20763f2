"""Queues: what a team owns waits for somebody of it, the oldest first; of two who take a record at
once one gets it; what is not one's own to take or to give back stays where it is."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from admin_views.queues.picking import pick
from models.metadata.errors import ConcurrencyConflict
from models.security.caller import Caller
from models.tables.base import new_id
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office
from tests.enquiries.asking import ENQUIRY, UNIT, ask, change, close_all, give, of, team

ROW = re.compile(r'details/\?id=([0-9a-f-]{36})"')


@pytest.fixture(autouse=True)
def empty_queues(office: Office) -> None:
    close_all(office)


def waiting(desk: Desk, part: str = UNIT) -> list[UUID]:
    """The ids in the order of the page, of one team's queue or of one's own."""
    page = desk.get("/admin/queue/").text
    section = next(one for one in page.split('<div class="queue"') if f"{part}" in one)
    return [UUID(one) for one in ROW.findall(section)]


def act(desk: Desk, what: str, record: UUID, of_team: UUID, entity: str = ENQUIRY) -> object:
    sent = {"entity": entity, "id": str(record), "team": str(of_team)}
    return desk.post(f"/admin/queue/{what}/", **sent)


def test_the_oldest_comes_first_and_what_waits_for_nobody_is_not_there(
    office: Office, operator: Desk
) -> None:
    new, old = ask(office), ask(office, hours_ago=30)
    unconfirmed, closed = ask(office, statuscode=1), ask(office)
    change(office, ENQUIRY, closed, statuscode=6)
    mine = ask(office)
    give(office, mine, office.users["kobe_operator"])
    found = waiting(operator)
    assert [one for one in found if one in {new, old}] == [old, new]
    assert not {unconfirmed, closed, mine} & set(found)
    assert mine in waiting(operator, "In my charge")


def test_taking_it_and_giving_it_back(office: Office, operator: Desk) -> None:
    record, owner = ask(office), office.users["kobe_operator"]
    answer = act(operator, "pick", record, team(office))
    assert answer.location.endswith(f"{ENQUIRY}/details/?id={record}")
    assert of(office, record)["ownerid"] == owner
    assert record not in waiting(operator)
    assert act(operator, "release", record, team(office)).status_code == 303
    assert of(office, record)["ownerid"] == team(office)
    assert record in waiting(operator)


def test_the_next_one_is_the_one_that_waits_for_longest(office: Office, operator: Desk) -> None:
    record = ask(office, hours_ago=5000)
    answer = operator.post("/admin/queue/next/", team=str(team(office)))
    assert answer.location.endswith(f"id={record}")
    assert of(office, record)["ownerid"] == office.users["kobe_operator"]


def test_who_is_too_late_is_told(office: Office, operator: Desk) -> None:
    record, other = ask(office), office.users["kobe_official"]
    give(office, record, other)
    assert act(operator, "pick", record, team(office)).location == "/admin/queue/"
    assert "took this record before you" in operator.get("/admin/queue/").text
    assert of(office, record)["ownerid"] == other
    act(operator, "release", record, team(office))
    assert "no longer in your charge" in operator.get("/admin/queue/").text
    assert of(office, record)["ownerid"] == other


def test_of_many_at_once_one_gets_it(office: Office) -> None:
    record = ask(office)
    operators = [office.caller("kobe_operator") for _ in range(6)]

    def take(caller: Caller) -> bool:
        try:
            office.engine.run(lambda s: pick(s, caller, ENQUIRY, record, team=team(office)))
        except ConcurrencyConflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(take, operators)) == [False] * 5 + [True]
    assert of(office, record)["ownerid"] == office.users["kobe_operator"]


@pytest.mark.parametrize("what", ["pick", "release"])
def test_nothing_of_others_is_taken(office: Office, operator: Desk, what: str) -> None:
    """Not from a team one is not in, not of an entity without a queue, not what is not there."""
    record, elsewhere = ask(office), team(office, "企画調整局つなぐラボ")
    application = office.apply()
    give(office, record, elsewhere)
    assert act(operator, what, record, elsewhere).status_code == 404
    assert act(operator, what, application, team(office), ENTITY).status_code == 404
    assert act(operator, what, application, team(office), "kobe_nothing").status_code == 404
    assert act(operator, what, new_id(), team(office)).location == "/admin/queue/"
    assert of(office, record)["ownerid"] == elsewhere


def test_who_may_not_assign_takes_nothing(office: Office) -> None:
    """The manager reads enquiries, and no more."""
    record, lab = ask(office), team(office, "企画調整局つなぐラボ")
    give(office, record, lab)
    manager = sit_down(office, "kobe_manager")
    assert record in waiting(manager, "企画調整局つなぐラボ")
    assert "Take it" not in manager.get("/admin/queue/").text
    assert act(manager, "pick", record, lab).status_code == 403
    assert of(office, record)["ownerid"] == lab
    assert "/admin/queue/" not in manager.get("/admin/account/").text


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_who_reads_no_enquiries_sees_none(office: Office, role: str) -> None:
    record = ask(office)
    desk = sit_down(office, role)
    assert ROW.findall(desk.get("/admin/queue/").text) == []
    assert act(desk, "pick", record, team(office)).status_code == 404


def test_the_start_page_tells_how_many_wait(office: Office, operator: Desk) -> None:
    ask(office)
    count = len(waiting(operator))
    assert f"Waiting in your teams’ queues: {count}" in operator.get("/admin/").text

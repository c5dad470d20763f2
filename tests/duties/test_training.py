"""Training: entered by an administrator for one or many, never for oneself, never in the future;
before it runs out the person is told."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from admin_views.identity import step_up
from models.security.contracts import months_after, today
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.duties.owing import ask, of, owe_pledge, owe_training, settle
from tests.identity.staff import account_of, acts, age_proof, change_account

PAGE = "/admin/training/"
NAMED = {"trained_on": str(today()), "training": "個人情報保護研修（令和8年度）"}


@pytest.fixture
def administrator(own_office: Office) -> Desk:
    return sit_down(own_office, "administrator")


def trained_on(office: Office, role: str) -> date | None:
    found: date | None = account_of(office.engine, of(office, role)).trained_on
    return found


def enter(desk: Desk, *ids: UUID, **changes: object) -> int:
    return desk.post(PAGE, accounts=[str(one) for one in ids], **NAMED | changes).status_code


def test_many_are_entered_at_once_and_data_opens_at_their_next_request(
    own_office: Office, administrator: Desk
) -> None:
    own_office.apply()
    for role in ("kobe_operator", "kobe_official"):
        owe_training(own_office, role)
    operator = sit_down(own_office, "kobe_operator")
    assert "•••" not in operator.records().text
    ids = [own_office.users[role] for role in ("kobe_operator", "kobe_official")]
    assert enter(administrator, *ids) == 302
    assert "•••" in operator.records().text
    entered = [act for act in acts(own_office.engine) if act["action"] == "enter_training"]
    assert [act["record"] for act in entered] == [one.hex for one in ids]
    assert entered[0]["details"] == {
        "trained_on": str(today()),
        "trained_on_before": str(today() - timedelta(days=400)),
        "training": NAMED["training"],
    }
    page = administrator.get(PAGE).text
    assert "The training was entered for 2 accounts." in page
    assert page.count(NAMED["training"]) == 2


WRONG: dict[str, tuple[dict[str, object], list[str]]] = {
    "tomorrow": ({"trained_on": str(today() + timedelta(days=1))}, ["trained_on"]),
    "no day": ({"trained_on": "2026-02-30"}, ["trained_on"]),
    "nothing": ({"trained_on": "", "training": " "}, ["trained_on", "training"]),
    "a name too long": ({"training": "研" * 101}, ["training"]),
    "a name of control characters": ({"training": "研修\x07"}, ["training"]),
    "nobody": ({"accounts": []}, ["accounts"]),
}


@pytest.mark.parametrize(("changes", "controls"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_lost(
    own_office: Office, administrator: Desk, changes: dict[str, object], controls: list[str]
) -> None:
    before = trained_on(own_office, "kobe_operator")
    user = str(own_office.users["kobe_operator"])
    sent = {"accounts": [user], **NAMED} | changes
    answer = administrator.post(PAGE, **sent)
    assert answer.status_code == 400
    for control in controls:
        assert f'href="#{control}"' in answer.text
        assert f'id="{control}-error"' in answer.text
    if sent["accounts"]:
        assert f'value="{user}" aria-label' in answer.text
        assert " checked>" in answer.text
    assert trained_on(own_office, "kobe_operator") == before


def test_the_same_day_is_taken(own_office: Office, administrator: Desk) -> None:
    owe_training(own_office, "auditor", days=None)
    assert enter(administrator, own_office.users["auditor"]) == 302
    assert trained_on(own_office, "auditor") == today()


def test_nobody_enters_their_own(own_office: Office, administrator: Desk) -> None:
    owe_training(own_office, "administrator", days=None)
    ids = own_office.users["kobe_operator"], own_office.users["administrator"]
    owe_training(own_office, "kobe_operator", days=None)
    assert enter(administrator, *ids) == 403
    assert trained_on(own_office, "administrator") is None
    assert trained_on(own_office, "kobe_operator") is None, "all of them or none"
    assert f'value="{ids[1]}"' not in administrator.get(PAGE).text


@pytest.mark.parametrize("wrong", ["nonsense", str(UUID(int=7)), ""])
def test_an_account_that_is_not_there_is_not_found(
    own_office: Office, administrator: Desk, wrong: str
) -> None:
    owe_training(own_office, "kobe_operator", days=None)
    accounts = [str(own_office.users["kobe_operator"]), wrong]
    assert administrator.post(PAGE, accounts=accounts, **NAMED).status_code == 404
    assert trained_on(own_office, "kobe_operator") is None


def test_who_enters_it_shows_who_they_are(own_office: Office, administrator: Desk) -> None:
    owe_training(own_office, "kobe_operator", days=None)
    late = step_up.FOR_MANY + timedelta(seconds=5)
    age_proof(own_office.engine, of(own_office, "administrator"), by=late)
    user = own_office.users["kobe_operator"]
    assert enter(administrator, user) == 400
    assert trained_on(own_office, "kobe_operator") is None
    assert enter(administrator, user, proof=PASSWORD) == 302


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_official", "auditor"])
def test_it_is_for_those_who_manage_users(any_office: Office, role: str) -> None:
    desk = sit_down(any_office, role)
    assert desk.get(PAGE).status_code == 403
    assert enter(desk, any_office.users["kobe_official"]) == 403


def test_those_for_whom_data_is_closed_come_first(own_office: Office, administrator: Desk) -> None:
    owe_training(own_office, "kobe_official")
    owe_pledge(own_office, "auditor")
    page = administrator.get(PAGE).text
    places = {role: page.index(f"{role}@example.jp") for role in own_office.users}
    assert max(places["kobe_official"], places["auditor"]) < places["kobe_operator"]
    assert "Not shown (training)" in page
    assert "Not shown (no pledge)" in page


DAYS_LEFT = {31: False, 30: True, 1: True, 0: True, -1: False}


@pytest.mark.parametrize(("left", "told"), DAYS_LEFT.items())
def test_thirty_days_before_it_runs_out_the_person_is_told(
    any_office: Office, left: int, told: bool
) -> None:
    trained = next(
        day
        for days in range(330, 400)
        if months_after(day := today() - timedelta(days=days), 12) == today() + timedelta(left)
    )
    change_account(any_office.engine, of(any_office, "kobe_operator"), trained_on=trained)
    desk = sit_down(any_office, "kobe_operator")
    page = desk.get("/admin/").text
    assert ("Your training counts until" in page) is told
    assert (str(today() + timedelta(left)) in page) is told
    assert "more than 12 months have passed" in page if left < 0 else "12 months" not in page
    settle(any_office, "kobe_operator")


def test_never_trained_is_told_otherwise_than_too_long_ago(any_office: Office) -> None:
    desk = sit_down(any_office, "kobe_operator")
    owe_training(any_office, "kobe_operator", days=None)
    assert "no training is entered for you" in desk.records().text
    owe_training(any_office, "kobe_operator")
    assert "more than 12 months have passed" in desk.records().text
    ask(any_office, training_months=24)
    assert "months have passed" not in desk.records().text
    ask(any_office, training_months=0)
    owe_training(any_office, "kobe_operator", days=None)
    assert "no training" not in desk.records().text
    ask(any_office, training_months=12)
    settle(any_office, "kobe_operator")


def test_the_entity_of_these_tests_has_personal_data(any_office: Office) -> None:
    entity = any_office.engine.catalog.entity(ENTITY)
    assert any(attribute.personal for attribute in entity.attributes.values())

"""Contractors' pages: what is entered is checked line by line and kept, changes ask who makes
them, are audited with what was before, and overwrite nobody's."""

import json
import re
from datetime import timedelta

import pytest

from admin_views.identity import step_up
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, Office
from tests.contractors.contracts import (
    CHILDREN,
    LIMIT,
    OPTIONS,
    STUDENTS,
    added,
    changed,
    contract_named,
    day,
    terms,
)
from tests.identity.staff import Person, acts, age_proof

NEW = "/admin/contractors/new/"


def stored_scope(office: Office, name: str) -> object:
    return json.loads(contract_named(office.engine, name).scope)


def test_what_was_entered_is_what_holds(administrator: Desk) -> None:
    office = administrator.office
    answer = administrator.post(NEW, **terms("  運営事務局A社 "))
    assert answer.status_code == 302
    row = contract_named(office.engine, "運営事務局A社")
    assert (row.starts_on, row.ends_on) == (day(-10), day(200))
    assert row.networks.splitlines() == ["127.0.0.0/8", "2001:db8::/32"]
    assert stored_scope(office, "運営事務局A社") == {ENTITY: {"kobe_category": [int(CHILDREN)]}}
    page = administrator.get("/admin/contractors/").text
    for said in ("運営事務局A社", "Support for children", "2001:db8::/32", f"{day(-10)} to"):
        assert said in page
    assert "Support for students" not in page


def test_all_options_are_no_limit_and_no_entity_allows_nothing(administrator: Desk) -> None:
    office = administrator.office
    added(administrator, "全部", **{LIMIT: "all", OPTIONS: []})
    assert stored_scope(office, "全部") == {ENTITY: {}}
    added(administrator, "何も", entities=[], networks="")
    assert stored_scope(office, "何も") == {}


WRONG: dict[str, tuple[dict[str, object], list[str]]] = {
    "nothing": ({"name": "", "starts_on": "", "ends_on": ""}, ["name", "starts_on", "ends_on"]),
    "a name too long": ({"name": "社" * 101}, ["name"]),
    "a name of control characters": ({"name": "A\x07社"}, ["name"]),
    "no day": ({"starts_on": "2026-02-30"}, ["starts_on"]),
    "a day beyond the calendar": ({"ends_on": "10000-01-01"}, ["ends_on"]),
    "an end before the beginning": ({"ends_on": str(day(-11))}, ["ends_on"]),
    "no network": ({"networks": "203.0.113.0/24\nthe office"}, ["networks"]),
    "a range that begins elsewhere": ({"networks": "203.0.113.7/24"}, ["networks"]),
    "everything": ({"networks": "0.0.0.0/0"}, ["networks"]),
    "networks without end": ({"networks": "203.0.113.0/24\n" * 101}, ["networks"]),
    "an entity that is not there": ({"entities": [ENTITY, "kobe_nothing"]}, ["scope"]),
    "no option ticked": ({OPTIONS: []}, [OPTIONS]),
    "an option that is not there": ({OPTIONS: ["1"]}, [OPTIONS]),
    "an option that is no number": ({OPTIONS: ["子ども"]}, [OPTIONS]),
    "neither all nor some": ({LIMIT: "", OPTIONS: []}, [OPTIONS]),
}


@pytest.mark.parametrize(("changes", "controls"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_lost(
    administrator: Desk, changes: dict[str, object], controls: list[str]
) -> None:
    stated = terms("書き間違い", **changes)
    answer = administrator.post(NEW, **stated)
    assert answer.status_code == 400
    said = re.findall(r'<li><a href="#([^"]+)">', answer.text)
    assert said == controls
    for control in controls:
        assert f'id="{control}-error"' in answer.text or f'id="{control}"' in answer.text
    assert f'value="{stated["starts_on"]}"' in answer.text
    assert contract_named(administrator.office.engine, "書き間違い") is None
    assert "<title>Error: " in answer.text


def test_every_wrong_line_is_named(administrator: Desk) -> None:
    networks = "203.0.113.0/24\n\nx\n198.51.100.1/24\n::/0"
    answer = administrator.post(NEW, **terms("多くの行", networks=networks))
    for said in ("Line 3 of", "Line 4 of", "Line 5 of"):
        assert said in answer.text
    assert "Line 1 of" not in answer.text
    assert "198.51.100.1/24" in answer.text, "what was typed is kept"


def test_a_name_is_taken_once(administrator: Desk) -> None:
    added(administrator, "一社だけ")
    answer = administrator.post(NEW, **terms("一社だけ"))
    assert answer.status_code == 400
    assert 'href="#name"' in answer.text


def test_a_change_is_audited_with_what_was_before(administrator: Desk) -> None:
    office = administrator.office
    one = added(administrator, "変更前")
    stated = terms("変更後", ends_on=str(day(300)), **{OPTIONS: [STUDENTS, CHILDREN]})
    assert changed(administrator, one, stated).status_code == 302
    made, change = [a for a in acts(office.engine) if a.get("record") == one.hex]
    assert made["action"] == "create_contractor"
    assert made["details"]["scope"] == [f"{ENTITY} (kobe_category: {CHILDREN})"]
    assert (change["action"], change["by"]) == ("change_contractor", "administrator@example.jp")
    assert change["details"] == {
        "contractor": "変更後",
        "contractor_before": "変更前",
        "ends_on": str(day(300)),
        "ends_on_before": str(day(200)),
        "scope": [f"{ENTITY} (kobe_category: {CHILDREN} {STUDENTS})"],
        "scope_before": [f"{ENTITY} (kobe_category: {CHILDREN})"],
    }
    page = sit_down(office, "auditor").get("/admin/audit/", action="change_contractor").text
    for said in ("Change a contract", "Last day before", str(day(200))):
        assert said in page


def test_what_changes_nothing_is_not_audited(administrator: Desk) -> None:
    one = added(administrator, "変わらない")
    assert changed(administrator, one, terms("変わらない")).status_code == 302
    entries = [a for a in acts(administrator.office.engine) if a.get("record") == one.hex]
    assert [a["action"] for a in entries] == ["create_contractor"]


def test_a_form_of_before_overwrites_nothing(administrator: Desk) -> None:
    office = administrator.office
    one = added(administrator, "二人で直す")
    first = terms("二人で直す", ends_on=str(day(250)))
    assert changed(administrator, one, first).status_code == 302
    answer = changed(administrator, one, terms("二人で直す", ends_on=str(day(20))))
    assert answer.status_code == 409
    assert contract_named(office.engine, "二人で直す").ends_on == day(250)
    assert changed(administrator, one, first, version=2).status_code == 302


@pytest.mark.parametrize("path", [NEW, "/admin/contractors/change/"])
def test_who_makes_a_change_shows_who_they_are(own_office: Office, path: str) -> None:
    desk = sit_down(own_office, "administrator")
    one = added(desk, "本人確認")
    person = Person(own_office.users["administrator"], "", PASSWORD, "")
    age_proof(own_office.engine, person, by=step_up.FOR_MANY + timedelta(seconds=5))
    sent = terms("本人確認の後") | {"id": one, "version": 1}
    for proof in ("", "not the password"):
        answer = desk.post(path, **sent, proof=proof)
        assert answer.status_code == 400
        assert 'href="#proof"' in answer.text
        assert "本人確認の後" in answer.text
    assert contract_named(own_office.engine, "本人確認の後") is None
    assert desk.post(path, **sent, proof=PASSWORD).status_code == 302
    assert contract_named(own_office.engine, "本人確認の後") is not None


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_official", "auditor"])
def test_contractors_are_for_those_who_manage_users(any_office: Office, role: str) -> None:
    desk = sit_down(any_office, role)
    for path in ("", "new/", "change/"):
        assert desk.get(f"/admin/contractors/{path}").status_code == 403
    assert desk.post(NEW, **terms("よその人")).status_code == 403
    assert contract_named(any_office.engine, "よその人") is None


@pytest.mark.parametrize("which", ["", "nonsense", "00000000-0000-0000-0000-000000000007"])
def test_a_contractor_that_is_not_there_is_not_found(administrator: Desk, which: str) -> None:
    assert administrator.get("/admin/contractors/change/", id=which).status_code == 404
    sent = terms("ない") | {"id": which, "version": 1}
    assert administrator.post("/admin/contractors/change/", **sent).status_code == 404


STANDINGS = {
    "Not begun": (1, 9),
    "Running": (-9, 31),
    "Ends soon (30 days left)": (-9, 30),
    "Ends soon (0 days left)": (-9, 0),
    "Over": (-9, -1),
}


@pytest.mark.parametrize(("said", "days"), STANDINGS.items(), ids=STANDINGS)
def test_the_list_tells_where_a_contract_stands(
    administrator: Desk, said: str, days: tuple[int, int]
) -> None:
    name = f"状態 {said}"
    added(administrator, name, starts_on=str(day(days[0])), ends_on=str(day(days[1])))
    page = administrator.get("/admin/contractors/").text
    row = next(row for row in page.split("<tr>") if name in row)
    assert f">{said}<" in row


def test_the_form_shows_what_is_stored_and_whose_accounts(own_office: Office) -> None:
    desk = sit_down(own_office, "administrator")
    one = added(desk, "表示の確認")
    user = own_office.users["kobe_operator"]
    rights = {"roles": "kobe_operator", "business_unit": "運営事務局", "contractor": "表示の確認"}
    assert desk.post("/admin/users/rights/", id=user, **rights).status_code == 302
    page = desk.get("/admin/contractors/change/", id=str(one)).text
    assert "kobe_operator@example.jp" in page
    assert re.search(rf'value="{CHILDREN}" checked', page)
    assert not re.search(rf'value="{STUDENTS}" checked', page)
    assert re.search(rf'name="{LIMIT}" value="some" checked', page)
    assert "2001:db8::/32</textarea>" in page
    assert "contractor=%E8%A1%A8" in page, "a way to a new account of this contractor"

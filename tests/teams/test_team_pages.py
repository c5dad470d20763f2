"""Teams' pages: what is entered is checked and kept, asks who enters it, is audited with what was
before; nobody changes a team to another effect on themselves."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from admin_views.identity import step_up
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import PASSWORD, ROLES, Office
from tests.identity.staff import Person, acts, age_proof
from tests.teams.making import TEAMS, UNIT, default_team, made, moved, team_named

OPERATOR, OFFICIAL = "kobe_operator@example.jp", "kobe_official@example.jp"


def done_to(office: Office, record: UUID) -> list[dict[str, object]]:
    return [one for one in acts(office.engine) if one.get("record") == record.hex]


def test_a_team_is_made_listed_and_audited(office: Office, administrator: Desk) -> None:
    held = {"roles": ["auditor"], "profiles": ["kobe_official"]}
    team = made(administrator, name="調整班", **held)
    page = administrator.get(TEAMS).text
    for said in ("調整班", "Owner team", "Auditor", "kobe_official"):
        assert said in page
    assert page.count("Default team of the business unit") == len(set(ROLES.values()))
    [act] = done_to(office, team)
    assert act["action"] == "create_team"
    assert act["details"] == {
        "team": "調整班",
        "kind": "owner",
        "business_unit": [UNIT],
        "roles": ["auditor"],
        "roles_before": [],
        "profiles": ["kobe_official"],
        "profiles_before": [],
    }
    page = sit_down(office, "auditor").get("/admin/audit/", action="create_team").text
    assert "Make a team" in page


WRONG: dict[str, tuple[dict[str, object], list[str]]] = {
    "nothing": ({"name": " ", "business_unit": "", "kind": ""}, ["name", "business_unit", "kind"]),
    "a name too long": ({"name": "班" * 101}, ["name"]),
    "a name of control characters": ({"name": "A\x07班"}, ["name"]),
    "the name of a unit": ({"name": UNIT}, ["name"]),
    "a unit that is not there": ({"business_unit": "どこにもない"}, ["business_unit"]),
    "a kind that is not there": ({"kind": "default"}, ["kind"]),
    "a role that is not there": ({"roles": ["auditor", "x"]}, ["roles"]),
    "a profile that is not there": ({"profiles": ["x\0"]}, ["profiles"]),
    "an access team with a role": ({"kind": "access", "roles": ["auditor"]}, ["roles"]),
}


@pytest.mark.parametrize(("changes", "controls"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_stored(
    office: Office, administrator: Desk, changes: dict[str, object], controls: list[str]
) -> None:
    stated = {"name": "書き間違い班", "business_unit": UNIT, "kind": "owner"} | changes
    answer = administrator.post(f"{TEAMS}new/", **stated)
    assert answer.status_code == 400
    assert re.findall(r'<li><a href="#([^"]+)">', answer.text) == controls
    for control in controls:
        assert f'id="{control}-error"' in answer.text
    assert team_named(office, "書き間違い班") is None
    assert "<title>Error: " in answer.text


def test_a_change_takes_the_place_of_what_was(office: Office, administrator: Desk) -> None:
    team = made(administrator, name="変更前班", roles=["kobe_operator"])
    sent = {"name": "変更後班", "business_unit": "神戸市", "roles": ["auditor"]}
    page = administrator.get(f"{TEAMS}change/", id=str(team)).text
    assert re.findall(r'name="roles" value="([^"]+)" checked', page) == ["kobe_operator"]
    assert administrator.post(f"{TEAMS}change/", id=team, **sent).status_code == 302
    row = team_named(office, "変更後班")
    assert (row.id, row.is_access_team) == (team, False)
    assert done_to(office, team)[-1]["details"] == {
        "team": "変更後班",
        "team_before": "変更前班",
        "business_unit": "神戸市",
        "business_unit_before": UNIT,
        "roles": ["auditor"],
        "roles_before": ["kobe_operator"],
    }
    before = len(done_to(office, team))
    assert administrator.post(f"{TEAMS}change/", id=team, **sent).status_code == 302
    assert len(done_to(office, team)) == before, "nothing changed, nothing audited"


def test_of_a_default_team_only_its_rights_change(office: Office, administrator: Desk) -> None:
    team = default_team(office, UNIT)
    page = administrator.get(f"{TEAMS}change/", id=str(team)).text
    assert OPERATOR in page
    assert 'name="name"' not in page
    assert "members/?id=" not in page
    sent = {"id": team, "name": "別の名", "business_unit": "神戸市", "roles": ["kobe_official"]}
    assert administrator.post(f"{TEAMS}change/", **sent).status_code == 302
    assert team_named(office, UNIT).businessunit_id is not None
    assert team_named(office, "別の名") is None
    assert office.caller("kobe_operator").roles == {"kobe_operator", "kobe_official"}
    assert administrator.post(f"{TEAMS}change/", id=team).status_code == 302
    assert administrator.get(f"{TEAMS}members/", id=str(team)).status_code == 404
    assert moved(administrator, team, joining=[OFFICIAL]).status_code == 404


def test_members_come_and_go_and_each_is_audited(office: Office, administrator: Desk) -> None:
    team = made(administrator, name="出入り班")
    assert moved(administrator, team, joining=[OPERATOR, OFFICIAL]).status_code == 302
    page = administrator.get(f"{TEAMS}members/", id=str(team)).text
    assert set(re.findall(r'name="leaving" value="([^"]+)"', page)) == {OPERATOR, OFFICIAL}
    assert OPERATOR not in re.findall(r'name="joining" value="([^"]+)"', page)
    assert moved(administrator, team, leaving=[OFFICIAL]).status_code == 302
    joined, left = done_to(office, office.users["kobe_official"])[-2:]
    assert joined["action"] == left["action"] == "change_rights"
    assert joined["details"] == {"teams": ["出入り班"], "teams_before": []}
    assert left["details"] == {"teams": [], "teams_before": ["出入り班"]}
    assert team in office.caller("kobe_operator").teams
    assert team not in office.caller("kobe_official").teams
    moved(administrator, team, leaving=[OPERATOR])


@pytest.mark.parametrize(
    ("kind", "names"),
    [("joining", ["nobody@example.jp"]), ("joining", ["x\0"]), ("leaving", [OPERATOR])],
)
def test_who_is_not_there_neither_joins_nor_leaves(
    administrator: Desk, kind: str, names: list[str]
) -> None:
    answer = moved(administrator, made(administrator), **{kind: names})
    assert answer.status_code == 400
    assert f'href="#{kind}"' in answer.text
    assert f'id="{kind}-error"' in answer.text


def test_nobody_takes_themselves_in_or_out(office: Office, administrator: Desk) -> None:
    own, team = "administrator@example.jp", made(administrator)
    page = administrator.get(f"{TEAMS}members/", id=str(team)).text
    assert f'value="{own}"' not in page
    assert moved(administrator, team, joining=[own]).status_code == 403
    assert team not in office.caller("administrator").teams
    assert done_to(office, office.users["administrator"]) == []


@pytest.mark.parametrize("held", [{"roles": ["auditor"]}, {"profiles": ["kobe_official"]}])
def test_nobody_gives_their_own_team_more(
    office: Office, administrator: Desk, held: dict[str, list[str]]
) -> None:
    """Of one's business unit's default team one is a member, too."""
    before = office.caller("administrator")
    answer = administrator.post(
        f"{TEAMS}change/", id=default_team(office, ROLES["administrator"]), **held
    )
    assert answer.status_code == 403
    assert office.caller("administrator") == before


@pytest.mark.parametrize("path", ["new/", "change/", "members/"])
def test_who_makes_a_change_shows_who_they_are(own_office: Office, path: str) -> None:
    desk = sit_down(own_office, "administrator")
    team = made(desk, name="本人確認班")
    person = Person(own_office.users["administrator"], "", PASSWORD, "")
    age_proof(own_office.engine, person, by=step_up.FOR_MANY + timedelta(seconds=5))
    stated = {"name": "その後の班", "business_unit": UNIT, "kind": "owner", "joining": [OPERATOR]}
    answer = desk.post(f"{TEAMS}{path}", **stated | {"id": team})
    assert answer.status_code == 400
    assert 'href="#proof"' in answer.text
    assert [one["action"] for one in done_to(own_office, team)] == ["create_team"]
    assert team not in own_office.caller("kobe_operator").teams
    assert desk.post(f"{TEAMS}{path}", **stated | {"id": team}, proof=PASSWORD).status_code == 302


@pytest.mark.parametrize("role", [one for one in ROLES if one != "administrator"])
def test_teams_are_for_those_who_manage_users(office: Office, role: str) -> None:
    desk, team = sit_down(office, role), default_team(office, UNIT)
    for path in ("", "new/", "change/", "members/"):
        assert desk.get(f"{TEAMS}{path}", id=str(team)).status_code == 403
    before = office.caller("kobe_operator")
    sent = {"roles": ["administrator"], "joining": [OPERATOR], "name": "x", "business_unit": UNIT}
    for path in ("new/", "change/", "members/"):
        assert desk.post(f"{TEAMS}{path}", id=team, kind="owner", **sent).status_code == 403
    assert office.caller("kobe_operator") == before


@pytest.mark.parametrize("path", ["change/", "members/"])
def test_an_unknown_team_is_not_found(administrator: Desk, path: str) -> None:
    for team in ("", "x", str(uuid4())):
        assert administrator.get(f"{TEAMS}{path}", id=team).status_code == 404
        assert administrator.post(f"{TEAMS}{path}", id=team).status_code == 404

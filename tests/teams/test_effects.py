"""What a team holds, its members hold at their next request, and no longer than they are in it; of
contractors' accounts none comes to supervise by a team."""

from pathlib import Path

import pytest

from models.metadata.errors import DefinitionError
from packager.installing import install
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office
from tests.contractors.contracts import added
from tests.packager.folders import copy_of_kobe, edit
from tests.teams.making import TEAMS, UNIT, default_team, made, moved

OPERATOR = "kobe_operator@example.jp"


def test_joining_and_leaving_hold_at_the_next_request(office: Office, administrator: Desk) -> None:
    operator, team = sit_down(office, "kobe_operator"), made(administrator, roles=["auditor"])
    assert operator.get("/admin/audit/").status_code == 403
    moved(administrator, team, joining=[OPERATOR])
    assert operator.get("/admin/audit/").status_code == 200
    moved(administrator, team, leaving=[OPERATOR])
    assert operator.get("/admin/audit/").status_code == 403


@pytest.mark.parametrize("of", ["a team joined", "a default team"])
def test_a_role_given_to_the_team_holds_at_the_next_request(
    office: Office, administrator: Desk, of: str
) -> None:
    operator = sit_down(office, "kobe_operator")
    team = made(administrator) if of == "a team joined" else default_team(office, UNIT)
    if of == "a team joined":
        moved(administrator, team, joining=[OPERATOR])
    place = {"name": f"班 {of}", "business_unit": UNIT}
    assert operator.get("/admin/export/").status_code == 403
    administrator.post(f"{TEAMS}change/", id=team, roles=["kobe_official"], **place)
    assert operator.get("/admin/export/").status_code == 200
    administrator.post(f"{TEAMS}change/", id=team, **place)
    assert operator.get("/admin/export/").status_code == 403


def test_a_profile_of_the_team_is_its_members(office: Office, administrator: Desk) -> None:
    team = made(administrator, kind="access", profiles=["kobe_official"])
    before = office.caller("kobe_operator").rights(ENTITY, "kobe_email")
    moved(administrator, team, joining=[OPERATOR])
    assert office.caller("kobe_operator").rights(ENTITY, "kobe_email").update
    moved(administrator, team, leaving=[OPERATOR])
    assert office.caller("kobe_operator").rights(ENTITY, "kobe_email") == before


@pytest.fixture
def contracted(own_office: Office) -> Desk:
    """An administrator's desk; the operator is a contractor's."""
    desk = sit_down(own_office, "administrator")
    added(desk, "委託先", networks="")
    rights = {"roles": "kobe_operator", "business_unit": UNIT, "contractor": "委託先"}
    user = own_office.users["kobe_operator"]
    assert desk.post("/admin/users/rights/", id=user, **rights).status_code == 302
    return desk


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_no_contractor_s_account_comes_to_supervise(contracted: Desk, role: str) -> None:
    office = contracted.office
    supervising = made(contracted, roles=[role])
    answer = moved(contracted, supervising, joining=[OPERATOR])
    assert answer.status_code == 400
    assert 'href="#joining"' in answer.text
    for team in (made(contracted, name="委託班"), default_team(office, UNIT)):
        if team != default_team(office, UNIT):
            assert moved(contracted, team, joining=[OPERATOR]).status_code == 302
        place = {"name": "委託班", "business_unit": UNIT}
        answer = contracted.post(f"{TEAMS}change/", id=team, roles=[role], **place)
        assert answer.status_code == 400
        assert 'href="#roles"' in answer.text
    assert office.caller("kobe_operator").roles == {"kobe_operator"}


def test_a_solution_s_unit_does_not_take_a_team_s_name(own_office: Office, tmp_path: Path) -> None:
    desk = sit_down(own_office, "administrator")
    made(desk, name="新しい課")
    folder = copy_of_kobe(tmp_path)
    unit = {"name": "新しい課", "parent": "神戸市"}
    edit(folder, "solution.yaml", lambda content: content["business_units"].append(unit))
    with pytest.raises(DefinitionError, match="there is a team of this name"):
        install(own_office.engine.database, folder)

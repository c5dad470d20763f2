"""The organization's settings: entered within bounds by who shows who they are, audited with what
was before; an import puts what its solution states in their place."""

import json
from datetime import timedelta
from typing import Any

import pytest
import yaml

from admin_views.identity import step_up
from models.security import organization
from models.security.caller import Caller
from packager.installing import install, install_audited
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import PASSWORD, SOLUTION, Office
from tests.duties.owing import of
from tests.identity.staff import acts, age_proof
from tests.packager.folders import copy_of_kobe, edit

PAGE = "/admin/organization/"
ENTERED = {
    "must_pledge": "1",
    "training_months": "12",
    "dormant_days": "90",
    "registers_kept_years": "5",
    "hierarchy_depth": "0",
}
KOBES: dict[str, Any] = {
    "must_pledge": True,
    "training_months": 12,
    "dormant_days": 90,
    "registers_kept_years": 5,
    "hierarchy_depth": 0,
}


@pytest.fixture
def administrator(own_office: Office) -> Desk:
    return sit_down(own_office, "administrator")


def settings_of(office: Office) -> dict[str, Any]:
    with office.engine.database.reading() as connection:
        found = organization.settings_of(connection)
    return {name: found[name] for name in KOBES}


def changes(office: Office) -> list[dict[str, Any]]:
    return [act for act in acts(office.engine) if act["action"] == "change_organization"]


def test_a_new_installation_is_as_the_solution_states(own_office: Office) -> None:
    assert settings_of(own_office) == KOBES


def test_what_is_entered_holds_and_is_audited(own_office: Office, administrator: Desk) -> None:
    sent = {name: value for name, value in ENTERED.items() if name != "must_pledge"}
    answer = administrator.post(PAGE, **sent | {"training_months": "24"})
    assert answer.status_code == 302
    assert settings_of(own_office) == KOBES | {"must_pledge": False, "training_months": 24}
    [change] = changes(own_office)
    assert change["by"] == "administrator@example.jp"
    assert change["details"] == {
        "must_pledge": False,
        "must_pledge_before": True,
        "training_months": 24,
        "training_months_before": 12,
    }
    page = sit_down(own_office, "auditor").get("/admin/audit/", action="change_organization")
    for said in ("Change settings of the organization", "Months that a training counts before"):
        assert said in page.text


def test_what_changes_nothing_is_not_audited(own_office: Office, administrator: Desk) -> None:
    assert administrator.post(PAGE, **ENTERED).status_code == 302
    assert changes(own_office) == []


@pytest.mark.parametrize(
    "name", ["training_months", "dormant_days", "registers_kept_years", "hierarchy_depth"]
)
@pytest.mark.parametrize("value", ["", "-1", "1.5", "twelve", "１２", "99999", "9" * 400, "\0"])
def test_what_is_no_number_of_the_range_is_refused(
    any_office: Office, name: str, value: str
) -> None:
    desk = sit_down(any_office, "administrator")
    answer = desk.post(PAGE, **ENTERED | {name: value})
    assert answer.status_code == 400
    assert f'href="#{name}"' in answer.text
    assert f'id="{name}-error"' in answer.text
    assert settings_of(any_office) == KOBES


def test_who_changes_them_shows_who_they_are(own_office: Office, administrator: Desk) -> None:
    late = step_up.FOR_MANY + timedelta(seconds=5)
    age_proof(own_office.engine, of(own_office, "administrator"), by=late)
    sent = ENTERED | {"dormant_days": "30"}
    assert administrator.post(PAGE, **sent).status_code == 400
    assert settings_of(own_office) == KOBES
    assert administrator.post(PAGE, **sent, proof=PASSWORD).status_code == 302
    assert settings_of(own_office)["dormant_days"] == 30


@pytest.mark.parametrize("role", ["kobe_operator", "kobe_official", "auditor"])
def test_they_are_for_those_who_manage_users(any_office: Office, role: str) -> None:
    desk = sit_down(any_office, role)
    assert desk.get(PAGE).status_code == 403
    assert desk.post(PAGE, **ENTERED | {"dormant_days": "1"}).status_code == 403
    assert settings_of(any_office) == KOBES


def test_an_import_replaces_what_it_states_and_leaves_the_rest(
    own_office: Office, tmp_path: Any
) -> None:
    desk = sit_down(own_office, "administrator")
    assert desk.post(PAGE, **ENTERED | {"dormant_days": "30", "hierarchy_depth": "2"})
    before = len(changes(own_office))
    install_audited(own_office.engine, Caller.system("tests"), SOLUTION)
    assert settings_of(own_office) == KOBES | {"hierarchy_depth": 2}, "Kobe states no depth"
    [change] = changes(own_office)[before:]
    assert change["details"] == {"dormant_days": 90, "dormant_days_before": 30}
    folder = copy_of_kobe(tmp_path)
    edit(folder, "solution.yaml", lambda content: content.pop("organization"))
    assert desk.post(PAGE, **ENTERED | {"dormant_days": "30"}).status_code == 302
    install(own_office.engine.database, folder)
    assert settings_of(own_office)["dormant_days"] == 30


def test_another_pledge_is_audited_by_its_version(own_office: Office, tmp_path: Any) -> None:
    folder = copy_of_kobe(tmp_path)
    edit(folder, "solution.yaml", lambda content: content["pledge"].update(version="2027"))
    install_audited(own_office.engine, Caller.system("tests"), folder)
    [change] = changes(own_office)
    assert change["details"] == {"pledge_version": "2027", "pledge_version_before": "2026-04-01"}
    assert "漏らし" not in json.dumps(change, ensure_ascii=False)
    assert own_office.caller("kobe_operator").closed == "pledge", "asked of everyone anew"


def test_kobes_settings_are_those_of_its_file(own_office: Office) -> None:
    stated = yaml.safe_load((SOLUTION / "solution.yaml").read_text("utf-8"))
    assert settings_of(own_office) == KOBES | stated["organization"]

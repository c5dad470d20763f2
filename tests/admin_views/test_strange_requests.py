"""Requests that no page of ours sends are answered, never with a server error: on both databases,
since one of them takes what the other refuses."""

from uuid import uuid4

import pytest

from models.tables.base import new_id
from models.tables.record_data import SystemJob
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, ROLES, Office
from tests.admin_views.test_export_page import send
from tests.identity.staff import acts

NEW = {
    "email": "new.operator@example.jp",
    "full_name": "事務局 新人",
    "roles": "kobe_operator",
    "business_unit": ROLES["kobe_operator"],
}


@pytest.fixture
def administrator(any_office: Office) -> Desk:
    return sit_down(any_office, "administrator")


@pytest.fixture
def official(any_office: Office) -> Desk:
    return sit_down(any_office, "kobe_official")


@pytest.mark.parametrize("name", ["person", "record", "action", "since", "until", "before"])
@pytest.mark.parametrize(
    "value", ["\0", "read\0", "0001-01-01", "9999-12-31", "9999-12-31T23", "9" * 18]
)
def test_the_audit_is_narrowed_by_anything(any_office: Office, name: str, value: str) -> None:
    auditor = sit_down(any_office, "auditor")
    response = auditor.get("/admin/audit/", **{name: value})
    assert response.status_code == 200
    if "\0" in value and name == "action":
        assert "This is not one of the choices." in response.text


@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize("value", ["\0", "kobe_operator\0", "花子\0", "花子\n神戸", "花" * 101])
def test_a_strange_account_is_explained(administrator: Desk, name: str, value: str) -> None:
    response = administrator.post("/admin/users/new/", **NEW | {name: value})
    assert response.status_code == 400
    assert f'id="{name}-error"' in response.text
    assert NEW["email"] not in administrator.get("/admin/users/").text


@pytest.mark.parametrize("name", ["roles", "business_unit"])
def test_a_strange_role_changes_nothing(
    any_office: Office, administrator: Desk, name: str
) -> None:
    rights = {"roles": "kobe_official", "business_unit": ROLES["kobe_official"]}
    sent = {"id": any_office.users["auditor"], **rights, name: f"{rights[name]}\0"}
    assert administrator.post("/admin/users/rights/", **sent).status_code == 400
    assert "change_rights" not in {act["action"] for act in acts(any_office.engine)}


def test_an_export_takes_no_id_of_another_kind_of_job(any_office: Office, official: Desk) -> None:
    any_office.apply()
    row = {"id": new_id(), "kind": "mail"}
    any_office.engine.database.run(
        lambda transaction: transaction.write(SystemJob.__table__.insert(), row)
    )
    assert send(official, job=str(row["id"])).status_code == 404


def test_an_export_takes_no_note_of_another(any_office: Office, official: Desk) -> None:
    job = str(uuid4())
    assert send(official, job=job).data
    administrator = sit_down(any_office, "administrator")
    change = {"roles": "kobe_official", "business_unit": ROLES["kobe_official"]}
    administrator.post("/admin/users/rights/", id=any_office.users["kobe_operator"], **change)
    colleague = sit_down(any_office, "kobe_operator")
    assert send(colleague, job=job).status_code == 404
    assert official.get(f"/admin/export/progress/{job}/").get_json()["status"] == "SUCCEEDED"


@pytest.mark.parametrize("after", ["WzIxNDc0ODM2NDgsICIwIl0", "W10", "x"])
def test_a_strange_page_is_no_server_error(official: Desk, after: str) -> None:
    path = f"/admin/t/{ENTITY}/"
    response = official.get(path, sort="kobe_category", after=after)
    assert response.status_code == 400

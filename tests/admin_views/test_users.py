"""Users and roles: accounts made and ended by the administrator, never by themselves."""

import re

import pytest

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office

NEW = {
    "email": "new.operator@example.jp",
    "full_name": "事務局 新人",
    "role": "kobe_operator",
    "business_unit": "運営事務局",
}


@pytest.fixture
def administrator(own_office: Office) -> Desk:
    return sit_down(own_office, "administrator")


def test_lists_accounts_with_their_roles(administrator: Desk) -> None:
    page = administrator.get("/admin/users/").text
    for role, name in {"kobe_operator": "Secretariat", "auditor": "Auditor"}.items():
        assert f"{role}@example.jp" in page
        assert name in page


def test_a_new_account_has_a_password_shown_once(administrator: Desk) -> None:
    response = administrator.post("/admin/users/new/", **NEW)
    assert response.status_code == 200
    password = re.search(r'<code class="identifier">([^<]+)</code>', response.text)
    assert password is not None
    assert len(password.group(1)) >= 15
    page = administrator.get("/admin/users/").text
    assert NEW["email"] in page
    assert password.group(1) not in page


@pytest.mark.parametrize("name", ["email", "full_name", "role", "business_unit"])
def test_a_wrong_account_is_explained(administrator: Desk, name: str) -> None:
    response = administrator.post("/admin/users/new/", **NEW | {name: ""})
    assert response.status_code == 400
    assert f'href="#{name}"' in response.text
    assert f'id="{name}-error"' in response.text
    assert NEW["email"] not in administrator.get("/admin/users/").text


def test_a_deactivated_account_is_out_at_once(own_office: Office, administrator: Desk) -> None:
    operator = sit_down(own_office, "kobe_operator")
    assert operator.records().status_code == 200
    user_id = own_office.users["kobe_operator"]
    assert administrator.post("/admin/users/deactivate/", id=user_id).status_code == 302
    assert operator.records().status_code == 302
    assert "Inactive" in administrator.get("/admin/users/").text


@pytest.mark.parametrize("act", ["deactivate", "activate", "reset-second-factor"])
def test_not_on_oneself_and_not_by_others(own_office: Office, act: str) -> None:
    administrator = sit_down(own_office, "administrator")
    own = own_office.users["administrator"]
    assert administrator.post(f"/admin/users/{act}/", id=own).status_code == 403
    for role in ("kobe_operator", "kobe_official", "auditor"):
        desk = sit_down(own_office, role)
        other = own_office.users["kobe_official"]
        assert desk.post(f"/admin/users/{act}/", id=other).status_code == 403, role


def test_unknown_accounts_are_not_found(administrator: Desk) -> None:
    for user_id in ("", "x", "00000000-0000-0000-0000-000000000007"):
        response = administrator.post("/admin/users/deactivate/", id=user_id)
        assert response.status_code == 404, user_id


def test_acts_are_audited(own_office: Office, administrator: Desk) -> None:
    administrator.post("/admin/users/new/", **NEW)
    page = sit_down(own_office, "auditor").get("/admin/audit/", action="create_account").text
    assert "administrator@example.jp" in page
    assert ENTITY not in page

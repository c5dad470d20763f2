"""Users and roles: accounts made, helped and ended by the administrator, never by themselves."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from admin_views.identity import step_up
from models.tables.base import utc_now
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, PASSWORD, ROLES, Office
from tests.identity.staff import Browser, Person, acts, age_proof, change_account

NEW = {
    "email": "new.operator@example.jp",
    "full_name": "事務局 新人",
    "roles": "kobe_operator",
    "business_unit": "運営事務局",
}

ACTS = ["password", "unlock", "rights", "deactivate", "activate", "reset-second-factor"]
RIGHTS = {"roles": "kobe_official", "business_unit": ROLES["kobe_official"]}
SHOWN = re.compile(r'<code class="identifier">([^<]+)</code>')


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
    password = SHOWN.search(response.text)
    assert password is not None
    assert len(password.group(1)) >= 15
    page = administrator.get("/admin/users/").text
    assert NEW["email"] in page
    assert password.group(1) not in page


@pytest.mark.parametrize("name", ["email", "full_name", "roles", "business_unit"])
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


@pytest.mark.parametrize("act", ["password", "deactivate", "activate", "reset-second-factor"])
def test_who_acts_on_an_account_is_asked_who_they_are(
    own_office: Office, administrator: Desk, act: str
) -> None:
    person = person_of(own_office, "administrator")
    age_proof(own_office.engine, person, by=step_up.FOR_MANY + timedelta(seconds=5))
    user_id = own_office.users["kobe_operator"]
    question = administrator.get(f"/admin/users/{act}/", id=str(user_id))
    assert 'name="proof"' in question.text
    answer = administrator.post(f"/admin/users/{act}/", id=user_id)
    assert answer.status_code == 400
    assert 'id="proof-error"' in answer.text
    assert done_to(own_office, user_id) == []
    answer = administrator.post(f"/admin/users/{act}/", id=user_id, proof=PASSWORD)
    assert answer.status_code in {200, 302}
    assert len(done_to(own_office, user_id)) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("act", ACTS)
def test_not_on_oneself_and_not_by_others(office: Office, act: str, method: str) -> None:
    own = office.users["administrator"]
    before = len(acts(office.engine))
    refused = {(role, office.users["kobe_operator"]) for role in set(ROLES) - {"administrator"}}
    for role, user_id in refused | {("administrator", own)}:
        desk = sit_down(office, role)
        sent = {"id": str(user_id), **RIGHTS}
        path = f"/admin/users/{act}/"
        response = desk.post(path, **sent) if method == "POST" else desk.get(path, **sent)
        only_sent = method == "GET" and act == "unlock"
        assert response.status_code == 403 or (only_sent and response.status_code == 405), role
    accounts = {user_id.hex for user_id in office.users.values()}
    assert [act for act in acts(office.engine)[before:] if act.get("record") in accounts] == []


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_without_the_form_token(office: Office, act: str) -> None:
    administrator = sit_down(office, "administrator")
    before = acts(office.engine)
    sent = {"id": office.users["kobe_operator"], **RIGHTS}
    assert administrator.client.post(f"/admin/users/{act}/", data=sent).status_code == 400
    assert acts(office.engine) == before


def test_unknown_accounts_are_not_found(administrator: Desk) -> None:
    for user_id in ("", "x", "00000000-0000-0000-0000-000000000007"):
        for act in ACTS:
            response = administrator.post(f"/admin/users/{act}/", id=user_id, **RIGHTS)
            assert response.status_code == 404, (act, user_id)
        for act in set(ACTS) - {"unlock"}:
            assert administrator.get(f"/admin/users/{act}/", id=user_id).status_code == 404


def test_acts_are_audited(own_office: Office, administrator: Desk) -> None:
    administrator.post("/admin/users/new/", **NEW)
    page = sit_down(own_office, "auditor").get("/admin/audit/", action="create_account").text
    assert "administrator@example.jp" in page
    assert ENTITY not in page


def done_to(office: Office, user_id: UUID) -> list[str]:
    return [one["action"] for one in acts(office.engine) if one.get("record") == user_id.hex]


def person_of(office: Office, role: str, password: str = PASSWORD) -> Person:
    return Person(office.users[role], f"{role}@example.jp", password, "")


def test_a_password_is_reissued_after_asking_and_shown_once(
    own_office: Office, administrator: Desk
) -> None:
    operator = sit_down(own_office, "kobe_operator")
    user_id = str(own_office.users["kobe_operator"])
    question = administrator.get("/admin/users/password/", id=user_id).text
    assert "kobe_operator@example.jp" in question
    assert operator.records().status_code == 200, "asking changes nothing"
    answer = administrator.client.post(
        "/admin/users/password/", data=hidden_of(question, "password")
    )
    password = SHOWN.search(answer.text)
    assert password is not None
    assert answer.headers["Cache-Control"] == "no-store"
    assert operator.records().status_code == 302, "signed out"
    newcomer = person_of(own_office, "kobe_operator", password.group(1))
    assert Browser(own_office.app).sign_in(newcomer).must_choose()
    assert password.group(1) not in administrator.get("/admin/users/").text
    assert password.group(1) not in str(acts(own_office.engine))


def test_only_a_locked_account_can_be_unlocked(own_office: Office, administrator: Desk) -> None:
    operator = person_of(own_office, "kobe_operator")
    page = administrator.get("/admin/users/").text
    assert "/admin/users/unlock/" not in page
    locked_until = utc_now() + timedelta(hours=1)
    change_account(own_office.engine, operator, locked_until=locked_until, failed_sign_ins=9)
    page = administrator.get("/admin/users/").text
    assert page.count("/admin/users/unlock/") == 1
    sent = hidden_of(page, "unlock")
    assert UUID(sent["id"]) == operator.id
    assert administrator.client.post("/admin/users/unlock/", data=sent).status_code == 302
    page = administrator.get("/admin/users/").text
    assert "The account was unlocked." in page
    assert "/admin/users/unlock/" not in page
    Browser(own_office.app).sign_in(operator)


def test_role_and_unit_are_chosen_from_the_present_ones(
    own_office: Office, administrator: Desk
) -> None:
    user_id = own_office.users["kobe_operator"]
    page = administrator.get("/admin/users/rights/", id=str(user_id)).text
    assert re.findall(r'name="roles" value="([^"]+)" checked>', page) == ["kobe_operator"]
    assert set(re.findall(r'name="roles" value="([^"]+)"', page)) == set(ROLES)
    assert re.findall(r'<option value="([^"]+)" selected>', page) == [ROLES["kobe_operator"]]
    colleagues = {f"{role}@example.jp" for role in ROLES if role != "kobe_operator"}
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    assert offered == {*ROLES.values(), *colleagues}


def test_another_role_holds_at_once_and_the_auditor_reads_which(
    own_office: Office, administrator: Desk
) -> None:
    auditor = sit_down(own_office, "auditor")
    operator = sit_down(own_office, "kobe_operator")
    assert operator.get("/admin/export/").status_code == 403
    user_id = own_office.users["kobe_operator"]
    assert administrator.post("/admin/users/rights/", id=user_id, **RIGHTS).status_code == 302
    assert operator.get("/admin/export/").status_code == 200, "the same session"
    page = auditor.get("/admin/audit/", action="change_rights").text
    details = re.findall(r"<div>([^<]+): ([^<]+)</div>", page)
    assert dict(details) == {
        "Roles": "Official",
        "Roles before": "Secretariat",
        "Business unit": RIGHTS["business_unit"],
        "Business unit before": ROLES["kobe_operator"],
    }
    assert str(user_id) in page
    assert "Change rights" in page


@pytest.mark.parametrize("name", list(RIGHTS))
def test_a_wrong_choice_is_explained(own_office: Office, administrator: Desk, name: str) -> None:
    sent = {"id": own_office.users["kobe_operator"], **RIGHTS, name: "どこにもない"}
    response = administrator.post("/admin/users/rights/", **sent)
    assert response.status_code == 400
    assert f'href="#{name}"' in response.text
    assert f'id="{name}-error"' in response.text
    assert "change_rights" not in {act["action"] for act in acts(own_office.engine)}


@pytest.mark.parametrize("role", list(ROLES))
def test_who_gives_a_role_is_audited_with_its_name(
    own_office: Office, administrator: Desk, role: str
) -> None:
    """Also one that reads what the administrator may not."""
    administrator.post("/admin/users/new/", **NEW | {"roles": role})
    [made] = [act for act in acts(own_office.engine) if act["action"] == "create_account"]
    assert made["details"]["roles"] == [role]
    assert made["by"] == "administrator@example.jp"

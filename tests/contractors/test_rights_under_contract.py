"""An account of a contractor is one person's, and never that of a supervisor: asked when it is
made, when anything is given to it, and when its rights are reckoned."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select

from models.records.engine import RecordEngine
from models.security.contracts import NEVER_UNDER_CONTRACT
from models.security.privileges import Miscellaneous
from models.tables.principals import PrincipalRole, Role, RolePrivilege, SystemUser, Team
from tests.admin_views.contracted import employ, put_under_contract
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, Office
from tests.contractors.contracts import added
from tests.identity.staff import acts

NEW_ACCOUNT = {
    "email": "hanako@itaku.example.jp",
    "full_name": "委託 花子",
    "roles": "kobe_operator",
    "business_unit": "運営事務局",
}
SUPERVISORS = {
    "auditor": Miscellaneous.READ_AUDIT,
    "administrator": Miscellaneous.MANAGE_USERS,
}


@pytest.fixture
def contractor(own_office: Office) -> UUID:
    return added(sit_down(own_office, "administrator"), "株式会社つなぐ")


def make(desk: Desk, **changes: object) -> tuple[int, str]:
    stated = NEW_ACCOUNT | {"contractor": "株式会社つなぐ"} | changes
    answer = desk.post("/admin/users/new/", **stated)
    return answer.status_code, answer.text


def account(engine: RecordEngine, email: str = NEW_ACCOUNT["email"]) -> Mapping[str, object]:
    with engine.database.reading() as connection:
        statement = select(SystemUser.__table__).where(SystemUser.email == email)
        found = connection.execute(statement).mappings().first()
    return {} if found is None else dict(found)


def test_a_person_of_a_contractor_is_given_an_account(
    own_office: Office, contractor: UUID
) -> None:
    desk = sit_down(own_office, "administrator")
    page = desk.get("/admin/users/new/", contractor="株式会社つなぐ").text
    assert '<option value="株式会社つなぐ" selected>' in page
    assert make(desk)[0] == 200
    assert account(own_office.engine)["contractor_id"] == contractor
    [made] = [one for one in acts(own_office.engine) if one["action"] == "create_account"]
    assert made["details"] == {"roles": ["kobe_operator"], "contractor": ["株式会社つなぐ"]}


@pytest.mark.parametrize(
    "name", ["事務局", "operator", "operator 1", "窓口 2番", "staff@itaku.example.jp", "担当 a@b"]
)
def test_a_desk_or_a_group_is_no_person(own_office: Office, contractor: UUID, name: str) -> None:
    status, page = make(sit_down(own_office, "administrator"), full_name=name)
    assert status == 400
    assert 'href="#full_name"' in page
    assert account(own_office.engine) == {}


@pytest.mark.parametrize("name", ["委託 花子", "委託　花子", "Anna Maria de Souza", "李 小龍"])
def test_people_have_family_and_given_names(
    own_office: Office, contractor: UUID, name: str
) -> None:
    assert make(sit_down(own_office, "administrator"), full_name=name)[0] == 200


def test_the_offices_own_may_be_called_anything(own_office: Office, contractor: UUID) -> None:
    status, _ = make(sit_down(own_office, "administrator"), full_name="事務局", contractor="")
    assert status == 200


def test_an_address_is_one_accounts(own_office: Office, contractor: UUID) -> None:
    desk = sit_down(own_office, "administrator")
    assert make(desk)[0] == 200
    status, page = make(desk, email="Hanako@ITAKU.example.jp", full_name="委託 次郎")
    assert (status, 'href="#email"' in page) == (400, True)


def test_a_contractor_that_is_not_there_is_refused(own_office: Office) -> None:
    status, page = make(sit_down(own_office, "administrator"), contractor="どこにもない")
    assert (status, 'href="#contractor"' in page) == (400, True)


@pytest.mark.parametrize("role", list(SUPERVISORS))
def test_a_supervisors_role_is_refused_when_it_is_given(
    own_office: Office, contractor: UUID, role: str
) -> None:
    desk = sit_down(own_office, "administrator")
    status, page = make(desk, roles=["kobe_operator", role])
    assert (status, 'href="#roles"' in page) == (400, True)
    assert "contractors cannot be given the right to manage users" in page
    assert account(own_office.engine) == {}
    make(desk)
    user = account(own_office.engine)["id"]
    rights = {"roles": [role], "business_unit": "運営事務局", "contractor": "株式会社つなぐ"}
    answer = desk.post("/admin/users/rights/", id=user, **rights)
    assert (answer.status_code, 'href="#roles"' in answer.text) == (400, True)


def test_a_supervisor_is_no_contractors(own_office: Office, contractor: UUID) -> None:
    desk, user = sit_down(own_office, "administrator"), own_office.users["auditor"]
    rights = {"roles": "auditor", "business_unit": "神戸市", "contractor": "株式会社つなぐ"}
    assert desk.post("/admin/users/rights/", id=user, **rights).status_code == 400
    assert account(own_office.engine, "auditor@example.jp")["contractor_id"] is None


def test_a_role_that_comes_by_the_team_is_refused_as_well(
    own_office: Office, contractor: UUID
) -> None:
    give_team(own_office, "運営事務局", "auditor")
    status, page = make(sit_down(own_office, "administrator"))
    assert (status, 'href="#roles"' in page) == (400, True)


def give_team(office: Office, team: str, role: str) -> None:
    def work(connection: object) -> None:
        held = {
            "principal_id": connection.scalar(select(Team.id).where(Team.name == team)),  # type: ignore[attr-defined]
            "role_id": connection.scalar(select(Role.id).where(Role.name == role)),  # type: ignore[attr-defined]
        }
        connection.execute(insert(PrincipalRole), held)  # type: ignore[attr-defined]

    office.engine.database.run(lambda transaction: work(transaction.lock()))


@pytest.mark.parametrize("privilege", sorted(Miscellaneous))
def test_whatever_the_tables_say_a_contractors_rights_hold_none_of_a_supervisors(
    any_office: Office, privilege: Miscellaneous
) -> None:
    """A role changed by a later import, a team's role, a row written by hand."""
    engine, user = any_office.engine, any_office.users["kobe_official"]
    with engine.database.reading() as connection:
        role = connection.scalar(select(Role.id).where(Role.name == "kobe_official"))
    row = {"role_id": role, "entity": "", "privilege": str(privilege), "access_level": 4}
    same = (RolePrivilege.role_id == role, RolePrivilege.privilege == str(privilege))
    engine.database.run(lambda t: t.write(delete(RolePrivilege).where(*same)))
    engine.database.run(lambda t: t.write(insert(RolePrivilege), row))
    try:
        assert any_office.caller("kobe_official").may(privilege)
        put_under_contract(engine.database, user, scope={ENTITY: {}})
        caller = any_office.caller("kobe_official")
        assert caller.may(privilege) is (privilege not in NEVER_UNDER_CONTRACT)
        assert (privilege in caller.withheld) is (privilege in NEVER_UNDER_CONTRACT)
    finally:
        employ(engine.database, user, None)


def test_pages_of_supervisors_are_refused_though_the_role_would_grant_them(
    own_office: Office,
) -> None:
    desk = sit_down(own_office, "auditor")
    assert desk.get("/admin/audit/").status_code == 200
    put_under_contract(own_office.engine.database, own_office.users["auditor"], scope={})
    assert desk.get("/admin/audit/").status_code == 403
    assert "/admin/audit/" not in desk.get("/admin/").text


def test_another_contractor_ends_the_sessions(own_office: Office, contractor: UUID) -> None:
    operator = sit_down(own_office, "kobe_operator")
    assert operator.records().status_code == 200
    rights = {"roles": "kobe_operator", "business_unit": "運営事務局"}
    user = own_office.users["kobe_operator"]
    administrator = sit_down(own_office, "administrator")
    sent = {"id": user, **rights, "contractor": "株式会社つなぐ"}
    assert administrator.post("/admin/users/rights/", **sent).status_code == 302
    assert operator.records().status_code == 302
    [act] = [one for one in acts(own_office.engine) if one["action"] == "change_rights"]
    assert act["details"] == {"contractor": ["株式会社つなぐ"], "contractor_before": []}

"""Sharing on a record's page: for who may share this record, with whom they may name, what they
hold themselves; it holds at the receiver's next request and never exceeds the receiver's role."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from models.records.sharing import Share
from models.security.caller import EVERYONE, Caller
from models.security.privileges import Privilege
from models.tables.principals import Role, RolePrivilege, SystemUser
from models.tables.session import Transaction
from models.tables.sharing import SharedRecord
from tests.admin_views.desk import Desk, hidden_of, sit_down
from tests.admin_views.office import ENTITY, Office, build_office
from tests.contractors.contracts import added
from tests.identity.staff import acts
from tests.support.databases import NewDatabase
from tests.teams.making import made, moved

READ = Privilege.READ
SYSTEM = Caller.system("tests")


@pytest.fixture(scope="module")
def office(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The operator may read and change, its own only; the auditor holds nothing on records."""
    office = build_office(tmp_path_factory.mktemp("sharing"), new_database())
    narrow(office)
    yield office
    office.engine.database.dispose()


def narrow(office: Office) -> None:
    role = select(Role.id).where(Role.name == "kobe_operator").scalar_subquery()
    basic = update(RolePrivilege).where(RolePrivilege.role_id == role).values(access_level=1)
    office.engine.database.run(
        lambda transaction: transaction.write(basic.where(RolePrivilege.entity == ENTITY))
    )


@pytest.fixture
def own_office(tmp_path: Path) -> Office:
    return build_office(tmp_path)


@pytest.fixture
def record(office: Office) -> UUID:
    """The official's: nobody else's role of the office's reaches it by ownership."""
    return owned_by(office, "kobe_official")


def owned_by(office: Office, role: str) -> UUID:
    record, owner = office.apply(), office.users[role]
    office.engine.run(lambda s: s.assign_multiple(SYSTEM, ENTITY, [record], owner=owner))
    return record


@pytest.fixture
def official(office: Office) -> Desk:
    return sit_down(office, "kobe_official")


def share(desk: Desk, record: UUID, receiver: object, *rights: str, act: str = "grant") -> int:
    sent = {"id": record, "receiver": receiver, "rights": [*rights], "act": act}
    return desk.send("share", **sent).status_code


def given(office: Office, record: UUID) -> dict[UUID, int]:
    statement = select(SharedRecord.principal_id, SharedRecord.rights)
    with office.engine.database.reading() as connection:
        rows = connection.execute(statement.where(SharedRecord.record_id == record))
        return {row.principal_id: row.rights for row in rows}


def test_granted_changed_and_taken_back_at_the_next_request(
    office: Office, official: Desk, record: UUID
) -> None:
    operator, receiver = sit_down(office, "kobe_operator"), office.users["kobe_operator"]
    assert operator.records("details", id=str(record)).status_code == 404
    assert share(official, record, receiver, "Read") == 302
    assert operator.records("details", id=str(record)).status_code == 200
    details = operator.records("details", id=str(record)).text
    changed = hidden_of(details, "status") | {"statuscode": "3"}
    assert operator.send("status", **changed).status_code == 403, "to be read, no more"
    page = official.records("share", id=str(record)).text
    assert "担当 kobe_operator" in page
    assert share(official, record, receiver, "Read", "Write", act="modify") == 302
    assert given(office, record) == {receiver: 3}
    assert operator.send("status", **changed).status_code == 302
    assert share(official, record, receiver, act="revoke") == 302
    assert operator.records("details", id=str(record)).status_code == 404
    assert "shared with nobody" in official.records("share", id=str(record)).text


def test_each_act_is_in_the_audit_by_name(office: Office, official: Desk, record: UUID) -> None:
    receiver = office.users["kobe_operator"]
    for act, rights in (("grant", ["Read", "Write"]), ("modify", ["Read"]), ("revoke", [])):
        share(official, record, receiver, *rights, act=act)
    entries = [one for one in acts(office.engine) if one.get("record") == record.hex]
    found = [one for one in entries if "share" in one["action"]]
    assert [one["action"] for one in found] == ["share", "modify_share", "revoke_share"]
    assert found[0]["details"] == {
        "receiver": "kobe_operator@example.jp",
        "principal": receiver.hex,
        "rights": ["Read", "Write"],
    }
    page = sit_down(office, "auditor").get("/admin/audit/", record=record.hex).text
    for said in ("Share a record", "Change a share", "Take a share back", "Shared with"):
        assert said in page


def test_a_team_and_everyone_can_be_receivers(
    office: Office, official: Desk, record: UUID
) -> None:
    desk, operator = sit_down(office, "administrator"), sit_down(office, "kobe_operator")
    team = made(desk, kind="access")
    moved(desk, team, joining=["kobe_operator@example.jp"])
    for receiver in (team, EVERYONE):
        assert share(official, record, receiver, "Read") == 302
        assert operator.records("details", id=str(record)).status_code == 200
        assert share(official, record, receiver, act="revoke") == 302
        assert operator.records("details", id=str(record)).status_code == 404


def test_what_the_receiver_s_role_does_not_allow_is_said(
    office: Office, official: Desk, record: UUID
) -> None:
    share(official, record, office.users["auditor"], "Read")
    share(official, record, office.users["kobe_operator"], "Read", "Delete")
    share(official, record, office.users["kobe_manager"], "Read")
    page = official.records("share", id=str(record)).text
    assert re.findall(r"Without effect: ([^.]+)\.", page) == ["Read", "Delete"]
    auditor = sit_down(office, "auditor")
    assert auditor.records("details", id=str(record)).status_code == 403


def test_of_a_team_that_nobody_of_could_use_it_is_said(
    office: Office, official: Desk, record: UUID
) -> None:
    desk = sit_down(office, "administrator")
    team = made(desk, kind="access")
    moved(desk, team, joining=["auditor@example.jp"])
    share(official, record, team, "Read")
    assert "Without effect: Read." in official.records("share", id=str(record)).text
    moved(desk, team, joining=["kobe_operator@example.jp"])
    assert "Without effect" not in official.records("share", id=str(record)).text


WRONG: dict[str, tuple[dict[str, object], list[str]]] = {
    "nobody": ({"receiver": "", "rights": ["Read"]}, ["receiver"]),
    "no right": ({"rights": []}, ["rights"]),
    "neither": ({"receiver": "", "rights": []}, ["receiver", "rights"]),
}


@pytest.mark.parametrize(("changes", "controls"), WRONG.values(), ids=WRONG)
def test_what_is_missing_is_said_and_what_was_chosen_is_kept(
    office: Office,
    official: Desk,
    record: UUID,
    changes: dict[str, object],
    controls: list[str],
) -> None:
    receiver = office.users["kobe_operator"]
    sent = {"id": record, "receiver": receiver, "rights": ["Write"], "act": "grant"} | changes
    answer = official.send("share", **sent)
    assert answer.status_code == 400
    assert re.findall(r'<li><a href="#([^"]+)">', answer.text) == controls
    for control in controls:
        assert f'id="{control}-error"' in answer.text
    kept = sent["receiver"] and f'value="{receiver}" selected' in answer.text
    assert bool(kept) is bool(sent["receiver"])
    assert given(office, record) == {}


def test_what_no_form_sends_is_refused(office: Office, official: Desk, record: UUID) -> None:
    receiver, own = office.users["kobe_operator"], office.users["kobe_official"]
    assert share(official, record, receiver, "Create") == 400
    assert share(official, record, receiver, "Everything") == 403
    assert share(official, record, uuid4(), "Read") == 403
    assert share(official, record, own, "Read") == 403, "with oneself"
    assert share(official, record, "x", "Read") == 404
    assert share(official, record, receiver, "Read", act="modify") == 404, "not shared with them"
    assert share(official, record, receiver, act="revoke") == 404
    assert share(official, record, receiver, "Read", act="") == 404
    assert share(official, uuid4(), receiver, "Read") == 404
    assert given(office, record) == {}


def test_one_gives_no_more_than_one_holds(own_office: Office) -> None:
    """The official's role is given without the right to delete."""
    without(own_office, "kobe_official", Privilege.DELETE)
    record, official = owned_by(own_office, "kobe_official"), sit_down(own_office, "kobe_official")
    page = official.records("share", id=str(record)).text
    assert 'value="Delete"' not in page
    receiver = own_office.users["kobe_operator"]
    assert share(official, record, receiver, "Read", "Delete") == 403
    by_others = Share(receiver, frozenset({READ, Privilege.DELETE}))
    own_office.engine.run(lambda s: s.sharing(SYSTEM, ENTITY, [record]).grant(by_others))
    page = official.records("share", id=str(record)).text
    assert "saving takes them back: Delete" in page


def test_only_who_may_share_this_record_is_offered_it(own_office: Office) -> None:
    """The operator may share its own, and sees one of others."""
    add_share(own_office, "kobe_operator", level=1)
    operator = sit_down(own_office, "kobe_operator")
    own, others = (owned_by(own_office, role) for role in ("kobe_operator", "kobe_official"))
    by_others = Share(own_office.users["kobe_operator"], frozenset({READ}))
    own_office.engine.run(lambda s: s.sharing(SYSTEM, ENTITY, [others]).grant(by_others))
    assert f"/share/?id={own}" in operator.records("details", id=str(own)).text
    assert operator.records("share", id=str(own)).status_code == 200
    assert "/share/?id=" not in operator.records("details", id=str(others)).text
    assert operator.records("share", id=str(others)).status_code == 403
    assert share(operator, others, own_office.users["auditor"], "Read") == 403
    manager = sit_down(own_office, "kobe_manager")
    assert "/share/?id=" not in manager.records("details", id=str(own)).text
    assert manager.records("share", id=str(own)).status_code == 403


def test_a_contractor_names_colleagues_and_shares_what_its_contract_allows(
    own_office: Office,
) -> None:
    add_share(own_office, "kobe_operator", level=2)
    desk = sit_down(own_office, "administrator")
    added(desk, "委託先", networks="")
    for role in ("kobe_operator", "kobe_manager"):
        rights = {"roles": "kobe_operator", "business_unit": "運営事務局", "contractor": "委託先"}
        user = own_office.users[role]
        assert desk.post("/admin/users/rights/", id=user, **rights).status_code == 302
    operator, colleague = sit_down(own_office, "kobe_operator"), own_office.users["kobe_manager"]
    allowed = own_office.apply()
    outside = own_office.apply(kobe_category=927000003)
    page = operator.records("share", id=str(allowed)).text
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    unit_team = own_office.caller("kobe_operator").teams
    assert offered == {str(colleague), *(str(one) for one in unit_team)}
    assert share(operator, allowed, colleague, "Read") == 302
    assert share(operator, allowed, own_office.users["kobe_official"], "Read") == 403
    assert share(operator, allowed, EVERYONE, "Read") == 403
    assert operator.records("share", id=str(outside)).status_code == 404
    assert share(operator, outside, colleague, "Read") == 404


def test_with_an_account_that_ended_it_can_only_be_taken_back(
    office: Office, official: Desk, record: UUID
) -> None:
    receiver = office.users["kobe_manager"]
    share(official, record, receiver, "Read")
    shut = update(SystemUser).where(SystemUser.id == receiver)
    office.engine.database.run(lambda t: t.write(shut.values(active=False)))
    try:
        page = official.records("share", id=str(record)).text
        assert page.count('name="act" value="modify"') == 0
        assert "Inactive" in page
        assert share(official, record, receiver, act="revoke") == 302
    finally:
        office.engine.database.run(lambda t: t.write(shut.values(active=True)))


def without(office: Office, role: str, privilege: Privilege) -> None:
    def work(transaction: Transaction) -> None:
        wanted = select(Role.id).where(Role.name == role).scalar_subquery()
        statement = delete(RolePrivilege).where(
            RolePrivilege.role_id == wanted, RolePrivilege.privilege == str(privilege)
        )
        transaction.write(statement)

    office.engine.database.run(work)


def add_share(office: Office, role: str, *, level: int) -> None:
    def work(transaction: Transaction) -> None:
        wanted = select(Role.id).where(Role.name == role).scalar_subquery()
        row = {"entity": ENTITY, "privilege": "Share", "access_level": level}
        transaction.write(insert(RolePrivilege).values(role_id=wanted, **row))

    office.engine.database.run(work)

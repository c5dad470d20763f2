"""The page of “why?”: a question in the address, the rules in the answer, and the audit knows."""

import re
from html import unescape
from uuid import UUID

import pytest

from admin_views.people.why_form import AskedWhy
from models.security.privileges import Privilege
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, ROLES, Office
from tests.identity.staff import acts

PAGE = "/admin/access/why/"


@pytest.fixture(scope="module")
def record(office: Office) -> UUID:
    return office.apply()


@pytest.fixture
def administrator(office: Office) -> Desk:
    return sit_down(office, "administrator")


def ask(desk: Desk, role: str, **asked: object) -> str:
    """The answer, without the form below it."""
    person = desk.office.users.get(role, role)
    answer = desk.get(PAGE, person=str(person), **{k: str(v) for k, v in asked.items()})
    assert answer.status_code == 200, answer.text
    return unescape(answer.text.split("Ask another question")[0])


REVEAL = {"privilege": "Reveal", "entity": ENTITY, "attribute": "kobe_email"}
REVEALERS = {
    "kobe_operator": True,
    "kobe_official": True,
    "auditor": False,
    "administrator": False,
}


@pytest.mark.parametrize(("role", "allowed"), REVEALERS.items())
def test_whether_somebody_may_reveal_and_by_which_rules(
    administrator: Desk, record: UUID, role: str, allowed: bool
) -> None:
    told = ask(administrator, role, record=record, **REVEAL)
    assert ("<strong>Allowed</strong>" in told, "<strong>Not allowed</strong>" in told) == (
        allowed,
        not allowed,
    )
    names = {"kobe_operator": "Secretariat", "kobe_official": "Official"}
    if allowed:
        assert f"The role “{names[role]}” grants Reveal" in told
        assert f"The field security profile “{role}” ({names[role]}) grants: read" in told
        assert "enough for this question" not in told
    else:
        assert "No role held grants Reveal." in told
        for needed in ("The role “Official”", "The field security profile “kobe_official”."):
            assert needed in told
        assert "Sharing Read on this record with the person." in told


def test_nothing_of_the_record_but_whose_it_is(administrator: Desk, record: UUID) -> None:
    told = ask(administrator, "auditor", record=record, **REVEAL)
    assert ROLES["kobe_operator"] in told
    assert [value for value in (*PERSONAL.values(), "神戸 花子") if value in told] == []


def test_a_privilege_that_is_not_on_records(administrator: Desk) -> None:
    assert "The role “Auditor” grants Read the audit log" in ask(
        administrator, "auditor", privilege="ReadAudit"
    )
    assert "Any role, also a new one, that grants Read the audit log." in ask(
        administrator, "kobe_operator", privilege="ReadAudit"
    )


@pytest.mark.parametrize(
    "typed", ["{id}", " {id} ", "http://localhost/admin/t/x/details/?id={id}&lang=ja", "{hex}"]
)
def test_a_record_is_named_by_its_identifier_or_its_address(record: UUID, typed: str) -> None:
    text = typed.format(id=record, hex=record.hex)
    assert AskedWhy(record=text, problems={}).record_id == record


WRONG = {
    "person": {"person": "x"},
    "privilege": {"privilege": "Fly"},
    "entity": {"privilege": "Read", "entity": "", "record": "", "attribute": ""},
    "record": {"record": "not an identifier"},
    "attribute": {"attribute": "kobe_nothing"},
}
MORE_WRONG = [
    ("entity", {"privilege": "ReadAudit"}),
    ("entity", {"entity": "kobe_nothing"}),
    ("record", {"privilege": "Create"}),
    ("attribute", {"privilege": "Delete"}),
    ("entity", {"privilege": "Export", "entity": ""}),
]


@pytest.mark.parametrize(("control", "changes"), [*WRONG.items(), *MORE_WRONG])
def test_what_makes_no_sense_is_explained_at_its_control(
    office: Office, administrator: Desk, record: UUID, control: str, changes: dict[str, str]
) -> None:
    before = len(acts(office.engine))
    sensible = {"person": str(office.users["auditor"]), "record": str(record), **REVEAL}
    answer = administrator.get(PAGE, **{**sensible, **changes})
    assert answer.status_code == 400
    assert f'<a href="#{control}">' in answer.text
    assert f'id="{control}-error"' in answer.text
    assert 'class="questions"' not in answer.text
    assert len(acts(office.engine)) == before, "nothing was asked"


def test_what_was_chosen_stands_in_the_form_again(
    office: Office, administrator: Desk, record: UUID
) -> None:
    page = administrator.get(
        PAGE, person=str(office.users["auditor"]), record=str(record), **REVEAL
    ).text
    form = page.split("Ask another question")[1]
    chosen = re.findall(r'<option value="([^"]*)" selected', form)
    assert chosen == [str(office.users["auditor"]), "Reveal", ENTITY, "kobe_email"]
    assert f'value="{record}"' in form


def test_an_unknown_person_is_not_found(administrator: Desk) -> None:
    nobody = "00000000-0000-0000-0000-000000000007"
    answer = administrator.get(PAGE, person=nobody, privilege="Export", entity=ENTITY)
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_it_is_for_those_who_manage_users(office: Office, role: str) -> None:
    desk = sit_down(office, role)
    assert desk.get(PAGE).status_code == 403
    asked = {"person": str(office.users[role]), "privilege": "Export"}
    assert desk.get(PAGE, **asked).status_code == 403


def test_that_it_was_asked_is_in_the_audit_and_on_its_page(
    office: Office, administrator: Desk, record: UUID
) -> None:
    ask(administrator, "kobe_operator", record=record, **REVEAL)
    entry = acts(office.engine)[-1]
    assert (entry["action"], entry["record"]) == ("explain_access", record.hex)
    page = sit_down(office, "auditor").get("/admin/audit/", action="explain_access").text
    assert "Ask why somebody may do something" in page
    assert "kobe_operator@example.jp" in page


def test_every_privilege_is_offered(administrator: Desk) -> None:
    page = administrator.get(PAGE).text
    for privilege in Privilege:
        assert f'<option value="{privilege}">' in page
    assert 'class="questions"' not in page

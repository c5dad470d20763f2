"""Create, edit, status, assign, delete: what is sent is checked again, and asked again."""

import re
from uuid import UUID

import pytest

from models.metadata.errors import RecordNotFound
from models.security.caller import Caller
from tests.admin_views.desk import hidden_of, sit_down
from tests.admin_views.office import ENTITY, PERSONAL, Office, application
from tests.identity.staff import acts

SEEING = Caller.system("test")


def stored(office: Office, record_id: UUID) -> dict[str, object]:
    return office.engine.run(lambda service: service.retrieve(SEEING, ENTITY, record_id))


def test_create(office: Office) -> None:
    desk = sit_down(office, "kobe_official")
    sent = {name: str(value) for name, value in application(statuscode=2).items()}
    own = {"kobe_email": "madoguchi@example.jp", "kobe_phone": "078-322-6040"}
    response = desk.send("new", **sent | own | {"kobe_catchphrase": "窓口で受け付けた応援"})
    assert response.status_code == 302
    record_id = UUID(response.headers["Location"].split("id=")[1])
    record = stored(office, record_id)
    assert record["kobe_catchphrase"] == "窓口で受け付けた応援"
    assert record["kobe_email"] == own["kobe_email"]
    assert record["createdby"] == office.users["kobe_official"]


def test_create_explains_what_is_wrong_and_keeps_the_rest(office: Office) -> None:
    desk = sit_down(office, "kobe_official")
    response = desk.send("new", kobe_nickname="花子", kobe_email="花子", kobe_phone="12")
    assert response.status_code == 400
    page = response.text
    assert 'value="花子"' in page
    for name in ("kobe_email", "kobe_phone", "kobe_catchphrase", "kobe_body", "kobe_category"):
        assert f'href="#{name}"' in page, name
        assert f'id="{name}-error"' in page, name
    assert "<title>Error: " in page


def test_the_operator_may_not_create(office: Office) -> None:
    sent = {name: str(value) for name, value in application().items()}
    assert sit_down(office, "kobe_operator").send("new", **sent).status_code == 403


def edit(office: Office, role: str, record_id: UUID, **values: str) -> int:
    """Open the edit page, change some controls, save; the status code."""
    desk = sit_down(office, role)
    page = desk.records("edit", id=str(record_id)).text
    form = hidden_of(page, "edit") | controls_of(page) | values
    return desk.client.post(f"/admin/t/{ENTITY}/edit/", data=form).status_code


def controls_of(page: str) -> dict[str, str]:
    """What a browser would send of the visible controls, text ones and selects."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*class=\"form-control\"[^>]*>", page):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name is not None
        found[name.group(1)] = value.group(1) if value else ""
    for name, body in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.S
    ):
        found[name] = body
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="(\d+)"', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def test_edit_changes_only_what_was_changed(office: Office) -> None:
    record_id = office.apply(kobe_body="一行目\n二行目")
    before = stored(office, record_id)
    assert edit(office, "kobe_official", record_id, kobe_nickname="神戸 次郎") == 302
    after = stored(office, record_id)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"kobe_nickname", "modifiedon", "modifiedby", "versionnumber"}


def test_saving_without_a_change_is_no_change(office: Office) -> None:
    record_id = office.apply()
    before, audited = stored(office, record_id), len(acts(office.engine))
    assert edit(office, "kobe_operator", record_id) == 302
    assert stored(office, record_id) == before
    assert "update" not in {act["action"] for act in acts(office.engine)[audited:]}


@pytest.mark.parametrize("second", ["kobe_official", "kobe_operator"])
def test_a_second_click_finds_its_first_or_anothers_like_it(office: Office, second: str) -> None:
    record_id = office.apply(kobe_catchphrase=f"二度押しする応援 {second}")
    desks = [sit_down(office, role) for role in ("kobe_official", second)]
    pages = [desk.records("edit", id=str(record_id)).text for desk in desks]
    for desk, page in zip(desks, pages, strict=True):
        form = hidden_of(page, "edit") | controls_of(page) | {"kobe_nickname": "二度押し"}
        response = desk.client.post(f"/admin/t/{ENTITY}/edit/", data=form)
        assert response.status_code == 302
        assert "The record was saved." in desk.get(response.location).text
    assert stored(office, record_id)["kobe_nickname"] == "二度押し"


@pytest.mark.parametrize("name", list(PERSONAL))
def test_a_secured_attribute_sent_without_the_right_changes_nothing(
    office: Office, name: str
) -> None:
    record_id = office.apply()
    changed = {"kobe_email": "hacked@example.jp", "kobe_phone": "06-6208-8181"}[name]
    assert edit(office, "kobe_operator", record_id, **{name: changed}) == 302
    assert stored(office, record_id)[name] == PERSONAL[name]


@pytest.mark.parametrize("name", ["ownerid", "createdby", "kobe_receiptnumber", "versionnumber"])
def test_what_the_platform_sets_cannot_be_sent(office: Office, name: str) -> None:
    record_id = office.apply()
    before = stored(office, record_id)[name]
    other = str(office.users["auditor"])
    assert edit(office, "kobe_official", record_id, **{name: other}) == 302
    after = stored(office, record_id)[name]
    assert after == before or name == "versionnumber"


def test_a_stale_version_is_shown_and_the_input_kept(office: Office) -> None:
    record_id = office.apply()
    official, operator = (sit_down(office, r) for r in ("kobe_official", "kobe_operator"))
    page = official.records("edit", id=str(record_id)).text
    stale = hidden_of(page, "edit") | controls_of(page) | {"kobe_nickname": "職員の入力"}
    assert edit(office, "kobe_operator", record_id, kobe_nickname="事務局の入力") == 302
    response = official.client.post(f"/admin/t/{ENTITY}/edit/", data=stale)
    assert response.status_code == 409
    assert "事務局の入力" in response.text
    assert 'value="職員の入力"' in response.text
    assert stored(office, record_id)["kobe_nickname"] == "事務局の入力"
    again = controls_of(response.text) | hidden_of(response.text, "edit")
    assert official.client.post(f"/admin/t/{ENTITY}/edit/", data=again).status_code == 302
    assert stored(office, record_id)["kobe_nickname"] == "職員の入力"
    assert operator.records("details", id=str(record_id)).status_code == 200


def test_a_wrong_value_does_not_make_a_stale_version_fresh(office: Office) -> None:
    record_id = office.apply()
    official = sit_down(office, "kobe_official")
    page = official.records("edit", id=str(record_id)).text
    stale = hidden_of(page, "edit") | controls_of(page) | {"kobe_websiteurl": "javascript:1"}
    assert edit(office, "kobe_operator", record_id, kobe_nickname="事務局の入力") == 302
    response = official.client.post(f"/admin/t/{ENTITY}/edit/", data=stale)
    assert response.status_code == 400
    assert hidden_of(response.text, "edit")["version"] == stale["version"]


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "9" * 40, "1.0"])
def test_without_a_real_version_nothing_is_overwritten(office: Office, version: str) -> None:
    record_id = office.apply()
    changed = {"version": version, "kobe_nickname": "上書き"}
    assert edit(office, "kobe_official", record_id, **changed) == 409
    sent = {"id": record_id, "version": version, "statuscode": "4"}
    assert sit_down(office, "kobe_official").send("status", **sent).status_code == 409
    record = stored(office, record_id)
    assert (record["kobe_nickname"], record["statuscode"]) == ("神戸 花子", 2)


def test_status(office: Office) -> None:
    record_id = office.apply()
    desk = sit_down(office, "kobe_operator")
    form = hidden_of(desk.records("details", id=str(record_id)).text, "status")
    form["statuscode"] = "4"
    assert desk.client.post(f"/admin/t/{ENTITY}/status/", data=form).status_code == 302
    record = stored(office, record_id)
    assert (record["statuscode"], record["statecode"]) == (4, 1)
    assert desk.client.post(f"/admin/t/{ENTITY}/status/", data=form).status_code == 409


def options_of_status(page: str) -> list[str]:
    found = re.search(r'<select\b[^>]*name="statuscode".*?</select>', page, flags=re.DOTALL)
    return re.findall(r'<option\b[^>]*value="(\d*)"', found.group()) if found else []


def test_nobody_in_the_office_lets_an_application_wait_or_ends_its_waiting(
    office: Office,
) -> None:
    received, waiting = office.apply(), office.apply(statuscode=1)
    desk = sit_down(office, "kobe_operator")
    page = desk.records("details", id=str(received)).text
    assert options_of_status(page) == ["2", "3", "4", "5", "6"]
    form = hidden_of(page, "status") | {"statuscode": "1"}
    refused = desk.client.post(f"/admin/t/{ENTITY}/status/", data=form)
    assert refused.status_code == 400
    assert "changes by that confirmation only" in refused.text
    assert options_of_status(desk.records("details", id=str(waiting)).text) == []
    assert options_of_status(desk.records("edit", id=str(waiting)).text) == ["", "1"]
    assert edit(office, "kobe_operator", waiting, statuscode="2") == 400
    assert edit(office, "kobe_operator", waiting, kobe_nickname="太郎") == 302
    new = sit_down(office, "kobe_official").records("new").text
    assert options_of_status(new) == ["", "2", "3", "4", "5", "6"]
    assert (stored(office, received)["statuscode"], stored(office, waiting)["statuscode"]) == (
        2,
        1,
    )


def test_assign(office: Office) -> None:
    record_id = office.apply()
    official = sit_down(office, "kobe_official")
    owner = office.users["kobe_official"]
    response = official.send("assign", id=record_id, owner=owner)
    assert response.status_code == 302
    assert stored(office, record_id)["ownerid"] == owner
    gone = sit_down(office, "kobe_operator").records("details", id=str(record_id))
    assert gone.status_code == 404
    refused = sit_down(office, "kobe_operator").send("assign", id=record_id, owner=owner)
    assert refused.status_code == 403


def test_delete_needs_the_confirmation_page(office: Office) -> None:
    record_id = office.apply()
    desk = sit_down(office, "kobe_official")
    page = desk.records("delete", id=str(record_id))
    assert page.status_code == 200
    form = hidden_of(page.text, "delete")
    for missing in ("confirmed", "version"):
        partial = {name: value for name, value in form.items() if name != missing}
        assert desk.client.post(f"/admin/t/{ENTITY}/delete/", data=partial).status_code == 400
    assert desk.client.get(f"/admin/t/{ENTITY}/delete/", query_string=form).status_code == 200
    assert stored(office, record_id)["id"] == record_id
    assert desk.client.post(f"/admin/t/{ENTITY}/delete/", data=form).status_code == 302
    with pytest.raises(RecordNotFound):
        stored(office, record_id)


@pytest.mark.parametrize("role", ["kobe_operator", "auditor", "administrator"])
def test_others_may_not_delete(office: Office, role: str) -> None:
    record_id = office.apply()
    version = stored(office, record_id)["versionnumber"]
    sent = {"id": record_id, "version": version, "confirmed": "yes"}
    assert sit_down(office, role).send("delete", **sent).status_code == 403
    assert stored(office, record_id)["id"] == record_id

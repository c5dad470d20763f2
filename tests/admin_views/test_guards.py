"""Default deny: every route under /admin, found by walking the application's own map."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from werkzeug.routing import Rule

from tests.admin_views.desk import sit_down
from tests.admin_views.office import ENTITY, Office

OPEN = {"admin.static"}
"""What anyone may fetch: style sheets of Flask-Admin. Anything else here is a hole."""
IDENTITY = re.compile(r"^(security|identity|two_factor)\b")
"""Sign-in itself; its own tests guard it."""
PAGES_OF = {
    "audit": "auditor",
    "jobs": "administrator",
    "metadata": "administrator",
    "users": "administrator",
    "contractors": "administrator",
    "training": "administrator",
    "organization": "administrator",
    "reviews": "administrator",
    "export": "kobe_official",
}
ROLES = ["kobe_operator", "kobe_official", "auditor", "administrator"]


def admin_rules(office: Office) -> list[Rule]:
    return [
        rule
        for rule in office.app.url_map.iter_rules()
        if rule.rule.startswith("/admin")
        and rule.endpoint not in OPEN
        and not IDENTITY.match(rule.endpoint)
    ]


def requests_of(office: Office) -> Iterator[tuple[str, str, str]]:
    with office.app.test_request_context():
        for rule in admin_rules(office):
            arguments: dict[str, object] = {
                name: UUID(int=7) if "uuid" in rule.rule else ENTITY for name in rule.arguments
            }
            adapter = office.app.url_map.bind("localhost")
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, adapter.build(rule.endpoint, arguments, method)


def test_the_map_holds_what_it_should(office: Office) -> None:
    endpoints = {rule.endpoint for rule in admin_rules(office)}
    assert {"admin.index", "records.index_view", "records.reveal_view"} <= endpoints
    assert {f"{page}.index" for page in PAGES_OF} <= endpoints
    assert len(endpoints) > 15


def test_nothing_answers_a_visitor(office: Office) -> None:
    client = office.app.test_client()
    for endpoint, method, path in requests_of(office):
        response = client.open(path, method=method)
        assert response.status_code in {302, 303, 400, 401, 403}, (endpoint, method)
        assert response.headers["Cache-Control"] == "no-store", endpoint
        assert ENTITY not in response.text or response.status_code in {302, 303}, endpoint


def test_a_post_without_a_token_is_refused(office: Office) -> None:
    for role in ROLES:
        client = sit_down(office, role).client
        for endpoint, method, path in requests_of(office):
            if method == "POST":
                assert client.post(path).status_code == 400, (role, endpoint)


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_another_role_are_refused(office: Office, role: str) -> None:
    client = sit_down(office, role).client
    for endpoint, method, path in requests_of(office):
        page = endpoint.split(".")[0]
        if method == "GET" and page in PAGES_OF and PAGES_OF[page] != role:
            assert client.get(path).status_code == 403, endpoint


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_no_store(office: Office, role: str) -> None:
    client = sit_down(office, role).client
    for endpoint, method, path in requests_of(office):
        if method == "GET":
            response = client.get(path)
            assert response.status_code < 500, endpoint
            assert response.headers["Cache-Control"] == "no-store", endpoint


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_records_are_not_for_auditor_and_administrator(office: Office, role: str) -> None:
    record_id = office.apply()
    desk = sit_down(office, role)
    for action in ("", "details", "edit", "delete", "assign", "new"):
        assert desk.records(action, id=str(record_id)).status_code == 403, action


def test_unknown_entity_is_not_found(office: Office) -> None:
    desk = sit_down(office, "kobe_official")
    for path in ("/admin/t/nothing/", "/admin/t/nothing/new/", "/admin/t/systemuser/"):
        assert desk.get(path).status_code == 404


def test_unknown_record_is_not_found(office: Office) -> None:
    desk = sit_down(office, "kobe_official")
    for record_id in ("", "nonsense", str(UUID(int=7))):
        assert desk.records("details", id=record_id).status_code == 404


TOLD = ("Calls for cooperators", "Projects", "Participations", "Stories")
ABOUT_THEM = ("Cooperators", "Enquiries", "Matches", "Hearings", *TOLD, "Activities")
OF_THEM = ("Requests from applicants",)
DECIDING = ("Extraction", "Publication", "Personal data")
WORK = {"Queues", "Dashboards", "Applications"}


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("kobe_operator", {*WORK, *ABOUT_THEM, *OF_THEM}),
        ("kobe_official", {*WORK, *ABOUT_THEM, *DECIDING, "Requests of persons"}),
        (
            "kobe_manager",
            {
                *("Dashboards", "Applications", "Cooperators", "Enquiries", *TOLD, *OF_THEM),
                *DECIDING,
            },
        ),
        ("auditor", {"Ledger of extracts", "Personal data", "Audit"}),
        (
            "administrator",
            {"Personal data", "Reports on contracted work", "People and rights", "System"},
        ),
    ],
)
def test_the_menu_is_the_callers(office: Office, role: str, names: set[str]) -> None:
    page = sit_down(office, role).get("/admin/").text
    menu = page[page.index('<nav class="office-menu"') : page.index("</nav>")]
    assert set(re.findall(r">([^<>\n]+)</a>", menu)) == {"Home"} | names


def test_a_room_of_several_pages_tells_them_inside(office: Office) -> None:
    administrator = sit_down(office, "administrator")
    for path in ("/admin/jobs/", "/admin/metadata/"):
        page = administrator.get(path).text
        beside = page[page.index("office-menu-beside") :].partition("</nav>")[0]
        assert re.findall(r">([^<>\n]+)</a>", beside) == ["System jobs", "Metadata"]
        assert f'href="{path}" aria-current="page"' in beside
    assert "office-menu-beside" not in administrator.get("/admin/").text


def test_nobody_is_told_of_pages_that_are_not_theirs(office: Office) -> None:
    for role in ("kobe_operator", "kobe_official", "auditor"):
        page = sit_down(office, role).get("/admin/").text
        assert not re.search(r'href="/admin/(jobs|metadata|users)/', page), role

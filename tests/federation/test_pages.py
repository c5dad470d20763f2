"""Pages of single sign-on for administrators: groups with roles, linked accounts, with a proof."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models.records.engine import RecordEngine
from tests.admin_views.office import build_app
from tests.federation.conftest import OPERATORS, US
from tests.federation.people import account, accounts_of, acts, known
from tests.federation.realm import Realm, Resident
from tests.federation.visitor import Visitor
from tests.identity.staff import Administrator, Browser, Person, age_proof, hire

PAGE = "/admin/federation/"
NEW = {"group": "uketsuke-helpers", "role": "kobe_operator", "business_unit": "運営事務局"}


@pytest.fixture
def head(app: Flask, engine: RecordEngine) -> Person:
    person = hire(app, engine)
    Administrator(app).give(person, "administrator")
    return person


@pytest.fixture
def desk(app: Flask, head: Person) -> Browser:
    browser = Browser(app).sign_in(head)
    browser.client.set_cookie("lang", "en")
    return browser


def mapping_of(browser: Browser, group: str) -> str:
    row = browser.get(PAGE).text.split(f">{group}<")[1].split("</tr>")[0]
    [found] = re.findall(r"unmap/\?id=([\w-]+)", row)
    return found


def test_the_page_tells_what_the_provider_has_to_know(desk: Browser, realm: Realm) -> None:
    page = desk.get(PAGE).text
    for told in (
        realm.issuer,
        f"{US}/login/federated/callback",
        f"{US}/login",
        f"{US}/login/federated/ended",
        OPERATORS,
    ):
        assert f">{told}<" in page, told


def test_a_group_is_given_a_role_and_it_is_taken_away(
    engine: RecordEngine, realm: Realm, app: Flask, desk: Browser
) -> None:
    answer = desk.send(f"{PAGE}map/", **NEW)
    assert answer.location == PAGE
    assert acts(engine)[-1]["details"] == NEW
    realm.knows(Resident("helper", (NEW["group"],)))
    Visitor(app).enter_as("helper")
    assert account(engine, realm, "helper").roles == {"kobe_operator"}
    unmap = f"{PAGE}unmap/?id={mapping_of(desk, NEW['group'])}"
    assert desk.send(unmap, id=unmap.split("=")[1]).location == PAGE
    assert acts(engine)[-1]["action"] == "unmap_group"
    Visitor(app).enter_as("helper")
    assert account(engine, realm, "helper").roles == set()


@pytest.mark.parametrize(
    ("control", "typed", "told"),
    [
        ("group", " ", "Enter Group."),
        ("group", "x" * 256, "255 characters or fewer"),
        ("group", "a\tb", "control characters"),
        ("group", OPERATORS, "gives the role chosen already"),
        ("role", "no such role", "Choose Role."),
        ("business_unit", "no such unit", "Choose Business unit."),
    ],
)
def test_what_is_wrong_is_told_beside_the_control_and_what_was_typed_is_kept(
    desk: Browser, control: str, typed: str, told: str
) -> None:
    answer = desk.send(f"{PAGE}map/", **NEW | {control: typed})
    assert answer.status_code == 400
    assert told in answer.text.split(f'<p class="problem" id="{control}-error">')[1]
    assert f'href="#{control}"' in answer.text
    kept = NEW["group"] if control != "group" else typed.strip()
    assert f'value="{kept}"' in answer.text


def link(desk: Browser, **values: str) -> TestResponse:
    return desk.send(f"{PAGE}link/", **values)


def test_an_account_is_linked_by_its_identifier_and_unlinked(
    engine: RecordEngine, realm: Realm, app: Flask, desk: Browser
) -> None:
    person = hire(app, engine)
    assert link(desk, account=person.email, subject="linked-by-hand").location == PAGE
    realm.knows(Resident("linked-by-hand", (OPERATORS,)))
    browser = Visitor(app)
    browser.enter_as("linked-by-hand")
    assert browser.is_in()
    assert accounts_of(engine, realm, "linked-by-hand") == [person.id]
    assert known(engine, person.id).roles == {"kobe_operator"}
    unlink = f"{PAGE}unlink/?id={person.id}"
    assert person.email in desk.get(unlink).text
    assert desk.send(unlink, id=str(person.id)).location == PAGE
    assert known(engine, person.id).roles == set()
    assert known(engine, person.id).by_hand == {"kobe_operator"}
    assert not browser.is_in(), "signed out everywhere"
    assert [act["action"] for act in acts(engine) if act.get("record") == person.id.hex][-1] == (
        "unlink_identity"
    )


def test_nobody_is_linked_twice(app: Flask, engine: RecordEngine, desk: Browser) -> None:
    first, second = hire(app, engine), hire(app, engine)
    link(desk, account=first.email, subject="only-one")
    taken = link(desk, account=second.email, subject="only-one")
    again = link(desk, account=first.email, subject="another")
    assert "already exists" in taken.text.split('id="subject-error"')[1]
    assert "already exists" in again.text.split('id="account-error"')[1]
    nothing = link(desk, account="", subject="")
    assert {"account-error", "subject-error"} <= set(re.findall(r'id="([\w-]+)"', nothing.text))


ASKED = [
    ("map/", NEW),
    ("link/", {"account": "somebody@example.jp", "subject": "x"}),
]


@pytest.mark.parametrize(("page", "values"), ASKED)
def test_a_change_asks_who_makes_it(
    engine: RecordEngine, desk: Browser, head: Person, page: str, values: dict[str, str]
) -> None:
    age_proof(engine, head, by=timedelta(minutes=6))
    before = len(acts(engine))
    answer = desk.send(f"{PAGE}{page}", **values)
    assert answer.status_code == 400
    assert 'href="#proof"' in answer.text
    assert len(acts(engine)) == before


@pytest.mark.parametrize("page", ["", "map/", "link/", "unmap/?id=x", "unlink/?id=x"])
def test_only_who_manages_users_gets_there(app: Flask, engine: RecordEngine, page: str) -> None:
    operator = Browser(app).sign_in(hire(app, engine))
    assert operator.get(f"{PAGE}{page}").status_code == 403


@pytest.mark.parametrize("page", ["unmap/", "unlink/"])
@pytest.mark.parametrize("named", ["", "x", "0190d8f0-0000-7000-8000-000000000000"])
def test_what_is_not_there_is_not_found(desk: Browser, page: str, named: str) -> None:
    assert desk.get(f"{PAGE}{page}", id=named).status_code == 404


def test_without_a_provider_the_page_says_so_and_the_others_are_not_there(
    engine: RecordEngine, head: Person
) -> None:
    app = build_app(engine)
    desk = Browser(app).sign_in(head)
    assert "docs/single-sign-on.md" in desk.get(PAGE).text
    for page in ("map/", "link/"):
        assert desk.get(f"{PAGE}{page}").status_code == 404
    for path in ("/login/federated", "/login/federated/callback", "/login/signed-out"):
        assert Browser(app).get(path).status_code == 404
    assert "/login/federated" not in Browser(app).get("/login").text

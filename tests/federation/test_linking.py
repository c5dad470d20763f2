"""A person links their own account: having shown both, and asked for it by a form of ours."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from models.records.engine import RecordEngine
from tests.federation.conftest import OPERATORS
from tests.federation.people import account, accounts_of, acts_on, known
from tests.federation.realm import Realm, Resident
from tests.federation.visitor import BEGIN, Visitor
from tests.identity.staff import Person, age_proof, hire

PAGE = "/account/federated"


@pytest.fixture
def person(app: Flask, engine: RecordEngine) -> Person:
    return hire(app, engine)


@pytest.fixture
def mine(person: Person) -> str:
    """What the person is called at the provider."""
    return f"mine-{person.id.hex}"


@pytest.fixture
def signed_in(realm: Realm, visitor: Visitor, person: Person, mine: str) -> Visitor:
    realm.knows(Resident(mine, (OPERATORS,)), Resident(f"{mine}-2", (OPERATORS,)))
    visitor.sign_in(person)
    visitor.client.set_cookie("lang", "en")
    return visitor


def go(visitor: Visitor, login: str) -> object:
    """Ask for the link, and follow it to the provider and back."""
    assert visitor.send(PAGE, link="1").location == PAGE
    page = visitor.get(PAGE).text
    way = page.split(f'href="{BEGIN}')[1].split('"')[0].replace("&amp;", "&")
    address = visitor.client.get(BEGIN + way).location
    asked = parse_qs(urlsplit(address).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"]), "asked anew"
    return visitor.come_back(visitor.at_the_provider(address, login))


def test_a_person_links_their_account_and_signs_in_by_it(
    engine: RecordEngine, app: Flask, realm: Realm, signed_in: Visitor, person: Person, mine: str
) -> None:
    assert "not linked to 職員認証" in signed_in.get(PAGE).text
    assert go(signed_in, mine).location == PAGE  # type: ignore[attr-defined]
    assert "has been linked to 職員認証" in signed_in.get(PAGE).text
    assert accounts_of(engine, realm, mine) == [person.id]
    later = Visitor(app)
    later.enter_as(mine)
    assert later.is_in()
    assert known(engine, person.id).roles == {"kobe_operator"}
    [linked] = [a for a in acts_on(engine, person.id) if a["action"] == "link_identity"]
    assert linked["by"] == person.email


def test_the_link_is_undone_with_the_roles_it_gave(
    engine: RecordEngine, realm: Realm, signed_in: Visitor, person: Person, mine: str
) -> None:
    go(signed_in, mine)
    answer = signed_in.send(PAGE, unlink="1")
    assert answer.location == "/login"
    assert not signed_in.is_in(), "signed out everywhere"
    assert accounts_of(engine, realm, mine) == []
    assert acts_on(engine, person.id)[-1]["action"] == "unlink_identity"


def test_linking_asks_who_it_is(
    engine: RecordEngine, signed_in: Visitor, person: Person, mine: str
) -> None:
    age_proof(engine, person, by=timedelta(minutes=6))
    answer = signed_in.send(PAGE, link="1")
    assert answer.status_code == 400
    assert "Enter your password" in answer.text
    assert signed_in.get(BEGIN, purpose="link").location == PAGE, "not led on"
    assert signed_in.send(PAGE, link="1", proof="wrong").status_code == 400
    assert signed_in.send(PAGE, link="1", proof=person.password).location == PAGE


def test_nobody_is_led_to_linking_by_anothers_page(signed_in: Visitor) -> None:
    """The browser may be signed in at the provider as somebody else, the intruder."""
    assert signed_in.get(BEGIN, purpose="link").location == PAGE
    assert signed_in.client.post(PAGE, data={"link": "1"}).status_code == 400
    assert signed_in.get(BEGIN, purpose="link").location == PAGE


def test_what_was_asked_for_is_forgotten_after_a_while(
    signed_in: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in.send(PAGE, link="1")
    assert signed_in.get(BEGIN, purpose="link").location != PAGE
    later = time.time() + 301
    monkeypatch.setattr("admin_views.identity.federation.linking.time.time", lambda: later)
    assert signed_in.get(BEGIN, purpose="link").location == PAGE


def test_an_identity_has_one_account_and_an_account_one_identity(
    app: Flask, engine: RecordEngine, realm: Realm, signed_in: Visitor, mine: str
) -> None:
    go(signed_in, mine)
    other = hire(app, engine)
    second = Visitor(app).sign_in(other)
    second.client.set_cookie("lang", "en")
    answer = go(second, mine)
    assert answer.status_code == 403  # type: ignore[attr-defined]
    assert "linked to another account" in answer.text  # type: ignore[attr-defined]
    refused = acts_on(engine, other.id)[-1]
    assert (refused["action"], refused["outcome"]) == ("link_identity", "refused")
    assert accounts_of(engine, realm, f"{mine}-2") == []


def test_who_has_no_password_cannot_undo_the_only_way_in(
    engine: RecordEngine, realm: Realm, visitor: Visitor
) -> None:
    realm.knows(Resident("only-way", (OPERATORS,)))
    visitor.enter_as("only-way")
    visitor.client.set_cookie("lang", "en")
    answer = visitor.send(PAGE, unlink="1")
    assert answer.status_code == 400
    assert "You have no password here" in answer.text
    assert account(engine, realm, "only-way").roles == {"kobe_operator"}
    assert "you sign in with 職員認証" in visitor.get("/account/password").text


def test_the_page_is_for_who_is_signed_in(visitor: Visitor) -> None:
    assert visitor.get(PAGE).location.startswith("/login?next=")
    token = visitor.form_token("/login")
    assert visitor.client.post(PAGE, data={"csrf_token": token}).status_code == 401

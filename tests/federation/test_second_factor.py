"""Where the provider asked for one factor only, our own is asked for; never less than locally."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from admin_views.identity import accounts
from admin_views.identity.federation import identities
from models.records.engine import RecordEngine
from tests.federation.conftest import OPERATORS, federated
from tests.federation.house import TESTS
from tests.federation.people import account, known
from tests.federation.realm import STRONG, Realm, Resident
from tests.federation.visitor import Visitor
from tests.identity.staff import Person, code_of, early_in_the_step, hire
from tests.identity.test_second_factor import set_up

HOW = ("pwd",)
Comes = Callable[..., Visitor]


@pytest.fixture
def comes(realm: Realm, app: Flask) -> Comes:
    """Somebody who has shown the provider one factor, by whatever application they come."""

    def come(login: str, by: Flask = app, amr: tuple[str, ...] = HOW, acr: str = "") -> Visitor:
        realm.knows(Resident(login, (OPERATORS,), amr=amr, acr=acr))
        visitor = Visitor(by)
        visitor.enter_as(login)
        return visitor

    return come


@pytest.fixture
def guarded(app: Flask, engine: RecordEngine, realm: Realm) -> Person:
    """With a second factor of ours, and linked."""
    person = hire(app, engine, key=accounts.new_totp_key())
    subject = f"guarded-{person.id.hex}"
    with app.app_context():
        identities.link_for(TESTS, realm.issuer, email=person.email, subject=subject)
    return person


def test_one_factor_leads_to_setting_up_another(
    engine: RecordEngine, realm: Realm, comes: Comes
) -> None:
    visitor = comes("one-factor")
    assert not visitor.is_in()
    early_in_the_step()
    set_up(visitor)
    assert visitor.is_in()
    made = account(engine, realm, "one-factor")
    [act] = [act for act in made.acts if act["action"] == "sign_in"]
    assert act["details"] == {"factor": "provider, code"}


def test_who_has_one_of_ours_shows_it(comes: Comes, guarded: Person, engine: RecordEngine) -> None:
    early_in_the_step()
    visitor = comes(f"guarded-{guarded.id.hex}")
    assert not visitor.is_in()
    assert visitor.enter("000000").status_code == 200
    assert not visitor.is_in()
    visitor.enter(code_of(guarded.totp_key))
    assert visitor.is_in()
    [act] = [act for act in known(engine, guarded.id).acts if act["action"] == "sign_in"]
    assert act["details"] == {"factor": "provider, code"}


def test_more_than_one_factor_there_is_enough(comes: Comes, guarded: Person) -> None:
    assert comes(f"guarded-{guarded.id.hex}", amr=("pwd", "otp")).is_in()


def test_a_second_factor_begun_by_a_provider_is_not_said_of_a_password(
    comes: Comes, guarded: Person, engine: RecordEngine
) -> None:
    early_in_the_step()
    visitor = comes(f"guarded-{guarded.id.hex}")
    visitor.try_password(guarded.email, guarded.password)
    visitor.enter(code_of(guarded.totp_key))
    [act] = [act for act in known(engine, guarded.id).acts if act["action"] == "sign_in"]
    assert act["details"] == {"factor": "password, code"}


@pytest.fixture
def lax(engine: RecordEngine, folder: Path, realm: Realm) -> Flask:
    """An office that has decided that the provider's word is enough."""
    return federated(engine, folder, realm.issuer, REQUIRE_MFA="off")


def test_where_the_office_asks_for_no_more_one_factor_is_enough(comes: Comes, lax: Flask) -> None:
    assert comes("lax", by=lax).is_in()


def test_a_factor_of_ours_is_asked_for_even_so(comes: Comes, lax: Flask, guarded: Person) -> None:
    visitor = comes(f"guarded-{guarded.id.hex}", by=lax)
    assert not visitor.is_in()
    early_in_the_step()
    visitor.enter(code_of(guarded.totp_key))
    assert visitor.is_in()


@pytest.fixture
def by_class(engine: RecordEngine, folder: Path, realm: Realm) -> Flask:
    return federated(engine, folder, realm.issuer, ACR=f"{STRONG} urn:other")


def test_a_class_that_the_office_names_is_asked_for_and_enough(
    comes: Comes, by_class: Flask
) -> None:
    asked = parse_qs(urlsplit(Visitor(by_class).begin()).query)
    assert asked["acr_values"] == [f"{STRONG} urn:other"]
    assert comes("by-class", by=by_class, acr=STRONG).is_in()
    assert not comes("by-no-class", by=by_class).is_in()

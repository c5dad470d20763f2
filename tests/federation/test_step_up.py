"""A proof at the provider: asked anew there, no older than the request, of the same person."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask

from admin_views.identity.federation.provider import PLACE
from models.records.engine import RecordEngine
from models.security.principals import public_caller
from tests.admin_views.office import ENTITY, PERSONAL, application
from tests.federation.conftest import OPERATORS, federated, map_groups
from tests.federation.people import accounts_of, known, last_refusal
from tests.federation.realm import Realm, Resident
from tests.federation.rogue import Rogue, return_from, rogue
from tests.federation.visitor import BACK, BEGIN, Visitor
from tests.identity.staff import Person, age_proof

LIST = f"/admin/t/{ENTITY}/"
LONG_AGO = timedelta(minutes=31)


@pytest.fixture
def record(engine: RecordEngine) -> UUID:
    with engine.database.snapshot() as connection:
        caller = public_caller(connection, engine.catalog.forms[ENTITY])
    return engine.run(lambda s: s.create_multiple(caller, ENTITY, [application()]))[0]


@pytest.fixture
def signed_in(engine: RecordEngine, realm: Realm, visitor: Visitor) -> Visitor:
    """By the provider, some time ago; the browser is still signed in there."""
    realm.knows(Resident("stale", (OPERATORS,)), Resident("other", (OPERATORS,)))
    visitor.enter_as("stale", lang="en")
    visitor.client.set_cookie("lang", "en")
    age(engine, realm, "stale")
    return visitor


def age(engine: RecordEngine, realm: Realm | str, subject: str, by: timedelta = LONG_AGO) -> None:
    [account_id] = accounts_of(engine, realm, subject)
    person = Person(account_id, known(engine, account_id).email, "", "")
    age_proof(engine, person, by=by)


def reveal(browser: Visitor, record: UUID) -> bool:
    sent = {"id": str(record), "attribute": "kobe_email", "purpose_text": "連絡"}
    answer = browser.send(f"{LIST}reveal/", page="/admin/", **sent)
    return PERSONAL["kobe_email"] in answer.text


def test_a_form_offers_the_provider_and_leads_back_to_its_page(
    signed_in: Visitor, record: UUID
) -> None:
    assert not reveal(signed_in, record)
    page = f"{LIST}details/?id={record}"
    text = signed_in.get(page).text
    assert "Confirm with 職員認証" in text
    assert 'type="password"' not in text, "there is no password to type"
    way = text.split(f'href="{BEGIN}')[1].split('"')[0].replace("&amp;", "&")
    address = signed_in.client.get(BEGIN + way).location
    asked = parse_qs(urlsplit(address).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert signed_in.come_back(signed_in.at_the_provider(address, "stale")).location == page
    assert reveal(signed_in, record)


def test_another_person_there_is_no_proof_here(
    engine: RecordEngine, signed_in: Visitor, record: UUID
) -> None:
    answer = signed_in.enter_as("other", purpose="step-up")
    assert answer.status_code == 403
    assert "Somebody else" in answer.text
    assert last_refusal(engine) == "other_person"
    assert not reveal(signed_in, record)


def test_who_is_not_signed_in_is_led_to_the_door(visitor: Visitor) -> None:
    for purpose in ("step-up", "link"):
        answer = visitor.get(BEGIN, purpose=purpose, next="/admin/jobs/")
        assert answer.location.startswith("/login?next=")
    assert visitor.get(BEGIN, purpose="something").status_code == 404


def test_a_proof_begun_by_one_is_none_of_another(
    realm: Realm, signed_in: Visitor, engine: RecordEngine
) -> None:
    """In one browser: the first has gone, the second is signed in when the answer comes."""
    location = signed_in.at_the_provider(signed_in.begin(purpose="step-up"), "stale")
    signed_in.sign_out()
    fresh = Visitor(signed_in.app, there=signed_in.there)
    fresh.client = signed_in.client
    fresh.at_the_provider(fresh.begin(), "stale")
    assert fresh.come_back(location).status_code == 400


@pytest.fixture
def old_fashioned(engine: RecordEngine, folder: Path) -> tuple[Rogue, Flask]:
    with rogue() as one:
        app = federated(engine, folder, one.issuer)
        map_groups(app, one.issuer)
        app.extensions.pop(PLACE, None)
        yield one, app


@pytest.mark.parametrize("told", [None, "an hour ago"])
def test_a_provider_that_does_not_ask_anew_gives_no_proof(
    engine: RecordEngine, old_fashioned: tuple[Rogue, Flask], record: UUID, told: str | None
) -> None:
    one, app = old_fashioned
    visitor = Visitor(app)
    one.claims["auth_time"] -= 3600
    if told is None:
        one.claims.pop("auth_time")
    return_from(one, visitor)
    assert visitor.is_in()
    assert not reveal(visitor, record), "what is old at the provider is old here"
    one.claims.pop("nonce")
    asked = parse_qs(urlsplit(visitor.begin(purpose="step-up")).query)
    one.claims["nonce"] = asked["nonce"][0]
    answer = visitor.get(BACK, code="made-up", state=asked["state"][0])
    assert answer.status_code == 403
    assert last_refusal(engine) == "not_fresh"
    assert not reveal(visitor, record)

"""Sign-out here tells of the session there and offers its end; what ends there ends here."""

import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from models.records.engine import RecordEngine
from tests.federation.conftest import OPERATORS, US, federated, map_groups
from tests.federation.people import account, acts_on
from tests.federation.realm import CLIENT, Realm, Resident, new_key, realm_at
from tests.federation.rogue import return_from, rogue
from tests.federation.visitor import Visitor
from tests.identity.staff import hire
from tests.support.answering import answered
from tests.support.service import free_port


def way_out(page: str) -> str:
    [link] = [one for one in page.split('href="') if "/session/end" in one.split('"')[0]]
    return unescape(link.split('"')[0])


def test_sign_out_offers_to_end_the_session_there(realm: Realm, visitor: Visitor) -> None:
    realm.knows(Resident("leaves", (OPERATORS,)))
    visitor.enter_as("leaves")
    visitor.client.set_cookie("lang", "en")
    assert visitor.sign_out().location == "/login/signed-out"
    assert not visitor.is_in()
    page = visitor.get("/login/signed-out").text
    assert "still signed in at 職員認証" in page
    told = parse_qs(urlsplit(way_out(page)).query)
    assert told["post_logout_redirect_uri"] == [f"{US}/login"]
    assert told["client_id"] == [CLIENT]
    assert told["id_token_hint"][0].count(".") == 2


def test_at_the_end_the_provider_asks_again_who_one_is(realm: Realm, visitor: Visitor) -> None:
    realm.knows(Resident("leaves-all", (OPERATORS,)))
    visitor.enter_as("leaves-all")
    visitor.sign_out()
    there = visitor.there
    page = there.get(way_out(visitor.get("/login/signed-out").text), timeout=10)
    secret = page.text.split('name="xsrf" value="')[1].split('"')[0]
    confirm = f"{realm.issuer}/session/end/confirm"
    answer = there.post(
        confirm, data={"xsrf": secret, "logout": "yes"}, allow_redirects=False, timeout=10
    )
    assert answer.headers["Location"].startswith(f"{US}/login")
    again = there.get(visitor.begin(), timeout=10)
    assert "Sign in at the provider" in again.text


def test_who_signed_in_by_password_is_told_nothing_of_a_provider(
    app: Flask, engine: RecordEngine, visitor: Visitor
) -> None:
    visitor.sign_in(hire(app, engine))
    assert visitor.sign_out().location == "/login"
    assert visitor.get("/login/signed-out").location == "/login"


def test_a_provider_without_a_page_for_it_is_only_told_of(
    engine: RecordEngine, folder: Path
) -> None:
    with rogue() as one:
        one.document["end_session_endpoint"] = None
        visitor = Visitor(federated(engine, folder, one.issuer))
        map_groups(visitor.app, one.issuer)
        return_from(one, visitor)
        visitor.sign_out()
        page = visitor.get("/login/signed-out")
        assert page.status_code == 200
        assert "http://" not in page.text


@pytest.fixture
def reachable(engine: RecordEngine, folder: Path) -> Iterator[tuple[Realm, Flask]]:
    """The service at an address where a real provider can tell it something."""
    port = free_port()
    us = f"http://127.0.0.1:{port}"
    with realm_at(free_port(), us=us, keys=[new_key("k")]) as realm:
        app = federated(engine, folder, realm.issuer, us=us)
        map_groups(app, realm.issuer)
        with answered(app, port=port):
            yield realm, app


def test_the_provider_tells_that_a_session_there_has_ended(
    engine: RecordEngine, reachable: tuple[Realm, Flask]
) -> None:
    realm, app = reachable
    realm.knows(Resident("ends-there", (OPERATORS,)))
    here, elsewhere = Visitor(app), Visitor(app)
    for browser in (here, elsewhere):
        browser.enter_as("ends-there")
        assert browser.is_in()
    here.sign_out()
    page = here.there.get(way_out(here.get("/login/signed-out").text), timeout=10)
    secret = page.text.split('name="xsrf" value="')[1].split('"')[0]
    here.there.post(
        f"{realm.issuer}/session/end/confirm",
        data={"xsrf": secret, "logout": "yes"},
        allow_redirects=False,
        timeout=10,
    )
    deadline = time.monotonic() + 10
    while elsewhere.is_in() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not elsewhere.is_in()
    made = account(engine, realm, "ends-there")
    last = acts_on(engine, made.id)[-1]
    assert (last["action"], last["details"]) == ("sign_out", {"factor": "provider"})

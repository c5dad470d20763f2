"""Coming back: in the browser that went, once, with an answer of the provider one went to."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from models.records.engine import RecordEngine
from tests.federation.people import last_refusal
from tests.federation.realm import new_key
from tests.federation.rogue import Rogue, return_from
from tests.federation.visitor import BACK, Visitor


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "guessed"},
        {"state": ""},
        {"code": ""},
        {"iss": "https://evil.example"},
        {"iss": ""},
        {"error": "server_error", "error_description": "<script>"},
    ],
)
def test_nobody_gets_in_by_a_wrong_return(
    one: Rogue, guest: Visitor, changes: dict[str, str]
) -> None:
    if changes == {"code": ""}:
        one.answers["/token"] = (400, {}, {"error": "invalid_request"})
    answer = return_from(one, guest, **changes)
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert not guest.is_in()


def test_an_answer_must_name_its_provider_where_the_provider_says_it_does(
    one: Rogue, guest: Visitor
) -> None:
    """RFC 9207, against mix-up: another's answer is not taken to this provider."""
    one.document["authorization_response_iss_parameter_supported"] = True
    assert return_from(one, guest).status_code == 400
    assert not guest.is_in()
    one.claims.pop("nonce")
    assert return_from(one, guest, iss=one.issuer).location == "/admin/"


def test_a_state_is_of_one_browser(one: Rogue, guest: Visitor, app_of_one: Flask) -> None:
    """Or an intruder's answer could be slipped to somebody else."""
    asked = parse_qs(urlsplit(guest.begin()).query)
    one.claims["nonce"] = asked["nonce"][0]
    victim = Visitor(app_of_one)
    victim.begin()
    answer = victim.get(BACK, code="made-up", state=asked["state"][0])
    assert answer.status_code == 400
    assert not victim.is_in()
    assert "/token" not in [path for path, _ in one.asked], "nothing was exchanged"


def test_a_state_is_good_once(engine: RecordEngine, one: Rogue, guest: Visitor) -> None:
    asked = parse_qs(urlsplit(guest.begin()).query)
    one.claims["nonce"] = asked["nonce"][0]
    arguments = {"code": "made-up", "state": asked["state"][0]}
    assert guest.get(BACK, **arguments).location == "/admin/"
    guest.sign_out()
    assert guest.get(BACK, **arguments).status_code == 400
    assert last_refusal(engine) == "expired"
    assert not guest.is_in()


def test_a_failed_return_uses_the_state_up(one: Rogue, guest: Visitor) -> None:
    asked = parse_qs(urlsplit(guest.begin()).query)
    arguments = {"code": "made-up", "state": asked["state"][0]}
    one.claims["nonce"] = "another"
    guest.get(BACK, **arguments)
    one.claims["nonce"] = asked["nonce"][0]
    assert guest.get(BACK, **arguments).status_code == 400
    assert not guest.is_in()


def test_what_was_begun_before_a_sign_in_is_not_ended_after_it(one: Rogue, guest: Visitor) -> None:
    early = parse_qs(urlsplit(guest.begin()).query)
    return_from(one, guest)
    answer = guest.get(BACK, code="made-up", state=early["state"][0])
    assert answer.status_code == 400


def test_a_browser_begins_without_end_and_the_session_does_not_grow(
    one: Rogue, guest: Visitor
) -> None:
    first = parse_qs(urlsplit(guest.begin()).query)
    for _ in range(5):
        guest.begin()
    one.claims["nonce"] = first["nonce"][0]
    assert guest.get(BACK, code="made-up", state=first["state"][0]).status_code == 400
    one.claims.pop("nonce")
    assert return_from(one, guest).location == "/admin/"


def test_the_code_travels_with_its_verifier_and_our_secret_by_header(
    one: Rogue, guest: Visitor
) -> None:
    return_from(one, guest)
    [sent] = [sent for path, sent in one.asked if path == "/token"]
    assert sent["code"] == ["made-up"]
    assert len(sent["code_verifier"][0]) >= 43
    assert "client_secret" not in sent


def test_a_new_key_of_the_provider_is_learnt(
    one: Rogue, guest: Visitor, app_of_one: Flask
) -> None:
    return_from(one, guest)
    one.signs_with = new_key("next")
    one.keys = [one.signs_with]
    one.claims.pop("nonce")
    later = Visitor(app_of_one)
    assert return_from(one, later).location == "/admin/"

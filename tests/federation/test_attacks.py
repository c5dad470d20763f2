"""What a provider, or somebody in its place, may say; and that nobody gets in by it.

Each case says one thing wrong of an answer that is otherwise good.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from admin_views.identity.federation.provider import PLACE
from models.records.engine import RecordEngine
from tests.federation.conftest import federated, map_groups
from tests.federation.people import accounts_of, acts, last_refusal
from tests.federation.realm import CLIENT, new_key
from tests.federation.rogue import Rogue, return_from, rogue
from tests.federation.visitor import BACK, BEGIN, Visitor

Wrong = Callable[[Rogue], object]
NOW = time.time


@pytest.fixture(scope="module")
def at_large() -> Iterator[Rogue]:
    with rogue() as running:
        yield running


@pytest.fixture(scope="module")
def app_of_one(engine: RecordEngine, folder: Path, at_large: Rogue) -> Flask:
    app = federated(engine, folder, at_large.issuer)
    map_groups(app, at_large.issuer)
    return app


@pytest.fixture
def one(at_large: Rogue, app_of_one: Flask) -> Rogue:
    """Good, and not met before."""
    at_large.be_good()
    app_of_one.extensions.pop(PLACE, None)
    return at_large


@pytest.fixture
def visitor(app_of_one: Flask) -> Visitor:
    return Visitor(app_of_one)


def claim(**others: Any) -> Wrong:
    return lambda one: one.claims.update(others)


def without(name: str) -> Wrong:
    return lambda one: one.claims.pop(name)


def header(**others: Any) -> Wrong:
    return lambda one: one.header.update(others)


def tokens(told: Any) -> Wrong:
    return lambda one: one.answers.update({"/token": told})


def in_its_place(one: Rogue) -> None:
    """Somebody else signs, with a key of the same name."""
    one.signs_with = new_key("good")


def another_key(one: Rogue) -> None:
    one.signs_with = new_key("a key that is not told")


def its_own_key(one: Rogue) -> None:
    """The key stands in the token itself."""
    one.signs_with = new_key("brought along")
    one.header["jwk"] = one.signs_with.as_dict(private=False)


WRONG: dict[str, Wrong] = {
    "another issuer": claim(iss="https://evil.example"),
    "no issuer": without("iss"),
    "another audience": claim(aud="another-client"),
    "no audience": without("aud"),
    "an audience beside us": claim(aud=[CLIENT, "another-client"]),
    "an audience beside us, with us as its party": claim(aud=[CLIENT, "x"], azp=CLIENT),
    "another audience, with us as its party": claim(aud="another-client", azp=CLIENT),
    "another party": claim(azp="another-client"),
    "an empty audience": claim(aud=[]),
    "no subject": without("sub"),
    "an empty subject": claim(sub=""),
    "a subject that is a number": claim(sub=5),
    "a subject without end": claim(sub="x" * 256),
    "a subject with a control character": claim(sub="a\0b"),
    "over": claim(exp=int(NOW()) - 3600),
    "no end": without("exp"),
    "an end that is no number": claim(exp="tomorrow"),
    "an end that is nothing": claim(exp=float("nan")),
    "of the future": claim(iat=int(NOW()) + 3600),
    "not yet": claim(nbf=int(NOW()) + 3600),
    "no time": without("iat"),
    "another nonce": claim(nonce="of-another-browser"),
    "a nonce that is nothing": claim(nonce=None),
    "another access token's hash": claim(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "a time of authentication that is a text": claim(auth_time="now"),
    "no signature": header(alg="none"),
    "a signature by our secret": header(alg="HS256"),
    "a signature in another's name": in_its_place,
    "a key nobody knows": another_key,
    "a key brought along": its_own_key,
    "no ID token": lambda one: setattr(one, "id_token", None),
    "an empty ID token": lambda one: setattr(one, "id_token", "."),
    "no token at all": lambda one: setattr(one, "id_token", "nonsense"),
    "an error": tokens((400, {}, {"error": "invalid_grant"})),
    "an error of no form": tokens((400, {}, b"<html>")),
    "a list": tokens([1, 2]),
    "a text": tokens(b"not json"),
    "elsewhere": tokens((307, {"Location": "http://127.0.0.1:9/"}, b"")),
    "keys that are none": lambda one: one.answers.update({"/keys": {"keys": "x"}}),
    "no keys": lambda one: one.answers.update({"/keys": {"keys": []}}),
    "another person's groups": lambda one: (
        one.claims.pop("groups"),
        one.answers.update({"/userinfo": {"sub": "else", "groups": ["uketsuke-operators"]}}),
    ),
    "userinfo that is a list": lambda one: (
        one.claims.pop("groups"),
        one.answers.update({"/userinfo": [1]}),
    ),
}


def test_a_good_answer_is_let_in(one: Rogue, visitor: Visitor) -> None:
    """Or the cases below would show nothing."""
    assert return_from(one, visitor).location == "/admin/"
    assert visitor.is_in()


@pytest.mark.parametrize("name", WRONG)
def test_nobody_gets_in_by_a_wrong_answer(
    engine: RecordEngine, one: Rogue, visitor: Visitor, name: str
) -> None:
    WRONG[name](one)
    answer = return_from(one, visitor)
    assert answer.status_code in {400, 503}
    assert last_refusal(engine) in {"invalid", "unreachable"}
    assert not visitor.is_in()
    assert accounts_of(engine, one.issuer, str(one.claims.get("sub"))) == []


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
    one: Rogue, visitor: Visitor, changes: dict[str, str]
) -> None:
    if changes == {"code": ""}:
        one.answers["/token"] = (400, {}, {"error": "invalid_request"})
    answer = return_from(one, visitor, **changes)
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert not visitor.is_in()


def test_an_answer_must_name_its_provider_where_the_provider_says_it_does(
    one: Rogue, visitor: Visitor
) -> None:
    """RFC 9207, against mix-up: another's answer is not taken to this provider."""
    one.document["authorization_response_iss_parameter_supported"] = True
    assert return_from(one, visitor).status_code == 400
    assert not visitor.is_in()
    one.claims.pop("nonce")
    assert return_from(one, visitor, iss=one.issuer).location == "/admin/"


def test_a_state_is_of_one_browser(one: Rogue, visitor: Visitor, app_of_one: Flask) -> None:
    """Or an intruder's answer could be slipped to somebody else."""
    asked = parse_qs(urlsplit(visitor.begin()).query)
    one.claims["nonce"] = asked["nonce"][0]
    victim = Visitor(app_of_one)
    victim.begin()
    answer = victim.get(BACK, code="made-up", state=asked["state"][0])
    assert answer.status_code == 400
    assert not victim.is_in()
    assert "/token" not in [path for path, _ in one.asked], "nothing was exchanged"


def test_a_state_is_good_once(engine: RecordEngine, one: Rogue, visitor: Visitor) -> None:
    asked = parse_qs(urlsplit(visitor.begin()).query)
    one.claims["nonce"] = asked["nonce"][0]
    arguments = {"code": "made-up", "state": asked["state"][0]}
    assert visitor.get(BACK, **arguments).location == "/admin/"
    visitor.sign_out()
    assert visitor.get(BACK, **arguments).status_code == 400
    assert last_refusal(engine) == "expired"
    assert not visitor.is_in()


def test_a_failed_return_uses_the_state_up(one: Rogue, visitor: Visitor) -> None:
    asked = parse_qs(urlsplit(visitor.begin()).query)
    arguments = {"code": "made-up", "state": asked["state"][0]}
    one.claims["nonce"] = "another"
    visitor.get(BACK, **arguments)
    one.claims["nonce"] = asked["nonce"][0]
    assert visitor.get(BACK, **arguments).status_code == 400
    assert not visitor.is_in()


def test_what_was_begun_before_a_sign_in_is_not_ended_after_it(
    one: Rogue, visitor: Visitor
) -> None:
    early = parse_qs(urlsplit(visitor.begin()).query)
    return_from(one, visitor)
    answer = visitor.get(BACK, code="made-up", state=early["state"][0])
    assert answer.status_code == 400


def test_a_browser_begins_without_end_and_the_session_does_not_grow(
    one: Rogue, visitor: Visitor
) -> None:
    first = parse_qs(urlsplit(visitor.begin()).query)
    for _ in range(5):
        visitor.begin()
    one.claims["nonce"] = first["nonce"][0]
    assert visitor.get(BACK, code="made-up", state=first["state"][0]).status_code == 400
    one.claims.pop("nonce")
    assert return_from(one, visitor).location == "/admin/"


def test_the_code_travels_with_its_verifier_and_our_secret_by_header(
    one: Rogue, visitor: Visitor
) -> None:
    return_from(one, visitor)
    [sent] = [sent for path, sent in one.asked if path == "/token"]
    assert sent["code"] == ["made-up"]
    assert len(sent["code_verifier"][0]) >= 43
    assert "client_secret" not in sent


def test_a_new_key_of_the_provider_is_learnt(
    one: Rogue, visitor: Visitor, app_of_one: Flask
) -> None:
    return_from(one, visitor)
    one.signs_with = new_key("next")
    one.keys = [one.signs_with]
    one.claims.pop("nonce")
    later = Visitor(app_of_one)
    assert return_from(one, later).location == "/admin/"


DOCUMENTS: dict[str, dict[str, Any]] = {
    "of another issuer": {"issuer": "https://evil.example"},
    "of an issuer with a slash more": {"issuer": "{issuer}/"},
    "of nobody": {"issuer": None},
    "with a token endpoint in clear": {"token_endpoint": "http://192.0.2.1/token"},
    "with keys in clear": {"jwks_uri": "http://192.0.2.1/keys"},
    "with a page that is a script": {"authorization_endpoint": "javascript:alert(1)"},
    "with a place that is a number": {"token_endpoint": 5},
    "with a place that is no address": {"token_endpoint": "http://["},
    "with a way to end in clear": {"end_session_endpoint": "http://192.0.2.1/"},
    "without keys": {"jwks_uri": None},
    "that signs with nothing": {"id_token_signing_alg_values_supported": ["none"]},
    "that signs with our secret": {"id_token_signing_alg_values_supported": ["HS256"]},
    "that does not say how it signs": {"id_token_signing_alg_values_supported": None},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is_not_the_providers_own_is_not_believed(
    engine: RecordEngine, one: Rogue, visitor: Visitor, name: str
) -> None:
    told = {
        key: value.format(issuer=one.issuer) if isinstance(value, str) else value
        for key, value in DOCUMENTS[name].items()
    }
    one.document.update(told)
    answer = visitor.get(BEGIN)
    assert answer.status_code == 503
    assert last_refusal(engine) == "unreachable"
    assert acts(engine)[-1]["outcome"] == "failed"


def test_an_algorithm_that_is_not_offered_is_not_taken(one: Rogue, visitor: Visitor) -> None:
    """Among several offered, the weak ones are not listened to."""
    one.document["id_token_signing_alg_values_supported"] = ["none", "HS256", "RS256"]
    for weak in ("none", "HS256"):
        one.header["alg"] = weak
        assert return_from(one, visitor).status_code == 400
        one.claims.pop("nonce")
    one.header["alg"] = "RS256"
    assert return_from(one, visitor).location == "/admin/"


def test_the_audit_keeps_nothing_of_what_was_told(
    engine: RecordEngine, one: Rogue, visitor: Visitor
) -> None:
    one.claims |= {"email": "himitsu@example.jp", "name": "秘密", "sub": "a-secret-subject"}
    one.claims["aud"] = "another-client"
    return_from(one, visitor)
    one.claims |= {"aud": CLIENT, "groups": []}
    one.claims.pop("nonce")
    return_from(one, visitor)
    assert last_refusal(engine) == "no_group"
    for told in ("himitsu", "秘密", "a-secret-subject"):
        assert told not in str(acts(engine))

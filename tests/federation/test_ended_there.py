"""A token that tells of a session's end: heard where it is the provider's, for us, and of now."""

import json
import time
from typing import Any

import pytest
from flask import Flask

from tests.federation.realm import CLIENT, new_key
from tests.federation.rogue import Rogue, return_from
from tests.federation.visitor import Visitor
from tests.identity.staff import Browser

EVENT = "http://schemas.openid.net/event/backchannel-logout"
ENDED = "/login/federated/ended"


def logout_token(one: Rogue, **others: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": one.issuer,
        "sub": one.claims["sub"],
        "aud": CLIENT,
        "iat": now,
        "exp": now + 120,
        "jti": "a-number",
        "events": {EVENT: {}},
    } | others
    return one.signed({name: value for name, value in claims.items() if value is not None})


def tell(app: Flask, token: str) -> int:
    return Browser(app).client.post(ENDED, data={"logout_token": token}).status_code


def test_a_token_of_the_provider_ends_every_session(one: Rogue, app_of_one: Flask) -> None:
    visitor = Visitor(app_of_one)
    return_from(one, visitor)
    assert tell(app_of_one, logout_token(one)) == 200
    assert not visitor.is_in()
    assert tell(app_of_one, logout_token(one, sub="a stranger")) == 200


WRONG: dict[str, dict[str, Any]] = {
    "of another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "another-client"},
    "for us among others": {"aud": [CLIENT, "another-client"]},
    "of a session alone": {"sub": None, "sid": "a-session"},
    "without a number": {"jti": None},
    "without the event": {"events": {}},
    "with an event that is no object": {"events": {EVENT: True}},
    "an ID token": {"events": None, "nonce": "x"},
    "with a nonce": {"nonce": "x"},
    "too old": {"iat": int(time.time()) - 300},
    "of the future": {"iat": int(time.time()) + 300},
    "over": {"exp": int(time.time()) - 300},
    "without a time": {"iat": None},
}


@pytest.mark.parametrize("name", WRONG)
def test_any_other_token_ends_nothing(one: Rogue, app_of_one: Flask, name: str) -> None:
    visitor = Visitor(app_of_one)
    return_from(one, visitor)
    assert tell(app_of_one, logout_token(one, **WRONG[name])) == 400
    assert visitor.is_in()


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_that_anybody_could_have_made_ends_nothing(
    one: Rogue, app_of_one: Flask, alg: str
) -> None:
    visitor = Visitor(app_of_one)
    return_from(one, visitor)
    one.header["alg"] = alg
    assert tell(app_of_one, logout_token(one)) == 400
    for nonsense in ("", "x", "a.b.c", "\0", json.dumps({}), "あ", "x" * 20_000):
        assert tell(app_of_one, nonsense) == 400
    assert visitor.is_in()


def test_invented_keys_do_not_send_us_to_the_provider_each_time(
    one: Rogue,
    app_of_one: Flask,
) -> None:
    return_from(one, Visitor(app_of_one))
    one.signs_with = new_key("invented")
    one.asked.clear()
    for _ in range(5):
        assert tell(app_of_one, logout_token(one)) == 400
    assert [path for path, _ in one.asked] == ["/keys"]

"""What a provider, or somebody in its place, may say; and that nobody gets in by it.

Each case says one thing wrong of an answer that is otherwise good.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest

from models.records.engine import RecordEngine
from tests.federation.people import accounts_of, acts, last_refusal
from tests.federation.realm import CLIENT, new_key
from tests.federation.rogue import Rogue, return_from
from tests.federation.visitor import Visitor

Wrong = Callable[[Rogue], object]
NOW = time.time


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


def test_a_good_answer_is_let_in(one: Rogue, guest: Visitor) -> None:
    """Or the cases below would show nothing."""
    assert return_from(one, guest).location == "/admin/"
    assert guest.is_in()


@pytest.mark.parametrize("name", WRONG)
def test_nobody_gets_in_by_a_wrong_answer(
    engine: RecordEngine, one: Rogue, guest: Visitor, name: str
) -> None:
    WRONG[name](one)
    answer = return_from(one, guest)
    assert answer.status_code in {400, 503}
    assert last_refusal(engine) in {"invalid", "unreachable"}
    assert not guest.is_in()
    assert accounts_of(engine, one.issuer, str(one.claims.get("sub"))) == []


def test_the_audit_keeps_nothing_of_what_was_told(
    engine: RecordEngine, one: Rogue, guest: Visitor
) -> None:
    one.claims |= {"email": "himitsu@example.jp", "name": "秘密", "sub": "a-secret-subject"}
    one.claims["aud"] = "another-client"
    return_from(one, guest)
    one.claims |= {"aud": CLIENT, "groups": []}
    one.claims.pop("nonce")
    return_from(one, guest)
    assert last_refusal(engine) == "no_group"
    for told in ("himitsu", "秘密", "a-secret-subject"):
        assert told not in str(acts(engine))

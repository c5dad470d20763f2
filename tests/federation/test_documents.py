"""The provider's document of itself: believed where it is the issuer's own, and safe."""

from typing import Any

import pytest

from models.records.engine import RecordEngine
from tests.federation.people import acts, last_refusal
from tests.federation.rogue import Rogue, return_from
from tests.federation.visitor import BEGIN, Visitor

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
    engine: RecordEngine, one: Rogue, guest: Visitor, name: str
) -> None:
    told = {
        key: value.format(issuer=one.issuer) if isinstance(value, str) else value
        for key, value in DOCUMENTS[name].items()
    }
    one.document.update(told)
    answer = guest.get(BEGIN)
    assert answer.status_code == 503
    assert last_refusal(engine) == "unreachable"
    assert acts(engine)[-1]["outcome"] == "failed"


def test_an_algorithm_that_is_not_offered_is_not_taken(one: Rogue, guest: Visitor) -> None:
    """Among several offered, the weak ones are not listened to."""
    one.document["id_token_signing_alg_values_supported"] = ["none", "HS256", "RS256"]
    for weak in ("none", "HS256"):
        one.header["alg"] = weak
        assert return_from(one, guest).status_code == 400
        one.claims.pop("nonce")
    one.header["alg"] = "RS256"
    assert return_from(one, guest).location == "/admin/"

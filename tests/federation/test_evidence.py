"""What is taken from claims: nothing but what has the right form, whatever a provider may send."""

from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_views.identity.federation.evidence import Evidence, evidence_of
from admin_views.identity.federation.multi_factor import is_multi_factor
from admin_views.identity.federation.reasons import Refused
from config import SingleSignOn

STATED = SingleSignOn(
    issuer="https://login.example.jp",
    client_id="uketsuke",
    client_secret_file=Path("none"),
    name="",
    groups_claim="groups",
    scopes=("openid",),
    requires_multi_factor=True,
    acr=("urn:strong",),
)
GOOD = {"sub": "somebody", "aud": "uketsuke"}
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = ("sub", "aud", "groups", "_claim_names", "name", "email", "email_verified", "auth_time")


def read(**claims: Any) -> Evidence:
    return evidence_of(STATED, GOOD | claims, id_token="a token")


@given(st.dictionaries(st.sampled_from((*NAMES, "amr", "acr")), JSON))
def test_any_claims_are_evidence_of_the_right_form_or_refused(claims: dict[str, Any]) -> None:
    try:
        found = evidence_of(STATED, GOOD | claims, id_token="a token")
    except Refused:
        return
    assert claims.get("aud", "uketsuke") in ("uketsuke", ["uketsuke"])
    assert 0 < len(found.subject) <= 255
    assert all(isinstance(group, str) and group for group in found.groups)
    assert found.name.isprintable()
    assert found.email.isprintable()
    assert found.authenticated_on is None or isfinite(found.authenticated_on)


@pytest.mark.parametrize(
    ("told", "groups"),
    [
        (["a", "b", "a"], {"a", "b"}),
        ("a", {"a"}),
        (["a", 5, None, ["b"], "", "x" * 256], {"a"}),
        ({"a": True}, set()),
        (None, set()),
        ("", set()),
        ([f"g{n}" for n in range(1500)], {f"g{n}" for n in range(1000)}),
    ],
)
def test_groups_are_a_list_of_names(told: object, groups: set[str]) -> None:
    assert read(groups=told).groups == groups


@pytest.mark.parametrize("verified", [False, None, "true", 1, [True], "yes"])
def test_an_address_counts_only_where_the_provider_has_verified_it(verified: object) -> None:
    assert read(email="a@example.jp", email_verified=verified).email == ""
    assert read(email="a@example.jp", email_verified=True).email == "a@example.jp"
    assert read(email="a@example.jp").email == ""


def test_groups_that_are_only_pointed_at_are_noticed() -> None:
    assert read(_claim_names={"groups": "src1"}).are_groups_elsewhere
    assert not read(_claim_names={"groups": "src1"}, groups=["a"]).are_groups_elsewhere
    assert not read(_claim_names={"other": "src1"}).are_groups_elsewhere


@pytest.mark.parametrize("told", ["now", True, None, float("inf"), float("nan"), [1]])
def test_a_moment_is_a_number(told: object) -> None:
    assert read(auth_time=told).authenticated_on is None


def test_evidence_is_shown_without_the_person() -> None:
    """It may get into a log."""
    shown = repr(read(sub="himitsu", name="秘密", email="h@example.jp", email_verified=True))
    assert not [told for told in ("himitsu", "秘密", "h@example.jp", "a token") if told in shown]


@pytest.mark.parametrize(
    "claims",
    [
        {"amr": ["mfa"]},
        {"amr": ["pwd", "otp"]},
        {"amr": ["pwd", "hwk"]},
        {"amr": ["face", "pop"]},
        {"amr": ["pin", "sc"]},
        {"amr": ["pwd", "fpt"]},
        {"acr": "urn:strong"},
        {"acr": "urn:strong", "amr": ["pwd"]},
    ],
)
def test_more_than_one_factor(claims: dict[str, Any]) -> None:
    assert is_multi_factor(claims, acr=STATED.acr)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"amr": []},
        {"amr": ["pwd"]},
        {"amr": ["otp"]},
        {"amr": ["hwk"]},
        {"amr": ["pwd", "pin", "kba"]},
        {"amr": ["otp", "sms"]},
        {"amr": ["pwd", "rba", "geo", "user", "something"]},
        {"amr": "mfa"},
        {"amr": {"mfa": True}},
        {"amr": [["mfa"]]},
        {"acr": "urn:weak"},
        {"acr": ["urn:strong"]},
        {"acr": ""},
        {"acr": None},
    ],
)
def test_one_factor_however_often(claims: dict[str, Any]) -> None:
    assert not is_multi_factor(claims, acr=STATED.acr)

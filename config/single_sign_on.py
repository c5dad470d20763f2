"""The identity provider of the office as the settings state it: all of it, or nothing.

It asks no provider anything; whether one answers is seen when somebody signs in.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from config import addresses, key_files
from config.reading import PREFIX, Environment, Reading

NEEDED = ("OIDC_ISSUER", "OIDC_CLIENT_ID")
OTHERS = (
    "OIDC_CLIENT_SECRET_FILE",
    "OIDC_NAME",
    "OIDC_GROUPS_CLAIM",
    "OIDC_SCOPES",
    "OIDC_REQUIRE_MFA",
    "OIDC_ACR",
)
SHORTEST_SECRET = 16
LONGEST_ISSUER, LONGEST_NAME = 255, 40
SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
"""A scope as RFC 6749 has it."""
ADVICE = "write the secret that the provider gave you into it, and run “chmod 0400” on it"


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """An OpenID provider, and what we are called there."""

    issuer: str
    """UKETSUKE_OIDC_ISSUER: to the letter as the provider writes it."""
    client_id: str
    """UKETSUKE_OIDC_CLIENT_ID"""
    client_secret_file: Path = field(repr=False)
    """UKETSUKE_OIDC_CLIENT_SECRET_FILE: mode 0400."""
    name: str
    """UKETSUKE_OIDC_NAME: what the button says; empty: the office's account."""
    groups_claim: str
    """UKETSUKE_OIDC_GROUPS_CLAIM: the claim that lists a person's groups."""
    scopes: tuple[str, ...]
    """UKETSUKE_OIDC_SCOPES: what is asked of the provider, openid among it."""
    requires_multi_factor: bool
    """UKETSUKE_OIDC_REQUIRE_MFA: whoever showed the provider one factor shows us another."""
    acr: tuple[str, ...]
    """UKETSUKE_OIDC_ACR: classes of authentication that count as more than one factor."""

    def client_secret(self) -> str:
        return self.client_secret_file.read_text(encoding="utf-8").strip()

    def problem_of_secret(self) -> str:
        """Why the secret's file cannot be used, as the end of a sentence; empty if it can."""
        return key_files.problem(self.client_secret_file, least=SHORTEST_SECRET, advice=ADVICE)


def read(reading: Reading) -> SingleSignOn | None:
    """What is stated of a provider; None where nothing is."""
    stated = [name for name in (*NEEDED, *OTHERS) if reading.text(name)]
    if not stated:
        return None
    for name in NEEDED:
        if name not in stated:
            reading.report(name, f"is not set, although {PREFIX}{stated[0]} is")
    return SingleSignOn(
        issuer=_issuer(reading),
        client_id=reading.text("OIDC_CLIENT_ID"),
        client_secret_file=reading.path("OIDC_CLIENT_SECRET_FILE", "oidc_client.secret"),
        name=_name(reading),
        groups_claim=reading.text("OIDC_GROUPS_CLAIM", "groups"),
        scopes=_scopes(reading),
        requires_multi_factor=reading.switch("OIDC_REQUIRE_MFA", "on"),
        acr=tuple(reading.text("OIDC_ACR").split()),
    )


def _issuer(reading: Reading) -> str:
    issuer = reading.text("OIDC_ISSUER")
    if not issuer:
        return ""
    is_production = reading.environment is Environment.PRODUCTION
    if not addresses.is_issuer(issuer) or len(issuer) > LONGEST_ISSUER:
        reading.report("OIDC_ISSUER", "must be https://host or https://host/path")
    elif is_production and not issuer.startswith("https://"):
        reading.report("OIDC_ISSUER", "must begin with https:// in production")
    elif not addresses.is_private_on_the_way(_origin(issuer)):
        reading.report("OIDC_ISSUER", "must begin with https://, or be on this machine")
    return issuer


def _origin(issuer: str) -> str:
    scheme, _, rest = issuer.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _name(reading: Reading) -> str:
    name = reading.text("OIDC_NAME")
    if len(name) > LONGEST_NAME:
        reading.report("OIDC_NAME", f"has more than {LONGEST_NAME} characters")
    return name


def _scopes(reading: Reading) -> tuple[str, ...]:
    scopes = tuple(reading.text("OIDC_SCOPES", "openid email profile").split())
    if not all(SCOPE.fullmatch(one) for one in scopes):
        reading.report("OIDC_SCOPES", "must be scopes with a space between them")
    elif "openid" not in scopes:
        reading.report("OIDC_SCOPES", "must name openid, without which nobody is identified")
    return scopes

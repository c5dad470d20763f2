"""What the provider has proven of a person, taken from claims of which nothing is believed yet.

Signature, issuer, nonce and times were looked at by Authlib; here is what it leaves open.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from admin_views.identity.federation.multi_factor import is_multi_factor
from admin_views.identity.federation.reasons import Reason, Refused
from config import SingleSignOn

LONGEST_SUBJECT = 255
LONGEST_GROUP, MOST_GROUPS = 255, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A person at the provider, who has just shown there who they are."""

    issuer: str
    subject: str = field(repr=False)
    groups: frozenset[str] = frozenset()
    are_groups_elsewhere: bool = False
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    """Only one that the provider has verified."""
    authenticated_on: float | None = None
    """When the person last entered something there, in seconds; None where it is not told."""
    is_multi_factor: bool = False
    id_token: str = field(default="", repr=False)


def subject_of(claims: Mapping[str, Any], *, client_id: str) -> str:
    """Whom a token is about, if it is for us and for nobody else. Raises Refused."""
    subject, audience = claims.get("sub"), claims.get("aud")
    if audience != client_id and audience != [client_id]:
        raise Refused(Reason.INVALID)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Refused(Reason.INVALID)
    if not subject.isprintable():
        raise Refused(Reason.INVALID)
    return subject


def evidence_of(stated: SingleSignOn, claims: Mapping[str, Any], *, id_token: str) -> Evidence:
    """From the claims of an ID token and, beside them, of the userinfo answer. Raises Refused."""
    return Evidence(
        issuer=stated.issuer,
        subject=subject_of(claims, client_id=stated.client_id),
        groups=_groups(claims.get(stated.groups_claim)),
        are_groups_elsewhere=_are_elsewhere(claims, stated.groups_claim),
        name=_text(claims.get("name")),
        email=_text(claims.get("email")) if claims.get("email_verified") is True else "",
        authenticated_on=_moment(claims.get("auth_time")),
        is_multi_factor=is_multi_factor(claims, acr=stated.acr),
        id_token=id_token,
    )


def _groups(stated: object) -> frozenset[str]:
    """A list of names, or one name. A name that is none gives nothing."""
    named = [stated] if isinstance(stated, str) else stated
    if not isinstance(named, list):
        return frozenset()
    texts = [one for one in named[:MOST_GROUPS] if isinstance(one, str)]
    return frozenset(one for one in texts if 0 < len(one) <= LONGEST_GROUP)


def _are_elsewhere(claims: Mapping[str, Any], name: str) -> bool:
    """OpenID Connect's distributed claims: who is in too many groups gets an address instead."""
    elsewhere = claims.get("_claim_names")
    return name not in claims and isinstance(elsewhere, dict) and name in elsewhere


def _text(stated: object) -> str:
    return stated if isinstance(stated, str) and stated.isprintable() else ""


def _moment(stated: object) -> float | None:
    is_number = isinstance(stated, int | float) and not isinstance(stated, bool)
    return float(stated) if is_number and math.isfinite(stated) else None  # type: ignore[arg-type]

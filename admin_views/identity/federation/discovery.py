"""The provider's document of itself, read and judged: it must be the issuer's own, name places on
the way to which nobody reads along, and sign with keys of which only the public half is told.

It keeps nothing; `Provider` does.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

from admin_views.identity.federation.reasons import Reason, Refused
from config import SingleSignOn

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OTHER_PLACES = ("userinfo_endpoint", "end_session_endpoint")
DETAILS = (
    "token_endpoint_auth_methods_supported",
    "authorization_response_iss_parameter_supported",
)
SIGNATURES = ("RS", "PS", "ES")
ALGORITHMS = tuple(f"{kind}{bits}" for kind in SIGNATURES for bits in (256, 384, 512))
"""Never “none”, and never HS256, for which every client's secret would be the provider's key."""
LOGGER = logging.getLogger(__name__)


def read_metadata(stated: SingleSignOn) -> dict[str, Any]:
    """What we use of the document. Raises Refused."""
    document = _fetch(stated.issuer.rstrip("/") + WELL_KNOWN)
    problem = _problem(stated, document)
    if problem:
        LOGGER.error("the identity provider cannot be used: %s", problem)
        raise Refused(Reason.UNREACHABLE)
    kept = ("issuer", *NEEDED, *OTHER_PLACES, *DETAILS)
    return {name: document[name] for name in kept if name in document} | {
        "id_token_signing_alg_values_supported": _algorithms(document)
    }


def _fetch(url: str) -> dict[str, Any]:
    from admin_views.identity.federation.connection import open_connection

    try:
        with open_connection() as connection:
            answer = connection.request("GET", url, withhold_token=True)
        document = answer.json() if answer.status_code == 200 else None
    except (OSError, ValueError) as error:
        LOGGER.warning("the identity provider does not answer: %s", type(error).__name__)
        raise Refused(Reason.UNREACHABLE) from error
    return document if isinstance(document, dict) else {}


def _problem(stated: SingleSignOn, document: dict[str, Any]) -> str:
    if document.get("issuer") != stated.issuer:
        return "its document is not there, or names another issuer than UKETSUKE_OIDC_ISSUER"
    places = {name: document.get(name) for name in (*NEEDED, *OTHER_PLACES)}
    for name, place in places.items():
        if place is None and name not in NEEDED:
            continue
        if not _is_safe(place, issuer=stated.issuer):
            return f"its {name} is missing or travels in clear"
    return "" if _algorithms(document) else "it signs with no algorithm that we take"


def _is_safe(place: object, *, issuer: str) -> bool:
    """By TLS, like the issuer; or, like it, on this machine."""
    if not isinstance(place, str):
        return False
    if place.startswith("https://"):
        return True
    try:
        return urlsplit(place)[:2] == urlsplit(issuer)[:2]
    except ValueError:
        return False


def _algorithms(document: dict[str, Any]) -> list[str]:
    offered = document.get("id_token_signing_alg_values_supported")
    return [one for one in offered if one in ALGORITHMS] if isinstance(offered, list) else []

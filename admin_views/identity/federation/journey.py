"""To the provider and back: authorization code with PKCE, state and nonce, as Authlib has it, and
the checks that it leaves to us. It knows no account.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import request, session, url_for
from flask_babel import get_locale

from admin_views.identity.federation.attempts import Attempt, forget_older
from admin_views.identity.federation.evidence import Evidence, evidence_of
from admin_views.identity.federation.provider import Provider
from admin_views.identity.federation.reasons import Reason, Refused
from extensions import settings

if TYPE_CHECKING:
    from admin_views.identity.federation.connection import Client

CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may be wrong."""
LOGGER = logging.getLogger(__name__)


def our_address(endpoint: str) -> str:
    """As the provider knows it: by the address people type, whatever host a request names."""
    return settings().base_url + url_for(endpoint)


def address_to_go_to(provider: Provider, attempt: Attempt) -> str:
    """The provider's page; the session remembers what for. Raises Refused."""
    client, back = provider.client(), our_address("federation.back")
    parameters = {"ui_locales": "en" if str(get_locale()).startswith("en") else "ja"}
    if provider.stated.acr:
        parameters["acr_values"] = " ".join(provider.stated.acr)
    if attempt.must_be_fresh:
        parameters |= {"prompt": "login", "max_age": "0"}
    made = client.create_authorization_url(back, **parameters)
    forget_older(session)
    client.save_authorize_data(redirect_uri=back, attempt=attempt.as_kept(), **made)
    return str(made["url"])


def attempt_of_answer() -> Attempt:
    """What the browser that is back was sent for. Raises Refused where it was not."""
    from admin_views.identity.federation.connection import STATES

    kept = STATES.get_state_data(session, request.args.get("state", ""))
    if not isinstance(kept, dict) or "attempt" not in kept:
        raise Refused(Reason.EXPIRED)
    attempt = Attempt.of_kept(kept["attempt"])
    if attempt.is_over():
        raise Refused(Reason.EXPIRED)
    return attempt


def evidence_of_answer(provider: Provider, attempt: Attempt) -> Evidence:
    """What the answer proves; whatever comes of it, it is not looked at again. Raises Refused."""
    from admin_views.identity.federation.connection import STATES

    client = provider.client()
    try:
        _require_issuer(client)
        with _foreign_errors_refused():
            token = client.authorize_access_token(
                claims_options=_wanted(provider), leeway=CLOCKS_DIFFER
            )
            claims = _claims(provider, client, token)
        evidence = evidence_of(provider.stated, claims, id_token=str(token["id_token"]))
    finally:
        STATES.clear_state_data(session, request.args.get("state", ""))
    if attempt.must_be_fresh and not _is_fresh(evidence, attempt):
        raise Refused(Reason.NOT_FRESH)
    return evidence


def _require_issuer(client: "Client") -> None:
    """RFC 9207: an answer of another provider is not taken to this one."""
    is_told = client.server_metadata.get("authorization_response_iss_parameter_supported") is True
    named = request.args.get("iss")
    if named != client.server_metadata["issuer"] and (is_told or named is not None):
        raise Refused(Reason.INVALID)


def _wanted(provider: Provider) -> dict[str, Any]:
    stated = provider.stated
    return {
        "iss": {"essential": True, "value": stated.issuer},
        "aud": {"essential": True, "value": stated.client_id},
        "sub": {"essential": True},
    }


def _claims(provider: Provider, client: "Client", token: dict[str, Any]) -> dict[str, Any]:
    """Of the ID token; where it lists no groups, those of the userinfo answer beside them."""
    claims = dict(token.get("userinfo") or {})
    if not claims:
        raise Refused(Reason.INVALID)
    is_whole = provider.stated.groups_claim in claims or "_claim_names" in claims
    if is_whole or "userinfo_endpoint" not in client.server_metadata:
        return claims
    more = client.userinfo(token=token)
    if more.get("sub") != claims["sub"]:
        raise Refused(Reason.INVALID)
    return dict(more) | claims


def _is_fresh(evidence: Evidence, attempt: Attempt) -> bool:
    shown = evidence.authenticated_on
    return shown is not None and shown >= attempt.begun_on - CLOCKS_DIFFER


@contextmanager
def _foreign_errors_refused() -> Iterator[None]:
    """Whatever a provider may send and Authlib may make of it; none of it is told or kept."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        yield
    except AuthlibBaseError as error:
        LOGGER.warning("the identity provider's answer was refused: %s", type(error).__name__)
        is_cancelled = request.args.get("error") == "access_denied"
        raise Refused(Reason.CANCELLED if is_cancelled else Reason.INVALID) from error
    except OSError as error:
        LOGGER.warning("the identity provider does not answer: %s", type(error).__name__)
        raise Refused(Reason.UNREACHABLE) from error
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        LOGGER.warning("the identity provider's answer was refused: %s", type(error).__name__)
        raise Refused(Reason.INVALID) from error

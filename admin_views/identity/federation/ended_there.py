"""The provider tells that somebody's session there has ended (OpenID Connect back-channel logout):
every session of theirs ends here, too.

Anyone can knock here; only a token that the provider has signed for us a moment ago is heard.
"""

import time
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from admin_views.identity.federation.evidence import subject_of
from admin_views.identity.federation.identities import account_of, end_sessions
from admin_views.identity.federation.joining import PROVIDER
from admin_views.identity.federation.journey import CLOCKS_DIFFER
from admin_views.identity.federation.pages import pages, the_provider
from admin_views.identity.federation.provider import Provider
from admin_views.identity.federation.reasons import Reason, Refused
from extensions import csrf, engine, of_this_request
from models.records.service import RecordService

EVENT = "http://schemas.openid.net/event/backchannel-logout"
HEARD_FOR = 120
"""Seconds after it was made."""
LONGEST = 16_384


# nosemgrep: csrf-left-out - the provider calls, with a token that it has signed
@csrf.exempt  # type: ignore[untyped-decorator]
@pages.post("/login/federated/ended")
def ended() -> ResponseReturnValue:
    one = the_provider()
    try:
        subject = _subject(one, request.form.get("logout_token", ""))
    except Refused:
        return "", 400
    engine().run(lambda service: _end(service, one.stated.issuer, subject))
    return "", 200


def _subject(one: Provider, text: str) -> str:
    """Whose sessions end; a token that names a single session is not enough. Raises Refused."""
    try:
        claims = _claims(one, text[:LONGEST])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Refused(Reason.INVALID) from error
    events = claims.get("events")
    is_logout = isinstance(events, dict) and isinstance(events.get(EVENT), dict)
    is_ours = claims.get("iss") == one.stated.issuer and bool(claims.get("jti"))
    if not (is_logout and is_ours and "nonce" not in claims and _is_of_now(claims)):
        raise Refused(Reason.INVALID)
    return subject_of(claims, client_id=one.stated.client_id)


def _claims(one: Provider, text: str) -> dict[str, Any]:
    """Raises Refused, OSError and what is raised for a value that is none."""
    from joserfc.errors import InvalidKeyIdError, JoseError

    try:
        try:
            return _decoded(one, text)
        except InvalidKeyIdError:
            one.keys_again()
            return _decoded(one, text)
    except JoseError as error:
        raise Refused(Reason.INVALID) from error


def _decoded(one: Provider, text: str) -> dict[str, Any]:
    from joserfc import jwk, jws, jwt

    client = one.client()
    allowed = client.server_metadata["id_token_signing_alg_values_supported"]
    registry = jws.JWSRegistry(algorithms=allowed, strict_check_header=False)
    keys = jwk.KeySet.import_key_set(client.fetch_jwk_set())
    return jwt.decode(text, keys, registry=registry).claims


def _is_of_now(claims: dict[str, Any]) -> bool:
    now = time.time()
    made, until = claims.get("iat"), claims.get("exp", now + 1)
    if not isinstance(made, int) or not isinstance(until, int | float):
        return False
    return now - HEARD_FOR <= made <= now + CLOCKS_DIFFER and now < until + CLOCKS_DIFFER


def _end(service: RecordService, issuer: str, subject: str) -> None:
    service.transaction.lock()
    account_id = account_of(service.transaction, issuer, subject)
    if account_id is not None:
        end_sessions(service, account_id)
        service.audit(
            of_this_request(PROVIDER), "sign_out", record_id=account_id, factor="provider"
        )

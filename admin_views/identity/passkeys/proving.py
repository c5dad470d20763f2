"""A passkey shown as a proof: which account it proves, or nothing at all.

Whatever is wrong is one answer; the audit keeps which it was. A signature cannot be guessed, so a
failure locks nothing, and a lock that somebody's guesses have brought about keeps nobody out.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_security.proxies import _datastore
from webauthn import verify_authentication_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential

from admin_views.identity import lockout
from admin_views.identity.auditing import note_stranger
from admin_views.identity.passkeys import challenges, relying_party
from admin_views.identity.passkeys.asking import handle_of
from admin_views.identity.passkeys.challenges import Purpose
from admin_views.identity.passkeys.storing import by_credential, use
from extensions import engine

LONGEST = 16 * 1024
"""An answer of an authenticator has some hundred bytes."""
FACTOR = "passkey"
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the library raises for an answer that is none."""


@dataclass(frozen=True, slots=True)
class _Shown:
    credential: AuthenticationCredential
    passkey: Any
    account: Any


def proven(sent: str, purpose: Purpose, *, of: UUID | None = None) -> Any:
    """The account whose passkey answered this session's challenge; None for every failure.

    `of` is the account it must be; without it the passkey itself says whose it is.
    """
    challenge = challenges.take(purpose)
    shown = _read(sent)
    if shown is None or (of is not None and shown.account.id != of):
        note_stranger(factor=FACTOR)
        return None
    reason = "challenge" if challenge is None else _refused(shown, challenge, of=of)
    if reason:
        lockout.note_failure(shown.account, factor=FACTOR, reason=reason)
        return None
    return shown.account


def _read(sent: str) -> _Shown | None:
    """The answer, and whose it claims to be."""
    try:
        credential = parse_authentication_credential_json(sent[:LONGEST])
    except MALFORMED:
        return None
    with engine().database.reading() as connection:
        passkey = by_credential(connection, credential.raw_id)
    account = passkey and _datastore.find_user(id=passkey.systemuser_id)
    return _Shown(credential, passkey, account) if account else None


def _refused(shown: _Shown, challenge: bytes, *, of: UUID | None) -> str:
    """Why it is no proof; "" where it is one."""
    handle = shown.credential.response.user_handle
    if handle != handle_of(shown.account.id) and (handle or of is None):
        return "handle"
    try:
        verified = _verified(shown, challenge)
    except MALFORMED as error:
        return "counter" if "sign count" in str(error) else "assertion"
    if shown.account.is_shut():
        return str(shown.account.shut)
    return "" if _counted(shown, verified) else "counter"


def _verified(shown: _Shown, challenge: bytes) -> VerifiedAuthentication:
    return verify_authentication_response(
        credential=shown.credential,
        expected_challenge=challenge,
        expected_rp_id=relying_party.identifier(),
        expected_origin=relying_party.origin(),
        credential_public_key=shown.passkey.public_key,
        credential_current_sign_count=shown.passkey.sign_count,
        require_user_verification=True,
    )


def _counted(shown: _Shown, verified: VerifiedAuthentication) -> bool:
    count = verified.new_sign_count
    return engine().database.run(lambda t: use(t, shown.passkey, sign_count=count))

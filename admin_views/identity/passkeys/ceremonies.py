"""The two ceremonies of WebAuthn, as the library makes and judges them for this site.

The one place that speaks to the library. With what that needs it is five megabytes, so whoever
needs this module imports it when they do.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from admin_views.identity.passkeys import challenges, relying_party

LONGEST = 16 * 1024
"""An answer of an authenticator has some hundred bytes."""
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the library raises for an answer that is none."""
MILLISECONDS = int(challenges.GOOD_FOR.total_seconds() * 1000)
TRANSPORTS = {one.value for one in AuthenticatorTransport}


class Refused(Exception):
    """An answer proves nothing; `reason` is for the audit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def registration_options(
    challenge: bytes, *, handle: bytes, name: str, known: Sequence[Any]
) -> str:
    """Options for a new passkey, as JSON; not on a device that has one of the `known`."""
    return options_to_json(
        generate_registration_options(
            rp_id=relying_party.identifier(),
            rp_name=relying_party.NAME,
            user_id=handle,
            user_name=name,
            challenge=challenge,
            timeout=MILLISECONDS,
            exclude_credentials=_descriptors(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
    )


def authentication_options(challenge: bytes, known: Sequence[Any] | None) -> str:
    """Options for a proof, as JSON: by one of the `known`, or by any the device has."""
    return options_to_json(
        generate_authentication_options(
            rp_id=relying_party.identifier(),
            challenge=challenge,
            timeout=MILLISECONDS,
            allow_credentials=None if known is None else _descriptors(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def made_passkey(sent: str, challenge: bytes) -> dict[str, Any] | None:
    """What is kept of a new passkey; None where an authenticator did not make it for us."""
    try:
        credential = parse_registration_credential_json(sent[:LONGEST])
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=relying_party.identifier(),
            expected_origin=relying_party.origin(),
            require_user_verification=True,
        )
    except MALFORMED:
        return None
    return {
        "credential_id": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "transports": _kept(credential.response.transports or ()),
        "is_synced": made.credential_backed_up,
    }


def read_answer(sent: str) -> AuthenticationCredential | None:
    """What an authenticator says, of which nothing is proved yet; None where it is no answer."""
    try:
        return parse_authentication_credential_json(sent[:LONGEST])
    except MALFORMED:
        return None


def count_of_proof(answer: AuthenticationCredential, challenge: bytes, *, of: Any) -> int:
    """The passkey's count of signatures, once the answer is found to be a proof by it. Raises
    Refused."""
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=relying_party.identifier(),
            expected_origin=relying_party.origin(),
            credential_public_key=of.public_key,
            credential_current_sign_count=of.sign_count,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise Refused("counter" if "sign count" in str(error) else "assertion") from error
    return verified.new_sign_count


def _kept(stated: Iterable[Any]) -> str:
    """The transports a browser stated: known ones only."""
    return " ".join(sorted({str(getattr(one, "value", one)) for one in stated} & TRANSPORTS))


def _descriptors(known: Sequence[Any]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=row.credential_id,
            transports=[AuthenticatorTransport(one) for one in row.transports.split()] or None,
        )
        for row in known
    ]

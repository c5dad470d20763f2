"""What a browser is told to ask an authenticator for: always the person, verified by it.

User verification makes a passkey two factors in one: the device, and what unlocks it.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from admin_views.identity.passkeys import challenges, relying_party
from admin_views.identity.passkeys.challenges import Purpose
from admin_views.identity.passkeys.storing import rows_of
from extensions import engine, secret

MILLISECONDS = int(challenges.GOOD_FOR.total_seconds() * 1000)
TRANSPORTS = {one.value for one in AuthenticatorTransport}


def to_register(account: Any) -> str:
    """Options for a new passkey, as JSON; not on a device that has one of this account."""
    return options_to_json(
        generate_registration_options(
            rp_id=relying_party.identifier(),
            rp_name=relying_party.NAME,
            user_id=handle_of(account.id),
            user_name=account.email,
            challenge=challenges.give(Purpose.REGISTER),
            timeout=MILLISECONDS,
            exclude_credentials=_descriptors(account.id),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
    )


def to_show(purpose: Purpose, user_id: UUID | None = None) -> str:
    """Options for a proof, as JSON: by a passkey of this account, or by any the device has."""
    return options_to_json(
        generate_authentication_options(
            rp_id=relying_party.identifier(),
            challenge=challenges.give(purpose),
            timeout=MILLISECONDS,
            allow_credentials=None if user_id is None else _descriptors(user_id),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def handle_of(user_id: UUID) -> bytes:
    """What authenticators keep of an account: it names the account to nobody but us."""
    return hmac.digest(secret("passkey handles"), user_id.bytes, hashlib.sha256)


def kept_transports(stated: Iterable[Any]) -> str:
    """The transports a browser stated, as they are kept: known ones only."""
    return " ".join(sorted({str(getattr(one, "value", one)) for one in stated} & TRANSPORTS))


def _descriptors(user_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    with engine().database.reading() as connection:
        rows = rows_of(connection, user_id)
    return [
        PublicKeyCredentialDescriptor(
            id=row.credential_id,
            transports=[AuthenticatorTransport(one) for one in row.transports.split()] or None,
        )
        for row in rows
    ]

"""What a browser is told to ask an authenticator for: always the person, verified by it.

User verification makes a passkey two factors in one: the device, and what unlocks it.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from admin_views.identity.passkeys import challenges
from admin_views.identity.passkeys.challenges import Purpose
from admin_views.identity.passkeys.storing import rows_of
from extensions import engine, secret


def to_register(account: Any) -> str:
    """Options for a new passkey, as JSON; not on a device that has one of this account."""
    from admin_views.identity.passkeys.ceremonies import registration_options

    return registration_options(
        challenges.give(Purpose.REGISTER),
        handle=handle_of(account.id),
        name=account.email,
        known=_known(account.id),
    )


def to_show(purpose: Purpose, user_id: UUID | None = None) -> str:
    """Options for a proof, as JSON: by a passkey of this account, or by any the device has."""
    from admin_views.identity.passkeys.ceremonies import authentication_options

    known = None if user_id is None else _known(user_id)
    return authentication_options(challenges.give(purpose), known)


def handle_of(user_id: UUID) -> bytes:
    """What authenticators keep of an account: it names the account to nobody but us."""
    return hmac.digest(secret("passkey handles"), user_id.bytes, hashlib.sha256)


def _known(user_id: UUID) -> Sequence[Any]:
    with engine().database.reading() as connection:
        return rows_of(connection, user_id)

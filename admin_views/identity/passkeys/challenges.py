"""Challenges: given to one session for one purpose, answered once, for five minutes.

The session holds what it was given; of many answers at once the database lets one through.
"""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from flask import session
from sqlalchemy import delete, insert

from extensions import engine
from models.tables.base import utc_now
from models.tables.credentials import PasskeyChallenge

GIVEN = "passkey_challenge"
GOOD_FOR = timedelta(minutes=5)
BYTES = 32


class Purpose(StrEnum):
    REGISTER = "register"
    SIGN_IN = "sign in"
    SECOND_FACTOR = "second factor"
    PROOF = "proof"


def give(purpose: Purpose) -> bytes:
    """A new challenge for this session, in place of any other."""
    challenge = secrets.token_bytes(BYTES)
    row = {"digest": _digest(challenge), "expires_on": utc_now() + GOOD_FOR}
    engine().database.run(lambda t: t.write(insert(PasskeyChallenge), row))
    session[GIVEN] = [purpose.value, challenge.hex()]
    return challenge


def take(purpose: Purpose) -> bytes | None:
    """The challenge this session was given for that purpose; None if it was taken already, is too
    old, or there is none."""
    given_for, written = session.pop(GIVEN, ("", ""))
    challenge = bytes.fromhex(written)
    used = delete(PasskeyChallenge).where(
        PasskeyChallenge.digest == _digest(challenge), PasskeyChallenge.expires_on > utc_now()
    )
    is_first = engine().database.run(lambda t: t.write(used).rowcount) == 1
    return challenge if is_first and given_for == purpose.value else None


def _digest(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()

"""How often something is done about one thing, whoever asks: counted for all processes together.

The thing itself is not kept, only a keyed hash of it.
"""

import hashlib
import hmac

from extensions import secret
from public_views.limits import DatabaseStorage

A_DAY = 24 * 3600


def often(what: str, about: str, *, most: int, seconds: int) -> bool:
    """Count it; whether it was done more than `most` times in that while."""
    known = hmac.digest(secret("often"), f"{what} {about}".encode(), hashlib.sha256).hex()[:32]
    return DatabaseStorage().incr(f"often/{what}/{known}", seconds) > most

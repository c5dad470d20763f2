"""The blind index: a keyed digest by which a sealed value is found without being opened.

Equal values have equal digests under one key only, so an index key belongs to an entity and a
month. Knows neither how values are normalised (the index name carries the normaliser's version)
nor where the digests are kept.
"""

from struct import Struct

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

DIGEST_LENGTH = 16

_ATTRIBUTE_NUMBER = Struct(">I")


class BlindIndex:
    """One attribute's index under one index key: HMAC-SHA256 under a subkey of its own, keyed
    once and copied for each value (three times as fast as keying it anew). Thread-safe."""

    def __init__(self, secret: bytes, *, attribute_number: int, index_name: str) -> None:
        info = _ATTRIBUTE_NUMBER.pack(attribute_number) + index_name.encode()
        subkey = HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(secret)
        self._keyed = HMAC(subkey, SHA256())

    def digest(self, normalised: bytes) -> bytes:
        """Sixteen bytes; to look for a value, digest it under every live index key."""
        mac = self._keyed.copy()
        mac.update(normalised)
        return mac.finalize()[:DIGEST_LENGTH]

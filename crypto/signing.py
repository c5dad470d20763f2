"""Signatures that an outsider can check: Ed25519, the private key derived from one secret.

It knows bytes and no document. Whoever holds the public key can verify and cannot sign.
"""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEED_LENGTH = 32
_KEY_ID_DIGITS = 16


class Verifier:
    """Checks what one key signed."""

    def __init__(self, public_key: Ed25519PublicKey) -> None:
        self._public_key = public_key

    @property
    def key_id(self) -> str:
        """The first hexadecimal digits of the public key's SHA-256."""
        raw = self._public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return hashlib.sha256(raw).hexdigest()[:_KEY_ID_DIGITS]

    @property
    def pem(self) -> str:
        """The public key as openssl and everybody else reads it (SubjectPublicKeyInfo)."""
        encoded = self._public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return encoded.decode("ascii")

    def accepts(self, signature: bytes, data: bytes) -> bool:
        try:
            self._public_key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class Signer:
    """Signs with the key of a secret of 32 bytes; always the same for the same secret."""

    def __init__(self, secret: bytes) -> None:
        self._private_key = Ed25519PrivateKey.from_private_bytes(secret)
        self.verifier = Verifier(self._private_key.public_key())

    def sign(self, data: bytes) -> bytes:
        return self._private_key.sign(data)

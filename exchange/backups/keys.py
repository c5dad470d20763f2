"""The key of one backup: random, wrapped by whoever keeps the root key, bound to this one backup.

A backup of the keystore can so be opened with the root key alone, on a machine that has nothing
else. One of the records needs a second half, which the keystore has and in the end destroys.
"""

import hashlib
import hmac
import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from crypto.providers import KEY_LENGTH, KeyProvider

_CONTEXT = b"uketsuke/backup-key/1/"
_CONTENT = b"uketsuke/backup-content/1"
_MANIFEST = b"uketsuke/backup-manifest/1"
_HALVES = b"uketsuke/backup-halves/1"


class BackupKey:
    """Seals the content, and vouches for the manifest: a subkey for each. The manifest can be read
    without the half that the keystore has."""

    def __init__(self, secret: bytes, half: bytes = b"") -> None:
        self._secret = secret
        self.cipher = AESGCM(_derived(secret + half, _CONTENT))
        self.of_halves = AESGCM(_derived(secret, _HALVES))
        self._of_manifest = _derived(secret, _MANIFEST)

    def with_half(self, half: bytes) -> "BackupKey":
        return BackupKey(self._secret, half)

    def mac(self, data: bytes) -> bytes:
        return hmac.digest(self._of_manifest, data, hashlib.sha256)


def new_key(provider: KeyProvider, *, kind: str, backup_id: UUID) -> tuple[BackupKey, bytes]:
    """A key never used before, and how the manifest carries it."""
    secret = os.urandom(KEY_LENGTH)
    return BackupKey(secret), provider.wrap(secret, _context(kind, backup_id))


def unwrapped(provider: KeyProvider, wrapped: bytes, *, kind: str, backup_id: UUID) -> BackupKey:
    """Raises WrongRootKey where another root key wrapped it, or for another backup."""
    return BackupKey(provider.unwrap(wrapped, _context(kind, backup_id)))


def _context(kind: str, backup_id: UUID) -> bytes:
    return _CONTEXT + kind.encode() + b"/" + backup_id.bytes


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=KEY_LENGTH, info=info).derive(secret)

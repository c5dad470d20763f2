"""Data keys and how they are wrapped: AES-256-GCM-SIV, each bound to its own row of the keystore.

Knows the bytes, not where they are kept. A wrapped key copied to another row, entity or period
does not unwrap.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from crypto.errors import BadTag, DestroyedKey, ReplacedKey, SealingError

KEY_LENGTH = 32
REPLACED = b""
"""In place of a wrapped key that a rotation has replaced; of a destroyed one there is nothing."""
_NONCE_LENGTH = 12
_CONTEXT_NAME = b"uketsuke/data-key/1"
_CONTEXT = Struct(">QBII")

# id, purpose, entity number, period, wrapped or None: a row of the keystore
WrappedKey = tuple[int, int, int, int, bytes | None]


@dataclass(frozen=True, slots=True)
class DataKey:
    """An opened data key; its secret stays out of every repr and log."""

    id: int
    purpose: int
    entity_number: int
    period: int
    secret: bytes = field(repr=False)


class KeyWrapper:
    """Wraps and unwraps data keys under the keystore's wrapping key."""

    def __init__(self, wrapping_key: bytes) -> None:
        self._cipher = AESGCMSIV(wrapping_key)

    def wrap(self, key: DataKey) -> bytes:
        nonce = os.urandom(_NONCE_LENGTH)
        context = _context(key.id, key.purpose, key.entity_number, key.period)
        return nonce + self._cipher.encrypt(nonce, key.secret, context)

    def unwrap(self, row: WrappedKey) -> DataKey:
        key_id, purpose, entity_number, period, wrapped = row
        if not wrapped:
            raise _gone(key_id, wrapped)
        context = _context(key_id, purpose, entity_number, period)
        try:
            secret = self._cipher.decrypt(
                wrapped[:_NONCE_LENGTH], wrapped[_NONCE_LENGTH:], context
            )
        except (InvalidTag, ValueError):
            raise _damaged(key_id) from None
        return DataKey(key_id, purpose, entity_number, period, secret)

    def ciphers(self, rows: Iterable[WrappedKey]) -> dict[int, AESGCM | SealingError]:
        """Open keys by the thousand, straight to ciphers: the secrets pass through one buffer,
        which is zeroed at the end. A row that cannot be opened answers with its reason."""
        answers: dict[int, AESGCM | SealingError] = {}
        buffer = bytearray(KEY_LENGTH)
        unwrap_into = self._cipher.decrypt_into
        for key_id, purpose, entity_number, period, wrapped in rows:
            if not wrapped:
                answers[key_id] = _gone(key_id, wrapped)
                continue
            context = _CONTEXT_NAME + _CONTEXT.pack(key_id, purpose, entity_number, period)
            try:
                unwrap_into(wrapped[:12], wrapped[12:], context, buffer)
            except (InvalidTag, ValueError):
                answers[key_id] = _damaged(key_id)
            else:
                answers[key_id] = AESGCM(buffer)
        buffer[:] = bytes(KEY_LENGTH)
        return answers


def _context(key_id: int, purpose: int, entity_number: int, period: int) -> bytes:
    return _CONTEXT_NAME + _CONTEXT.pack(key_id, purpose, entity_number, period)


def _gone(key_id: int, wrapped: bytes | None) -> SealingError:
    if wrapped == REPLACED:
        return ReplacedKey(f"key {key_id} was replaced by a newer one; read again", key_id=key_id)
    return DestroyedKey(f"key {key_id} has been destroyed", key_id=key_id)


def _damaged(key_id: int) -> BadTag:
    return BadTag(f"the keystore's entry for key {key_id} has been altered", key_id=key_id)

"""Sealing and opening the values of records, and payloads that belong to a record.

Which values are sealed is metadata's, who sees them opened is column security's; here they
only go in and out of their envelopes, batch by batch.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.envelope import key_id_of, open_sealed, seal
from crypto.errors import DestroyedKey
from crypto.keyring import Keyring, OpenedKey
from crypto.padding import EMAIL_BUCKETS, PHONE_BUCKETS, TEXT_BUCKETS, pad, unpad
from models.metadata.attribute_types import type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.tables.base import utc_now

MAIL_PAYLOAD, DRAFT_PAYLOAD, EXPORT_PAYLOAD, SESSION_PAYLOAD = 1, 2, 3, 4
ADDRESS_PAYLOAD, STATEMENT_PAYLOAD, ANSWER_PAYLOAD, ASKED_PAYLOAD = 5, 6, 7, 8
PERSON_PAYLOAD, DECISION_PAYLOAD = 10, 11
INCIDENT_PAYLOAD = 9
"""In place of an attribute's number: what the platform seals besides attributes."""

PLATFORM = 0
"""The entity number of the month keys that seal what belongs to no sealed record."""

_BUCKETS = {"Email": EMAIL_BUCKETS, "Phone": PHONE_BUCKETS}


class Shredded:
    """What is left of a value whose key was destroyed."""

    def __repr__(self) -> str:
        return "#SHREDDED"

    __str__ = __repr__


SHREDDED = Shredded()


def seal_values(
    entity: EntityDefinition,
    values: dict[str, Any],
    *,
    record_id: UUID,
    key: OpenedKey,
) -> dict[str, Any]:
    """A copy of `values` with the sealed attributes' values in envelopes; None stays None."""
    sealed = dict(values)
    identity = record_id.bytes
    for attribute in entity.sealed_attributes:
        value = values.get(attribute.logical_name)
        if value is not None:
            sealed[attribute.logical_name] = seal(
                key.cipher,
                key_id=key.id,
                attribute_number=attribute.number,
                record_id=identity,
                padded=pad(type_of(attribute).encode(value), buckets(attribute)),
            )
    return sealed


def buckets(attribute: AttributeDefinition) -> tuple[int, ...]:
    return _BUCKETS.get(attribute.format, TEXT_BUCKETS)


class Opener:
    """Opens the sealed values of one batch of rows: all keys are fetched at once."""

    def __init__(self, keyring: Keyring, envelopes: Iterable[bytes | None]) -> None:
        found = keyring.find_keys({key_id_of(one) for one in envelopes if one is not None})
        self._ciphers = found.ciphers
        self._refused = found.refused

    def open(self, attribute: AttributeDefinition, envelope: bytes, record_id: UUID) -> object:
        """The typed value, or SHREDDED. UnknownKey and BadTag are raised: never a blank."""
        key_id = key_id_of(envelope)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            return self._missing(key_id)
        padded = open_sealed(
            cipher,
            envelope=envelope,
            attribute_number=attribute.number,
            record_id=record_id.bytes,
        )
        return type_of(attribute).decode(unpad(padded))

    def _missing(self, key_id: int) -> Shredded:
        error = self._refused[key_id]
        if isinstance(error, DestroyedKey):
            return SHREDDED
        raise error


def seal_payload(
    keyring: Keyring, *, number: int, record_id: UUID, key_id: int, data: bytes
) -> bytes:
    """Seal `data` with the record's own key: destroying that takes the payload along."""
    return seal_with(
        keyring.opening_key(key_id), number=number, record_id=record_id, key_id=key_id, data=data
    )


def seal_with(cipher: AESGCM, *, number: int, record_id: UUID, key_id: int, data: bytes) -> bytes:
    """As `seal_payload`, with a key at hand."""
    return seal(
        cipher,
        key_id=key_id,
        attribute_number=number,
        record_id=record_id.bytes,
        padded=pad(data, TEXT_BUCKETS),
    )


def seal_for_month(keyring: Keyring, *, number: int, record_id: UUID, data: bytes) -> bytes:
    """Seal `data` that belongs to no record with a key of its own: with the platform's key of the
    month, which ends once nothing names it."""
    [key] = keyring.sealing_keys(PLATFORM, "month", 1, on=utc_now())
    return seal_with(key.cipher, number=number, record_id=record_id, key_id=key.id, data=data)


def open_payload(keyring: Keyring, *, number: int, record_id: UUID, envelope: bytes) -> bytes:
    """Raises crypto's UnknownKey, DestroyedKey or BadTag."""
    cipher = keyring.opening_key(key_id_of(envelope))
    padded = open_sealed(
        cipher, envelope=envelope, attribute_number=number, record_id=record_id.bytes
    )
    return unpad(padded)


def envelopes_of(rows: Sequence[Any], entity: EntityDefinition) -> list[bytes | None]:
    """All envelopes of sealed attributes in mapping rows."""
    names = [attribute.logical_name for attribute in entity.sealed_attributes]
    return [row[name] for row in rows for name in names]

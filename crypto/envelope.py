"""The envelope of a sealed value: the bytes in the column.

    format u8 = 1 | key id u64 BE | nonce 12 | AES-256-GCM(padded value) | tag 16

Authenticated with it (AAD, 29 bytes of fixed width, so nothing can be shifted between its parts):
format, key id, attribute number u32, record id 16. A value copied to another record, attribute or
key therefore does not open. One key per id; no key is ever tried on suspicion.

Knows neither where keys come from nor what the padded bytes mean. All three functions are hot
paths: one call seals or opens one value, and an export opens hundreds of thousands. That is why
they take plain arguments instead of a value object, and repeat a line rather than share a helper.
"""

from os import urandom
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.errors import BadTag

FORMAT = 1
OVERHEAD = 1 + 8 + 12 + 16

_HEADER = Struct(">BQ")
_IDENTITY = Struct(">I16s")
_ASSOCIATED_DATA = Struct(">BQI16s")


def seal(
    key: AESGCM, *, key_id: int, attribute_number: int, record_id: bytes, padded: bytes
) -> bytes:
    """Seal `padded` for one attribute of one record; `record_id` is its UUID's sixteen bytes."""
    if len(record_id) != 16:  # struct would cut or fill it without a word
        raise ValueError("a record id has sixteen bytes")
    associated_data = _ASSOCIATED_DATA.pack(FORMAT, key_id, attribute_number, record_id)
    nonce = urandom(12)
    return associated_data[:9] + nonce + key.encrypt(nonce, padded, associated_data)


def open_sealed(key: AESGCM, *, envelope: bytes, attribute_number: int, record_id: bytes) -> bytes:
    """Give back the padded bytes; BadTag unless all of key, attribute, record and bytes agree."""
    if len(record_id) != 16:
        raise ValueError("a record id has sixteen bytes")
    if len(envelope) < OVERHEAD or envelope[0] != FORMAT:
        raise BadTag("not an envelope of a known format")
    try:
        return key.decrypt(
            envelope[9:21],
            envelope[21:],
            envelope[:9] + _IDENTITY.pack(attribute_number, record_id),
        )
    except InvalidTag:
        raise BadTag(
            f"a value sealed with key {key_id_of(envelope)} does not open here",
            key_id=key_id_of(envelope),
        ) from None


def key_id_of(envelope: bytes) -> int:
    """Read which key an envelope names; BadTag where it is no envelope. The id is a claim until
    the envelope has been opened."""
    if len(envelope) < OVERHEAD or envelope[0] != FORMAT:
        raise BadTag("not an envelope of a known format")
    key_id: int = _HEADER.unpack_from(envelope)[1]
    return key_id

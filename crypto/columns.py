"""A column of envelopes at once: what `envelope.open_sealed` does, for exports of a million rows.

The same checks with the work for each value kept to what cryptography needs; a law holds the two
together. Knows neither where keys come from nor what the bytes mean.
"""

from collections.abc import Iterable, Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.envelope import FORMAT, key_id_of
from crypto.errors import BadTag

_FORMAT = bytes([FORMAT])


def key_ids_in(envelopes: Iterable[bytes | None]) -> set[int]:
    """The keys that the envelopes name; BadTag where one is no envelope."""
    one_each = {envelope[:9]: envelope for envelope in envelopes if envelope is not None}
    return {key_id_of(envelope) for envelope in one_each.values()}


def open_column(
    ciphers: Mapping[int, AESGCM],
    envelopes: Sequence[bytes | None],
    record_ids: Sequence[bytes],
    *,
    attribute_number: int,
) -> list[bytes | int | None]:
    """For each envelope the bytes that were sealed; the id of the key where `ciphers` has none;
    None for None. BadTag as soon as one does not open."""
    by_header = {_FORMAT + key_id.to_bytes(8, "big"): one for key_id, one in ciphers.items()}
    number = attribute_number.to_bytes(4, "big")
    opened: list[bytes | int | None] = []
    for envelope, record_id in zip(envelopes, record_ids, strict=True):
        if envelope is None:
            opened.append(None)
            continue
        header = envelope[:9]
        cipher = by_header.get(header)
        if cipher is None:
            opened.append(key_id_of(envelope))
            continue
        try:
            padded = cipher.decrypt(envelope[9:21], envelope[21:], header + number + record_id)
        except (InvalidTag, ValueError):
            raise _refused(envelope) from None
        marked = padded.rstrip(b"\0")
        if marked[-1:] != b"\x80":
            raise _refused(envelope)
        opened.append(marked[:-1])
    return opened


def _refused(envelope: bytes) -> BadTag:
    key_id = key_id_of(envelope)
    return BadTag(f"a value sealed with key {key_id} does not open here", key_id=key_id)

"""A long text sealed in pieces, so that neither sealing nor opening it takes it whole into memory.

    format u8 = 2 | key id u64 BE | nonce 12 | AES-256-GCM(piece) | tag 16

Authenticated with each piece (AAD, 30 bytes of fixed width): format, key id, whose it is (16
bytes), the piece's number u32, and whether it is the last. A piece that was swapped, dropped or
taken from another text does not open, nor does the end of a text that was cut short. Every text
has a key of its own. Knows neither where keys come from nor what the pieces mean.
"""

from collections.abc import Iterable, Iterator
from os import urandom
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.errors import BadTag

FORMAT = 2
OVERHEAD = 1 + 8 + 12 + 16

_HEADER = Struct(">BQ")
_PLACE = Struct(">BQ16sI?")


def seal_pieces(
    key: AESGCM, pieces: Iterable[bytes], *, key_id: int, owner: bytes
) -> Iterator[bytes]:
    """Each piece sealed at its place; of an empty text one empty piece, since its end is told."""
    for number, (piece, is_last) in enumerate(_with_the_end(pieces)):
        place = _place(key_id, owner, number, is_last=is_last)
        nonce = urandom(12)
        yield place[: _HEADER.size] + nonce + key.encrypt(nonce, piece, place)


def open_pieces(
    key: AESGCM, sealed: Iterable[bytes], *, key_id: int, owner: bytes
) -> Iterator[bytes]:
    """The pieces in their order; BadTag at the first that is not what was sealed at its place.
    A text that was cut short ends so, after the pieces before its last."""
    for number, (envelope, is_last) in enumerate(_with_the_end(sealed)):
        place = _place(key_id, owner, number, is_last=is_last)
        if len(envelope) < OVERHEAD or envelope[: _HEADER.size] != place[: _HEADER.size]:
            raise BadTag("not a piece of this text", key_id=key_id)
        try:
            yield key.decrypt(envelope[9:21], envelope[21:], place)
        except InvalidTag:
            message = f"piece {number} sealed with key {key_id} does not open here"
            raise BadTag(message, key_id=key_id) from None


def _place(key_id: int, owner: bytes, number: int, *, is_last: bool) -> bytes:
    if len(owner) != 16:  # struct would cut or fill it without a word
        raise ValueError("an owner's id has sixteen bytes")
    return _PLACE.pack(FORMAT, key_id, owner, number, is_last)


def _with_the_end(texts: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each with whether it is the last; of none, an empty one."""
    waiting: bytes | None = None
    for text in texts:
        if waiting is not None:
            yield waiting, False
        waiting = text
    yield waiting or b"", True

"""An extract's file as it lies in the database: sealed pieces, under the key of one attempt.

Whoever has the row of a piece and not its key has nothing. It knows no state and no person.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select

from crypto.pieces import open_pieces, seal_pieces
from models.tables.extracts import ExtractPiece
from models.tables.session import Database

PIECE = 1 << 20
"""Bytes: what one transaction holds."""
DROPPED_AT_ONCE = 32


def sealed(
    cipher: AESGCM, file: Iterable[bytes], *, key_id: int, extract_id: UUID
) -> Iterator[bytes]:
    """The file in sealed pieces, each bound to its place in this extract."""
    return seal_pieces(cipher, _gathered(file), key_id=key_id, owner=extract_id.bytes)


def store(database: Database, piece: bytes, *, key_id: int, number: int) -> None:
    """Each in a transaction of its own, which a power cut may undo: the last step of a build is
    one that it may not, and all before it are then kept, too."""
    row = {"key_id": key_id, "number": number, "sealed": piece}
    database.run(lambda transaction: transaction.write(insert(ExtractPiece), row), durable=False)


def opened(
    database: Database, cipher: AESGCM, *, key_id: int, extract_id: UUID
) -> Iterator[bytes]:
    """The file's bytes; BadTag where it is not what was stored, whole and in its order."""
    kept = _stored(database, key_id)
    return open_pieces(cipher, kept, key_id=key_id, owner=extract_id.bytes)


def drop(database: Database, key_id: int) -> None:
    """Remove what was sealed with this key. Outside of any transaction: a large file would have
    all others wait."""
    some = (
        select(ExtractPiece.number)
        .where(ExtractPiece.key_id == key_id)
        .order_by(ExtractPiece.number)
        .limit(DROPPED_AT_ONCE)
    )
    statement = delete(ExtractPiece).where(
        ExtractPiece.key_id == key_id, ExtractPiece.number.in_(some.scalar_subquery())
    )
    while database.run(lambda transaction: transaction.write(statement).rowcount):
        pass


def _stored(database: Database, key_id: int) -> Iterator[bytes]:
    for number in count():
        statement = select(ExtractPiece.sealed).where(
            ExtractPiece.key_id == key_id, ExtractPiece.number == number
        )
        with database.reading() as connection:
            piece = connection.scalar(statement)
        if piece is None:
            return
        yield piece


def _gathered(file: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for part in file:
        waiting += part
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)

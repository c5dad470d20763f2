"""A backup's content as it lies in its file: sealed in pieces of one megabyte, read as it comes.

    piece, piece, …        each as `crypto/pieces` seals it, all but the last of the same length

Neither sealing nor opening takes more than a few pieces into memory. It knows no manifest.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from crypto.errors import BadTag
from crypto.pieces import OVERHEAD, open_pieces, seal_pieces
from exchange.backups.keys import BackupKey
from exchange.backups.manifests import Measured
from exchange.backups.refusing import BackupRefused

PIECE = 1024 * 1024
KEY_ID = 0
"""Of no keystore: each backup has a key of its own."""


class Measuring:
    """Goes by: counts and digests what passes through."""

    def __init__(self) -> None:
        self._size = 0
        self._digest = hashlib.sha256()

    def through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._size += len(chunk)
            self._digest.update(chunk)
            yield chunk

    @property
    def found(self) -> Measured:
        return Measured(self._size, self._digest.hexdigest())


def seal_into(
    file: Path, chunks: Iterable[bytes], *, key: BackupKey, backup_id: UUID
) -> tuple[Measured, Measured]:
    """Write the content, on the disk before this returns; what was plain, and what lies there."""
    plain, sealed = Measuring(), Measuring()
    pieces = seal_pieces(
        key.cipher, _even(plain.through(chunks)), key_id=KEY_ID, owner=backup_id.bytes
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        for piece in sealed.through(pieces):
            opened.write(piece)
        opened.flush()
        os.fsync(opened.fileno())
    return plain.found, sealed.found


def opened_from(
    file: Path,
    *,
    key: BackupKey,
    backup_id: UUID,
    sealed: Measured,
    plain: Measured,
) -> Iterator[bytes]:
    """The content in chunks; BackupRefused as soon as something is not as it was written, at the
    end at the latest. Nothing is to be believed before the end was reached."""
    lying, opened = Measuring(), Measuring()
    pieces = open_pieces(
        key.cipher, lying.through(_read(file)), key_id=KEY_ID, owner=backup_id.bytes
    )
    try:
        yield from opened.through(pieces)
    except BadTag:
        raise BackupRefused("its content was altered, or cut short") from None
    if lying.found != sealed or opened.found != plain:
        raise BackupRefused("its content is not the one its manifest speaks of")


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(PIECE + OVERHEAD):
            yield piece


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one length, the last one shorter."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= PIECE:
            yield bytes(gathered[:PIECE])
            del gathered[:PIECE]
    if gathered:
        yield bytes(gathered)

"""Proof that erased records are gone: of all of them no row is left and no key; of a few that were
remembered no envelope opens, and no file holds a word of theirs.

The files are all that lies beside an SQLite database or the keystore; on PostgreSQL the server's
own files of the tables, where the role may read them. Copies elsewhere are not reached.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, String, exists, or_, select

from crypto.envelope import open_sealed
from crypto.errors import SealingError
from models.metadata.definitions import EntityDefinition
from models.records.engine import RecordEngine
from models.records.erasing.along import tables_along
from models.records.erasing.samples import Sample
from models.tables import server_files
from models.tables.customizations import Attribute, SolutionComponent

PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """Of all that went: what of it is still there."""

    went: int
    rows_left: int
    """Rows; of anonymised records those in which something is left."""
    keys_left: int
    keys_destroyed: int
    rewritten: bool
    """Whether all their files could be written anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    remains: Remains
    records: int
    """How many were remembered, with what went along; all that follows is about these."""
    envelopes: int
    opened: int
    """How many envelopes opened all the same."""
    shared: int
    """How many were not tried: they share their month's key with records that stay."""
    files: int
    """0 where the files are a server's and closed to us."""
    bytes_read: int
    found: int
    """How many of the texts stood in a file, and in no record that stays."""

    @property
    def holds(self) -> bool:
        """Where nothing was remembered, since the work was broken off, the keys have to prove it:
        what shared its key with others is not proved then."""
        what = self.remains
        is_left = what.rows_left or what.keys_left or self.opened or self.found
        is_proved = what.rewritten and (self.records or what.keys_destroyed)
        return not what.went or bool(is_proved and not is_left)


def verify(
    engine: RecordEngine, entity: EntityDefinition, samples: Sequence[Sample], remains: Remains
) -> Verification:
    """Once all is committed and the files are rewritten."""
    tried = [one for one in samples if one.entity.key_bucket == "record"]
    sharing = [one for one in samples if one.entity.key_bucket != "record"]
    texts = {text for one in samples for text in (*one.sealed, *one.clear)}
    files, size, found = 0, 0, set[bytes]()
    with engine.database.reading() as connection:
        for pieces in _files(engine, connection, entity):
            files += 1
            size += _search(pieces, texts - found, found)
        left = [text for text in found if not _is_said(engine, connection, text)]
    return Verification(
        remains=remains,
        records=len(samples),
        envelopes=sum(len(one.envelopes) for one in samples),
        opened=sum(_opens(engine, one) for one in tried),
        shared=sum(len(one.envelopes) for one in sharing),
        files=files,
        bytes_read=size,
        found=len(left),
    )


def _is_said(engine: RecordEngine, connection: Connection, text: bytes) -> bool:
    """Whether it stands there rightly: in a record that stays, or as an example on a form."""
    if text in _published(connection):
        return True
    for table in engine.catalog.tables.entities.values():
        says = [
            column.contains(text.decode(), autoescape=True)
            for column in table.c
            if isinstance(column.type, String)
        ]
        if says and connection.scalar(select(exists().where(or_(*says)))):
            return True
    return False


def _published(connection: Connection) -> bytes:
    """What the solutions say: an example on a form may be somebody's number."""
    rows = [
        *connection.scalars(select(SolutionComponent.definition)),
        *connection.scalars(select(Attribute.definition)),
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


def _opens(engine: RecordEngine, sample: Sample) -> int:
    count = 0
    for number, envelope in sample.envelopes:
        try:
            key = engine.keyring.opening_key(int.from_bytes(envelope[1:9], "big"))
            record_id = sample.record_id.bytes
            open_sealed(key, envelope=envelope, attribute_number=number, record_id=record_id)
        except SealingError:
            continue
        count += 1
    return count


def _files(
    engine: RecordEngine, connection: Connection, entity: EntityDefinition
) -> Iterator[Iterator[bytes]]:
    """Each in pieces."""
    for folder in sorted(_folders(engine)):
        yield from (_read(path) for path in sorted(folder.rglob("*")) if path.is_file())
    if not engine.database.is_sqlite and server_files.may_be_read(connection):
        yield from server_files.files_of(connection, tables_along(engine.catalog, entity))


def _folders(engine: RecordEngine) -> set[Path]:
    """Where the database and the keystore lie, if they are files."""
    with engine.keyring.keystore.reading() as connection:
        urls = (engine.database.engine.url, connection.engine.url)
    files = [str(url.database) for url in urls if url.get_backend_name() == "sqlite"]
    return {Path(file).parent for file in files}


def _read(path: Path) -> Iterator[bytes]:
    """Nothing of a file that went meanwhile."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _search(pieces: Iterable[bytes], texts: set[bytes], found: set[bytes]) -> int:
    """Add to `found` which of the texts stand there; how many bytes they are."""
    size, longest, before = 0, max(map(len, texts), default=0), b""
    for piece in pieces:
        size += len(piece)
        window = before + piece
        found |= {text for text in texts - found if text in window}
        before = window[-longest:] if longest else b""
    return size

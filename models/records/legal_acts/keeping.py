"""Acts written into the second place, beside the audit's checkpoints: what changed since the last
time, row by row.

It goes by what stands in the database, so that no door can forget to tell it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import select

from crypto.keyring import Keyring
from crypto.signing import Signer
from models.records.checkpoints.lines import FIRST, digest_of
from models.records.checkpoints.second_place import SecondPlace
from models.records.engine import RecordEngine
from models.records.legal_acts.lines import Act, Book, Row, made, read_all
from models.records.legal_acts.rows import KEPT
from models.tables.base import utc_now
from models.tables.record_data import AuditHead

SECRET = "legal acts"  # noqa: S105 - what a secret is for
FILE = "legal-acts.jsonl"
RESTORED = "restored"
"""In place of a table: from here on the database is an older one, as far as it was put right."""


class PutBack(Exception):
    """The database is older than the acts: it was put back by no command of ours, and what it does
    not have any more is not gone."""


def place_of(engine: RecordEngine) -> SecondPlace:
    return SecondPlace(file_beside(engine.second_place))


def file_beside(checkpoints: SecondPlace) -> Path | None:
    """That of the audit's checkpoints; none where there is none."""
    return checkpoints.file.with_name(FILE) if checkpoints.file else None


def signer_of(keyring: Keyring) -> Signer:
    return Signer(keyring.secret(SECRET))


def book_of(engine: RecordEngine) -> Book:
    return read_all(place_of(engine).lines(), signer_of(engine.keyring).verifier)


def keep(engine: RecordEngine) -> int:
    """How many lines were written. Harmless to repeat. Raises PutBack; OSError where the second
    place does not take them."""
    book = book_of(engine)
    with engine.database.snapshot() as connection:
        sequence = connection.scalar(select(AuditHead.sequence)) or 0
        now = {name: one.told(connection) for name, one in KEPT.items()}
    if sequence < book.sequence:
        raise PutBack(f"the log ends at entry {sequence}, the acts know entry {book.sequence}")
    acts = [
        Act(table, identifier, row, sequence)
        for table, rows in now.items()
        for identifier, row in rows.items()
        if _known(book, table, identifier) != row
    ]
    acts += [Act(table, identifier, None, sequence) for table, identifier in _gone(book, now)]
    append(engine, acts)
    return len(acts)


def append(engine: RecordEngine, acts: list[Act]) -> None:
    place, signer = place_of(engine), signer_of(engine.keyring)
    for act in acts:

        def line(_before: str, act: Act = act) -> str:
            # read whole: a certificate may be longer than what the place looks at for its last
            *_, previous = [FIRST, *map(digest_of, place.lines())]
            return made(signer, act, on=utc_now(), previous=previous)

        place.append(line)


def _known(book: Book, table: str, identifier: str) -> object:
    act = book.standing.get((table, identifier))
    return act and act.row


def _gone(book: Book, now: Mapping[str, Mapping[str, Row]]) -> Iterator[tuple[str, str]]:
    for (table, identifier), act in book.standing.items():
        if table in now and act.row is not None and identifier not in now[table]:
            yield table, identifier

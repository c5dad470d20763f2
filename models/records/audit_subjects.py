"""What an entry is about, as one number: its entity and the names of its attributes, each sort of
them kept once.

The number is a digest, so that it is the same in every process. It knows no entry's act.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, insert, select

from models.tables.audit import AuditSubject

Subject = tuple[str, str]
"""An entity, and the names of attributes as the table keeps them."""


class Subjects:
    """Sees to it that the table has a row for every subject; one for each process and database.

    A subject counts as known once it was read from the table: what is only written may be taken
    back with its transaction.
    """

    def __init__(self) -> None:
        self._known: set[int] = set()

    def keep(self, connection: Connection, entries: Iterable[Mapping[str, Any]]) -> None:
        """To be called inside the transaction that writes the entries, their head locked."""
        wanted = dict(_numbered(entries))
        unknown = wanted.keys() - self._known
        if not unknown:
            return
        there = select(AuditSubject.id).where(AuditSubject.id.in_(unknown))
        self._known.update(found := set(connection.scalars(there)))
        rows = [_row(number, wanted[number]) for number in sorted(unknown - found)]
        if rows:
            connection.execute(insert(AuditSubject), rows)


def subject_id(entry: Mapping[str, Any]) -> int | None:
    """None for an entry that is about no entity."""
    subject = _subject(entry)
    return None if subject is None else number_of(subject)


@lru_cache(maxsize=4096)
def number_of(subject: Subject) -> int:
    digest = hashlib.sha256("\n".join(subject).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _subject(entry: Mapping[str, Any]) -> Subject | None:
    entity = entry.get("entity")
    if entity is None:
        return None
    return entity, "".join(f",{name}" for name in sorted(set(entry.get("attributes", ())))) + ","


def _numbered(entries: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, Subject]]:
    for entry in entries:
        subject = _subject(entry)
        if subject is not None:
            yield number_of(subject), subject


def _row(number: int, subject: Subject) -> dict[str, object]:
    entity, attributes = subject
    return {"id": number, "entity": entity, "attributes": attributes}

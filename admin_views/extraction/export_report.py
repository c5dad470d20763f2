"""What an export in Shift_JIS could not say, kept for the person who made it and nobody else.

The places are sealed under the caller's id, with the platform's key of the month. Of a value that
is sealed itself only the place is kept: its characters end with its record's own key.
"""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from uuid import UUID

from flask_babel import gettext

from crypto.errors import SealingError
from crypto.keyring import Keyring
from exchange.csv_writing import MOST_PLACES, Inexpressible
from exchange.exporting import Export
from models.metadata.definitions import AttributeDefinition
from models.records.sealing import EXPORT_PAYLOAD, open_payload, seal_payload
from models.tables.base import utc_now


@dataclass(frozen=True, slots=True)
class Place:
    """One replaced character. Records count from 1 as they stand in the file; 0 is its header."""

    record: int
    column: str
    code_point: str

    def __str__(self) -> str:
        if self.record:
            names = {"record": f"{self.record:,}", "column": self.column}
            where = gettext("Record %(record)s, column “%(column)s”", **names)
        else:
            where = gettext("Header of the column “%(column)s”", column=self.column)
        return where + gettext(": ") + self.code_point if self.code_point else where


def places_of(export: Export) -> list[Place]:
    """The first of them."""
    titles = export.titles
    return [
        Place(one.row, titles[one.column], _code_point(one, export.columns[one.column]))
        for one in export.writer.report[:MOST_PLACES]
    ]


def _code_point(found: Inexpressible, column: AttributeDefinition) -> str:
    is_of_a_sealed_value = column.sealed and found.row > 0
    return "" if is_of_a_sealed_value else f"U+{ord(found.character):04X}"


def seal_places(keyring: Keyring, caller_id: UUID, places: Sequence[Place]) -> bytes:
    [key] = keyring.sealing_keys(0, "month", 1, on=utc_now())
    data = json.dumps([astuple(place) for place in places], ensure_ascii=False).encode()
    return seal_payload(
        keyring, number=EXPORT_PAYLOAD, record_id=caller_id, key_id=key.id, data=data
    )


def open_places(keyring: Keyring, caller_id: UUID, envelope: bytes) -> tuple[Place, ...]:
    """None where they were sealed for another, or their key is gone."""
    try:
        data = open_payload(keyring, number=EXPORT_PAYLOAD, record_id=caller_id, envelope=envelope)
    except SealingError:
        return ()
    return tuple(Place(*found) for found in json.loads(data))

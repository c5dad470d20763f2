"""Values taken out of their envelopes and put into others, of another key; the padded bytes are
not looked at. It writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crypto.envelope import key_id_of, open_sealed, seal
from crypto.errors import BadTag
from crypto.key_rotation import RotatingKeys
from crypto.keyring import Keyring
from models.records.rekeying.places import Cell, Place, Row
from models.records.rekeying.swapping import Change


@dataclass(frozen=True, slots=True)
class OldKeys:
    """The keys of a rotation that are to go."""

    keys: RotatingKeys
    boundary: int

    def among(self, ids: set[int]) -> set[int]:
        return self.keys.old_among(ids, boundary=self.boundary)

    def successors(self, ids: set[int]) -> dict[int, int]:
        return self.keys.successors(ids, boundary=self.boundary)

    def destroy(self) -> int:
        return self.keys.destroy(boundary=self.boundary)


def named_keys(place: Place, row: Row) -> set[int]:
    """The keys that a row names, by its values and by itself; an envelope that is none names
    none."""
    found = {key_id for cell in place.cells(row) if (key_id := _claimed(cell)) is not None}
    own = None if place.data_key is None else row[place.data_key]
    return found if own is None else found | {own}


def resealed(keyring: Keyring, old: OldKeys, place: Place, rows: Sequence[Row]) -> list[Change]:
    """Of each row that names an old key what stands in it under the new ones. A value that does
    not open stays where it is, and so does its old key."""
    named = {key_id for row in rows for key_id in named_keys(place, row)}
    successors = old.successors(named)
    ciphers = keyring.find_keys({*successors, *successors.values()}, keeps=False).ciphers
    changes: list[Change] = []
    for row in rows:
        change: dict[str, Any] = {}
        for cell in place.cells(row):
            key_id = _claimed(cell)
            new_id = successors.get(key_id) if key_id is not None else None
            if key_id is None or new_id is None or not {key_id, new_id} <= ciphers.keys():
                continue
            try:
                padded = open_sealed(ciphers[key_id], **_identified(cell), envelope=cell.envelope)
            except BadTag:
                continue
            change[cell.column] = seal(
                ciphers[new_id], **_identified(cell), key_id=new_id, padded=padded
            )
        own = None if place.data_key is None else row[place.data_key]
        if place.data_key is not None and own in successors:
            change[place.data_key] = successors[own]
        if change:
            changes.append((row, change))
    return changes


def _claimed(cell: Cell) -> int | None:
    try:
        return key_id_of(cell.envelope)
    except BadTag:
        return None


def _identified(cell: Cell) -> dict[str, Any]:
    return {"attribute_number": cell.number, "record_id": cell.identity}

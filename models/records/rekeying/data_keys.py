"""New keys for what an entity seals: month keys and record keys, and whatever was sealed with them
besides attributes: mails, drafts, what applicants wrote."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table

from crypto.key_rotation import SEALING, RotatingKeys
from crypto.keystore_tables import Purpose
from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from models.records.engine import RecordEngine
from models.records.rekeying import journal
from models.records.rekeying.journal import Rotation
from models.records.rekeying.patience import Patience
from models.records.rekeying.places import Place, Row, entity_place, platform_places
from models.records.rekeying.resealing import OldKeys, named_keys, resealed
from models.records.rekeying.rotating import Rotated, carry_out
from models.records.rekeying.swapping import Change, rows_below, swap
from models.records.rekeying.verifying import Progress, Verification, unseen, verify
from models.records.sealing import PLATFORM
from models.security.caller import Caller
from models.tables.session import Transaction

OF_PLATFORM = "platform"
"""The name of the month keys that seal what belongs to no sealed record."""


def rotate(
    engine: RecordEngine,
    caller: Caller,
    names: Sequence[str],
    *,
    progress: Progress = unseen,
    patience: Patience | None = None,
) -> list[Rotated]:
    """New keys for these entities, or OF_PLATFORM. RotationHalted where a value does not open."""
    works = [DataKeys(engine, name) for name in names]
    return carry_out(engine, caller, works, progress=progress, patience=patience)


def rotatable(engine: RecordEngine) -> list[str]:
    """Whose keys can be changed. The platform's one lasting key, of which the audit's secret is
    derived, is not among them."""
    sealing = (one for one in engine.catalog.entities.values() if one.sealed_attributes)
    return [*(one.logical_name for one in sealing), OF_PLATFORM]


class DataKeys:
    """The work of one rotation."""

    kind = journal.DATA

    def __init__(self, engine: RecordEngine, name: str) -> None:
        self.engine, self.name = engine, name
        self.entity = None if name == OF_PLATFORM else name
        catalog = engine.catalog
        self.version = catalog.version
        self.number, own, purposes = _of(catalog, name)
        self.places = (*own, *platform_places())
        keystore = engine.keyring.keystore
        self.keys = RotatingKeys(keystore, purposes, entity_number=self.number)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(place.table for place in self.places)

    def pass_over(self, rotation: Rotation, old: OldKeys, progress: Progress) -> int:
        done = 0
        for number in range(rotation.place, len(self.places)):
            place = self.places[number]
            after = rotation.cursor if number == rotation.place else ""
            while rows := self._rows(place, old, after):
                changes = resealed(self.engine.keyring, old, place, rows)
                after = place.cursor_of(rows[-1])
                done += self._write(rotation, number, after, changes)
                progress(rotation.moved + done)
        return done

    def remaining(self, connection: Connection, old: OldKeys) -> int:
        count = 0
        for place in self.places:
            after = ""
            while rows := rows_below(connection, place, boundary=old.boundary, after=after):
                named = [named_keys(place, row) for row in rows]
                living = old.among(set[int]().union(*named))
                count += sum(not living.isdisjoint(ids) for ids in named)
                after = place.cursor_of(rows[-1])
        return count

    def verified(self, old: OldKeys) -> Verification:
        return verify(self.engine, self.places, withhold=old.among)

    def _rows(self, place: Place, old: OldKeys, after: str) -> Sequence[Row]:
        with self.engine.database.reading() as connection:
            return rows_below(connection, place, boundary=old.boundary, after=after)

    def _write(
        self, rotation: Rotation, number: int, cursor: str, changes: Sequence[Change]
    ) -> int:
        def work(transaction: Transaction) -> int:
            moved = swap(transaction, self.places[number], changes)
            journal.checkpoint(transaction, rotation, place=number, cursor=cursor, moved=moved)
            return moved

        return self.engine.database.run(work)


def _of(catalog: Catalog, name: str) -> tuple[int, tuple[Place, ...], tuple[Purpose, ...]]:
    """The number that the keys are kept under, the records' own place, what the keys are for."""
    if name == OF_PLATFORM:
        return PLATFORM, (), (Purpose.MONTH,)  # each extract's file has a key of its own, and ends
    entity = catalog.entities.get(name)
    if entity is None or not entity.sealed_attributes:
        raise DefinitionError("there is no such entity, or it seals nothing", where=name)
    return entity.number, (entity_place(catalog, entity),), SEALING

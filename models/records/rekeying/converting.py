"""Values in clear that are to be sealed, and sealed ones that are to be in clear again.

They are made in columns beside, batch by batch, while the old ones stay in use: a mark tells of
which version of the record, and under which key. When the new definition is published, in its
transaction, the few that are behind follow, it is proved that none is, and the columns change
places.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, or_, select, true, update

from crypto.envelope import key_id_of, open_sealed
from crypto.keyring import OpenedKey
from crypto.padding import unpad
from models.metadata.attribute_types import type_of
from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.losses import newly_sealed
from models.metadata.tables import DATA_KEY
from models.records.engine import RecordEngine
from models.records.rekeying import journal
from models.records.rekeying.beside import (
    MARK,
    UNDER,
    beside,
    change_places,
    drop_left_over,
    make,
    table_with_both,
)
from models.records.rekeying.places import Row
from models.records.rekeying.rotating import RotationHalted
from models.records.rekeying.verifying import Progress, unseen
from models.records.sealing import SHREDDED, Opener, seal_values
from models.tables.base import utc_now
from models.tables.session import Transaction

BATCH = 1000
FEW = 100
"""So many rows are left to the switch: with writers at work some always are."""


def conversions(engine: RecordEngine, before: Catalog, after: Catalog) -> "list[Conversion]":
    """One for each entity of which an attribute becomes sealed, or ceases to be."""
    names = sorted({entity for entity, _ in newly_sealed(before, after)})
    return [Conversion(engine, before.entity(name), after.entity(name)) for name in names]


def give_up(engine: RecordEngine) -> list[Table]:
    """Drop what was made of conversions that did not come to their end; of which tables."""
    tables = engine.catalog.tables.entities.values()
    return engine.database.run(lambda transaction: drop_left_over(transaction.lock(), tables))


class Conversion:
    """One entity's values brought after its new definition."""

    def __init__(self, engine: RecordEngine, old: EntityDefinition, new: EntityDefinition) -> None:
        self._engine, self._old, self._new = engine, old, new
        self.changed = [
            one
            for name, one in new.attributes.items()
            if name in old.attributes and old.attributes[name].sealed is not one.sealed
        ]
        self._seals = any(one.sealed for one in self.changed)
        self.table = table_with_both(old, self.changed)

    def prepare(self, progress: Progress = unseen) -> None:
        """Make the values beside, while everybody goes on; what is changed meanwhile follows in
        the next pass. It may be broken off, and begun again."""
        self._engine.database.run(lambda transaction: make(transaction.lock(), self.table))
        done = 0
        moved = FEW
        while moved >= FEW:
            moved = self._pass(partial(_beyond, progress, done))
            done += moved

    def switch(self, connection: Connection) -> None:
        """To the new definition, within the transaction that publishes it."""
        if journal.found(connection, journal.DATA, self._new.number) is not None:
            raise RotationHalted(f"end first: flask keys rotate-data {self._new.logical_name}")
        make(connection, self.table)
        if connection.dialect.name == "postgresql":
            name = connection.dialect.identifier_preparer.format_table(self.table)
            statement = f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"
            connection.exec_driver_sql(statement)  # nosemgrep: sql-from-strings - a name of ours
        while rows := self._behind(connection, true()):
            self._write(connection, self._converted(rows))
        self._prove(connection)
        change_places(connection, self.table)

    def _pass(self, progress: Progress) -> int:
        done, beyond = 0, true()
        while True:
            with self._engine.database.reading() as connection:
                rows = self._behind(connection, beyond)
            if not rows:
                return done
            changes = self._converted(rows)
            done += self._engine.database.run(partial(self._write_batch, changes=changes))
            beyond = self.table.c.id > rows[-1]["id"]
            progress(done)

    def _behind(self, connection: Connection, beyond: ColumnElement[bool]) -> Sequence[Row]:
        table = self.table
        behind = or_(
            table.c[MARK].is_distinct_from(table.c.versionnumber),
            table.c[UNDER].is_distinct_from(table.c[DATA_KEY]),
        )
        statement = select(table).where(behind, beyond).order_by(table.c.id).limit(BATCH)
        return connection.execute(statement).mappings().all()

    def _converted(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """What is to be written to each row."""
        sealed = [one.logical_name for one in self.changed if not one.sealed]
        opener = Opener(self._engine.keyring, [row[name] for row in rows for name in sealed])
        changes = []
        for row, key in zip(rows, self._keys(rows), strict=True):
            clear = self._clear(opener, row)
            made = (
                clear
                if key is None
                else seal_values(self._new, clear, record_id=row["id"], key=key)
            )
            if key is not None:
                self._compare(key, row["id"], clear, made)
            known = {"of_row": row["id"], "known": row["versionnumber"], "key": row[DATA_KEY]}
            changes.append(
                {f"new_{beside(name)}": value for name, value in made.items()}
                | known
                | {"new_key": row[DATA_KEY] if key is None else key.id}
            )
        return changes

    def _clear(self, opener: Opener, row: Row) -> dict[str, Any]:
        """The values as they are to be read. What was shredded is nothing any more."""
        found = {}
        for one in self.changed:
            value = row[one.logical_name]
            if value is not None and not one.sealed:
                value = opener.open(self._old.attributes[one.logical_name], value, row["id"])
            found[one.logical_name] = None if value is SHREDDED else value
        return found

    def _keys(self, rows: Sequence[Row]) -> list[OpenedKey | None]:
        """Each record's own; a new one where it has none. None where nothing is to be sealed."""
        if not self._seals:
            return [None] * len(rows)
        keyring, bucket = self._engine.keyring, self._new.key_bucket
        ciphers = keyring.find_keys({row[DATA_KEY] for row in rows} - {None}).ciphers
        keys: list[OpenedKey | None] = []
        for row in rows:
            known = ciphers.get(row[DATA_KEY])
            if known is not None:
                keys.append(OpenedKey(row[DATA_KEY], known))
                continue
            on = row["createdon"] if bucket == "month" else utc_now()
            keys += keyring.sealing_keys(self._new.number, bucket, 1, on=on)
        return keys

    def _compare(
        self, key: OpenedKey, record_id: UUID, clear: Mapping[str, Any], made: Mapping[str, Any]
    ) -> None:
        """What was sealed is opened again before the value in clear is given up."""
        for one in self.changed:
            envelope = made[one.logical_name]
            if not one.sealed or envelope is None:
                continue
            padded = open_sealed(
                key.cipher,
                envelope=envelope,
                attribute_number=one.number,
                record_id=record_id.bytes,
            )
            same = unpad(padded) == type_of(one).encode(clear[one.logical_name])
            if not same or key_id_of(envelope) != key.id:
                raise RotationHalted(
                    f"{self._new.logical_name} {record_id.hex}: not the same value"
                )

    def _write_batch(self, transaction: Transaction, changes: list[dict[str, Any]]) -> int:
        return self._write(transaction.lock(), changes)

    def _write(self, connection: Connection, changes: list[dict[str, Any]]) -> int:
        """To the rows that are still as they were read; how many those are."""
        table = self.table
        names = [beside(one.logical_name) for one in self.changed]
        statement = (
            update(table)
            .where(table.c.id == bindparam("of_row"))
            .where(table.c.versionnumber == bindparam("known"))
            .where(table.c[DATA_KEY].is_not_distinct_from(bindparam("key")))
            .values({name: bindparam(f"new_{name}") for name in names})
            .values({MARK: bindparam("known"), UNDER: bindparam("new_key")})
            .values({DATA_KEY: bindparam("new_key")})
        )
        return connection.execute(statement, changes).rowcount

    def _prove(self, connection: Connection) -> None:
        """Nothing in clear is left without its envelope, and none has one that has no value."""
        table = self.table
        for one in self.changed:
            if one.sealed:
                old, new = table.c[one.logical_name], table.c[beside(one.logical_name)]
                differ = old.is_(None) != new.is_(None)
                counted = select(func.count()).select_from(table).where(differ)
                if connection.scalar(counted):
                    raise RotationHalted(f"{self._new.logical_name}: values are left behind")


def _beyond(progress: Progress, before: int, rows: int) -> None:
    progress(before + rows)

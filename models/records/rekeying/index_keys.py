"""One entity's blind index gone over: entries made from the sealed values, put in the place of
those that there are.

An entry is made under the key of the month in which its record came. What the values are is seen
here and told to nobody.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, func, select

from crypto.errors import SealingError
from crypto.key_rotation import INDEXING, RotatingKeys
from crypto.keyring import period_of
from models.metadata.errors import DefinitionError
from models.records.blind_search import index_rows
from models.records.engine import RecordEngine
from models.records.rekeying import journal
from models.records.rekeying.journal import Rotation
from models.records.rekeying.places import Row
from models.records.rekeying.resealing import OldKeys
from models.records.rekeying.verifying import Progress, Verification
from models.records.sealing import SHREDDED, Opener
from models.records.store import RecordStore, chunks
from models.tables.base import table_of
from models.tables.record_data import BlindIndexEntry
from models.tables.session import Transaction

BATCH = 1000
ENTRY = table_of(BlindIndexEntry)


class Opened(NamedTuple):
    """The indexed values of one record."""

    id: UUID
    created_on: datetime
    values: dict[str, Any]


def indexed(engine: RecordEngine) -> list[str]:
    """The entities with a blind index."""
    entities = engine.catalog.entities.values()
    return [one.logical_name for one in entities if one.indexed_attributes]


class IndexKeys:
    """The work of one rotation, and of a rebuilding."""

    kind = journal.INDEX

    def __init__(self, engine: RecordEngine, name: str) -> None:
        if name not in indexed(engine):
            raise DefinitionError("there is no such entity, or it has no index", where=name)
        self.engine, self.name, self.entity = engine, name, name
        self._catalog = engine.catalog
        self.version = self._catalog.version
        self._indexed = self._catalog.entity(name)
        self._table = self._catalog.tables.entities[name]
        self._numbers = [one.number for one in self._indexed.indexed_attributes]
        self._columns = [
            self._table.c[one.logical_name] for one in self._indexed.indexed_attributes
        ]
        self.number = self._indexed.number
        keystore = engine.keyring.keystore
        self.keys = RotatingKeys(keystore, INDEXING, entity_number=self.number)

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self._table, ENTRY)

    def pass_over(self, rotation: Rotation, old: OldKeys, progress: Progress) -> int:
        """The first time all records; then those of which an entry is under an old key."""
        done = 0
        batches = self._stale(old) if rotation.passes else self.batches(after=rotation.cursor)
        for rows in batches:
            done += self._write(rotation, rows)
            progress(rotation.moved + done)
        return done

    def remaining(self, connection: Connection, old: OldKeys) -> int:
        counted = select(func.count()).select_from(ENTRY).where(*self._under(old))
        return connection.scalar(counted) or 0

    def verified(self, old: OldKeys) -> Verification:
        """Whether each value has an entry by which it is found once the old keys are gone."""
        found = Verification()
        for rows in self.batches():
            opened = self._opened(rows)
            wanted = {(row["record_id"], row["attribute_number"]) for row in self._entries(opened)}
            missing = wanted - self._present([one.id for one in opened], old)
            found.rows += len(rows)
            found.opened += len(wanted - missing)
            found.withheld += len(missing)  # a writer's, who came between: the next pass sees it
        return found

    def batches(self, *, after: str = "") -> Iterator[Sequence[Row]]:
        """All records, some at a time."""
        beyond = () if not after else (self._table.c.id > UUID(after),)
        while rows := self._read(beyond):
            yield rows
            beyond = (self._table.c.id > rows[-1]["id"],)

    def renew(self, transaction: Transaction, rows: Sequence[Row]) -> int:
        """Give the records their entries, as far as they are still as they were read; how many
        those are. The values are opened before the write transaction begins."""
        entries = self._entries(self._opened(rows))
        same = self._unchanged(transaction, rows)
        store = RecordStore(self._catalog, transaction)
        stale = dict.fromkeys(self._numbers, sorted(same))
        store.reindex(stale, [row for row in entries if row["record_id"] in same])
        return len(same)

    def _write(self, rotation: Rotation, rows: Sequence[Row]) -> int:
        def work(transaction: Transaction) -> int:
            moved = self.renew(transaction, rows)
            cursor = rows[-1]["id"].hex
            journal.checkpoint(transaction, rotation, place=0, cursor=cursor, moved=moved)
            return moved

        return self.engine.database.run(work)

    def _stale(self, old: OldKeys) -> Iterator[Sequence[Row]]:
        """The records with an entry under an old key. An entry of no record goes."""
        beyond: tuple[ColumnElement[bool], ...] = ()
        while ids := self._stale_ids(old, beyond):
            rows = self._read((self._table.c.id.in_(ids),))
            gone = set(ids) - {row["id"] for row in rows}
            if gone:
                self.engine.database.run(partial(self._drop, ids=gone))
            if rows:
                yield rows
            beyond = (ENTRY.c.record_id > ids[-1],)

    def _stale_ids(self, old: OldKeys, beyond: Sequence[ColumnElement[bool]]) -> Sequence[UUID]:
        named = ENTRY.c.record_id
        statement = select(named).distinct().where(*self._under(old), *beyond)
        with self.engine.database.reading() as connection:
            return connection.scalars(statement.order_by(named).limit(BATCH)).all()

    def _under(self, old: OldKeys) -> tuple[ColumnElement[bool], ...]:
        return (ENTRY.c.attribute_number.in_(self._numbers), ENTRY.c.key_id < old.boundary)

    def _read(self, which: Sequence[ColumnElement[bool]]) -> Sequence[Row]:
        columns = (self._table.c.id, self._table.c.createdon, *self._columns)
        statement = select(*columns).where(*which).order_by(self._table.c.id).limit(BATCH)
        with self.engine.database.reading() as connection:
            return connection.execute(statement).mappings().all()

    def _opened(self, rows: Sequence[Row]) -> list[Opened]:
        """What does not open is found by nothing; to tell of it is verifying's."""
        names = [column.name for column in self._columns]
        opener = Opener(self.engine.keyring, [row[name] for row in rows for name in names])
        found = []
        for row in rows:
            values = {}
            for attribute in self._indexed.indexed_attributes:
                envelope = row[attribute.logical_name]
                if envelope is None:
                    continue
                try:
                    value = opener.open(attribute, envelope, row["id"])
                except SealingError:
                    continue
                if value is not SHREDDED:
                    values[attribute.logical_name] = value
            found.append(Opened(row["id"], row["createdon"], values))
        return found

    def _entries(self, opened: Sequence[Opened]) -> list[dict[str, Any]]:
        by_month: dict[int, list[Opened]] = defaultdict(list)
        for one in opened:
            by_month[period_of(one.created_on)].append(one)
        return [
            row
            for of_month in by_month.values()
            for row in index_rows(
                self.engine.keyring,
                self._indexed,
                [(one.id, one.values) for one in of_month],
                on=of_month[0].created_on,
            )
        ]

    def _unchanged(self, transaction: Transaction, rows: Sequence[Row]) -> set[UUID]:
        """Which of the rows stand as they were read; nobody changes them until the end."""
        connection, read = transaction.lock(), {row["id"]: row for row in rows}
        same = set()
        for chunk in chunks(sorted(read), 500):
            statement = select(self._table.c.id, *self._columns).where(self._table.c.id.in_(chunk))
            for now in connection.execute(statement.with_for_update()).mappings():
                before = read[now["id"]]
                if all(before[column.name] == now[column.name] for column in self._columns):
                    same.add(now["id"])
        return same

    def _present(self, ids: Sequence[UUID], old: OldKeys) -> set[tuple[UUID, int]]:
        found: set[tuple[UUID, int]] = set()
        for chunk in chunks(ids, 500):
            statement = select(ENTRY.c.record_id, ENTRY.c.attribute_number).where(
                ENTRY.c.record_id.in_(chunk), ENTRY.c.key_id >= old.boundary
            )
            with self.engine.database.reading() as connection:
                found |= {(row[0], row[1]) for row in connection.execute(statement)}
        return found

    def _drop(self, transaction: Transaction, ids: set[UUID]) -> None:
        connection = transaction.lock()
        there = connection.scalars(select(self._table.c.id).where(self._table.c.id.in_(ids)))
        gone = sorted(ids - set(there))
        RecordStore(self._catalog, transaction).reindex(dict.fromkeys(self._numbers, gone), [])

"""Data keys changed for others: all of an entity's are retired, each gets a successor, and in the
end the retired ones are destroyed.

The old keys of a rotation are those with an id below its `boundary`: it can be asked at any time,
and after a crash, which they are. Knows nothing of what is sealed with them, nor who goes over it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from crypto import keystore_queries as queries
from crypto.keystore import Keystore
from crypto.keystore_queries import Bucket
from crypto.keystore_tables import KeyState, Purpose, data_key, key_succession, keystore_value
from crypto.wrapping import REPLACED

SEALING = (Purpose.MONTH, Purpose.RECORD)
INDEXING = (Purpose.INDEX,)
LIVING = (KeyState.ACTIVE, KeyState.DECRYPT)


class HighWater(NamedTuple):
    """How far a keystore has come: both numbers only grow."""

    next_key_id: int
    generation: int


class _Old(NamedTuple):
    id: int
    purpose: int
    entity_number: int
    period: int


@dataclass(frozen=True, slots=True)
class KeyCount:
    """How many keys of one kind there are."""

    purpose: Purpose
    entity_number: int
    state: KeyState
    count: int
    oldest: datetime


class RotatingKeys:
    """One entity's keys of some purposes, in one keystore."""

    def __init__(
        self, keystore: Keystore, purposes: Collection[Purpose], *, entity_number: int
    ) -> None:
        self._keystore = keystore
        self._of_entity = data_key.c.purpose.in_([int(one) for one in purposes]) & (
            data_key.c.entity_number == entity_number
        )

    def retire(self) -> tuple[int, int]:
        """Have what is there open and no longer seal: the boundary, and how many keys lie below
        it. Asked twice, a second boundary lies above the first."""
        with self._keystore.writing() as connection:
            queries.advance(connection, "generation", by=1)
            boundary = queries.advance(connection, "next_key_id", by=0)
            active = self._below(boundary) & (data_key.c.state == KeyState.ACTIVE)
            connection.execute(update(data_key).where(active).values(state=KeyState.DECRYPT))
            living = self._below(boundary) & data_key.c.state.in_(LIVING)
            count = connection.scalar(select(func.count()).where(living)) or 0
        return boundary, count

    def old_among(self, ids: Collection[int], *, boundary: int) -> set[int]:
        """Those of `ids` that the rotation is to replace: below the boundary, and still there."""
        with self._keystore.reading() as connection:
            return {row.id for row in self._old_rows(connection, ids, boundary)}

    def successors(self, ids: Collection[int], *, boundary: int) -> dict[int, int]:
        """For each of `ids` that is to be replaced the key that takes its place: of a month the
        month's new key, of a record one of its own, the same whenever it is asked for."""
        if not ids:
            return {}
        with self._keystore.reading() as connection:
            old = self._old_rows(connection, ids, boundary)
        buckets = {row.id: Bucket(Purpose(row.purpose), *row[2:]) for row in old}
        shared = {one for one in buckets.values() if one.purpose is not Purpose.RECORD}
        of_month = {bucket: self._active(bucket) for bucket in shared}
        own = {key_id: one for key_id, one in buckets.items() if one.purpose is Purpose.RECORD}
        found = self._own_successors(own) if own else {}
        months = {key_id: of_month[one] for key_id, one in buckets.items() if one in of_month}
        return found | months

    def destroy(self, *, boundary: int) -> int:
        """Destroy what lies below the boundary, and forget what took whose place; how many keys
        still lived. Whoever meets one of them later learns that it was replaced."""
        below = self._below(boundary)
        with self._keystore.writing() as connection:
            queries.advance(connection, "generation", by=1)
            gone = {"state": KeyState.REPLACED, "wrapped": REPLACED}
            living = below & data_key.c.state.in_(LIVING)
            statement = update(data_key).where(living).values(**gone, destroyed_on=_now())
            count = connection.execute(statement).rowcount
            of_these = key_succession.c.old_id.in_(select(data_key.c.id).where(below))
            connection.execute(delete(key_succession).where(of_these))
        self._keystore.empty_log()
        return count

    def _below(self, boundary: int) -> ColumnElement[bool]:
        return self._of_entity & (data_key.c.id < boundary)

    def _old_rows(self, connection: Connection, ids: Collection[int], boundary: int) -> list[_Old]:
        living = self._below(boundary) & data_key.c.state.in_(LIVING)
        columns = [data_key.c[name] for name in _Old._fields]
        found: list[_Old] = []
        for chunk in queries.chunks(sorted(ids)):
            statement = select(*columns).where(data_key.c.id.in_(chunk), living)
            found += [_Old(*row) for row in connection.execute(statement)]
        return found

    def _active(self, bucket: Bucket) -> int:
        key = self._keystore.active_key(
            bucket.purpose, entity_number=bucket.entity_number, period=bucket.period
        )
        return key.id

    def _own_successors(self, buckets: dict[int, Bucket]) -> dict[int, int]:
        with self._keystore.writing() as connection:
            queries.advance(connection, "next_key_id", by=0)  # one at a time finds who is missing
            found = _known(connection, sorted(buckets))
            missing: dict[Bucket, list[int]] = {}
            for key_id, bucket in buckets.items():
                if key_id not in found:
                    missing.setdefault(bucket, []).append(key_id)
            for bucket, old in missing.items():
                keys = self._keystore.add(connection, bucket, count=len(old))
                made = {one: key.id for one, key in zip(old, keys, strict=True)}
                rows = [{"old_id": one, "new_id": new} for one, new in made.items()]
                connection.execute(insert(key_succession), rows)
                found |= made
        return found


def high_water(keystore: Keystore) -> HighWater:
    names = ("next_key_id", "generation")
    statement = select(keystore_value.c.name, keystore_value.c.number)
    with keystore.reading() as connection:
        found = dict(connection.execute(statement.where(keystore_value.c.name.in_(names))).all())
    return HighWater(*(int(found[name] or 0) for name in names))


def key_counts(keystore: Keystore) -> list[KeyCount]:
    """All keys, by purpose, entity and state."""
    by = (data_key.c.purpose, data_key.c.entity_number, data_key.c.state)
    statement = select(*by, func.count(), func.min(data_key.c.created_on)).group_by(*by)
    with keystore.reading() as connection:
        rows = connection.execute(statement.order_by(*by)).all()
    return [
        KeyCount(Purpose(purpose), number, KeyState(state), count, _aware(oldest))
        for purpose, number, state, count, oldest in rows
    ]


def only_opening(keystore: Keystore) -> set[int]:
    """The keys that open and no longer seal: what they sealed waits for the end of a rotation."""
    statement = select(data_key.c.id).where(data_key.c.state == KeyState.DECRYPT)
    with keystore.reading() as connection:
        return set(connection.scalars(statement))


def replaced_among(keystore: Keystore, ids: Collection[int]) -> set[int]:
    """Those of `ids` that a rotation has replaced."""
    found: set[int] = set()
    with keystore.reading() as connection:
        for chunk in queries.chunks(sorted(ids)):
            gone = data_key.c.id.in_(chunk) & (data_key.c.state == KeyState.REPLACED)
            found.update(connection.scalars(select(data_key.c.id).where(gone)))
    return found


def _known(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in queries.chunks(ids):
        statement = select(key_succession).where(key_succession.c.old_id.in_(chunk))
        found.update((row.old_id, row.new_id) for row in connection.execute(statement))
    return found


def _aware(time: datetime) -> datetime:
    """SQLite keeps no zone."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)

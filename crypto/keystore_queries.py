"""The statements the keystore is made of. They run in its transactions and open no key."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select, update

from crypto.errors import UnknownKey
from crypto.keystore_tables import (
    KeyState,
    Purpose,
    data_key,
    erased_record,
    key_succession,
    keystore_value,
)
from crypto.wrapping import DataKey, WrappedKey

Chunked = TypeVar("Chunked")
GONE = (KeyState.DESTROYED, KeyState.REPLACED)
_CHUNK = 1000

WRAPPED_KEYS: Select[int, int, int, int, bytes | None] = select(
    data_key.c.id,
    data_key.c.purpose,
    data_key.c.entity_number,
    data_key.c.period,
    data_key.c.wrapped,
)


class Bucket(NamedTuple):
    """What shares a key, or at least its end: a purpose, an entity, a period (yyyymm, or 0)."""

    purpose: Purpose
    entity_number: int
    period: int


class ErasedRecord(NamedTuple):
    """A record that went; or, where it was made nobody's, the names of what was emptied."""

    entity_number: int
    record_id: UUID
    emptied: tuple[str, ...] = ()
    on: datetime | None = None
    """When the keystore noted it; it is not asked for that."""


def advance(connection: Connection, name: str, *, by: int) -> int:
    """Advance a counter and hold it until the transaction ends; returns its new number."""
    statement = (
        update(keystore_value)
        .where(keystore_value.c.name == name)
        .values(number=keystore_value.c.number + by)
        .returning(keystore_value.c.number)
    )
    return cast(int, connection.execute(statement).scalar_one())


def generation(connection: Connection) -> int:
    return cast(int, connection.execute(_GENERATION).scalar_one())


def wrapping_key(connection: Connection) -> bytes | None:
    """The wrapping key as the provider wrapped it; None in a keystore not set up yet."""
    return connection.execute(_WRAPPING_KEY).scalar_one_or_none()


def required_wrapping_key(connection: Connection) -> bytes:
    wrapped = wrapping_key(connection)
    if wrapped is None:
        raise UnknownKey("this keystore has not been set up")
    return wrapped


def offered_wrapping_key(connection: Connection) -> bytes | None:
    """The same wrapping key under the root key that is about to take the other's place."""
    statement = select(keystore_value.c.content).where(keystore_value.c.name == OFFERED)
    return connection.execute(statement).scalar_one_or_none()


def offer_wrapping_key(connection: Connection, wrapped: bytes) -> None:
    connection.execute(delete(keystore_value).where(keystore_value.c.name == OFFERED))
    connection.execute(insert(keystore_value), {"name": OFFERED, "content": wrapped})


def settle_wrapping_key(connection: Connection, wrapped: bytes) -> None:
    """From now on this one, and no other."""
    named = keystore_value.c.name
    connection.execute(update(keystore_value).where(named == "wrapping_key"), {"content": wrapped})
    connection.execute(delete(keystore_value).where(named == OFFERED))


def with_their_line(connection: Connection, ids: Sequence[int]) -> Iterator[ColumnElement[bool]]:
    """Conditions for the keys of `ids`, and for those that take their place, or whose place they
    take, in a rotation that goes on."""
    old, new = key_succession.c.old_id, key_succession.c.new_id
    for chunk in chunks(ids):
        line = select(new).where(old.in_(chunk)).union(select(old).where(new.in_(chunk)))
        others = list(connection.scalars(line))
        yield data_key.c.id.in_([*chunk, *others])


def active_ids(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of `ids` that still seal."""
    found: set[int] = set()
    for chunk in chunks(ids):
        active = data_key.c.id.in_(chunk) & (data_key.c.state == KeyState.ACTIVE)
        found.update(connection.scalars(select(data_key.c.id).where(active)))
    return found


def destroy(connection: Connection, condition: ColumnElement[bool]) -> Sequence[int]:
    """Of the keys that the condition names those that still lived."""
    statement = (
        update(data_key)
        .where(condition, data_key.c.state.not_in(GONE))
        .values(wrapped=None, state=KeyState.DESTROYED, destroyed_on=datetime.now(UTC))
        .returning(data_key.c.id)
    )
    return connection.execute(statement).scalars().all()


def keys_by_id(connection: Connection, ids: Sequence[int]) -> Iterator[list[WrappedKey]]:
    """Read rows by ascending id, a chunk at a time. Keys made together are read as a range, which
    may bring some that were not asked for."""
    for chunk in chunks(ids):
        if chunk[-1] - chunk[0] < 2 * len(chunk):
            condition = data_key.c.id.between(chunk[0], chunk[-1])
        else:
            condition = data_key.c.id.in_(chunk)
        yield rows(connection, WRAPPED_KEYS.where(condition))


def active_key(connection: Connection, bucket: Bucket) -> WrappedKey | None:
    query = WRAPPED_KEYS.where(in_bucket(bucket), data_key.c.state == KeyState.ACTIVE)
    found = rows(connection, query.order_by(data_key.c.id.desc()).limit(1))
    return found[0] if found else None


def live_keys(connection: Connection, purpose: Purpose, *, entity_number: int) -> list[WrappedKey]:
    query = (
        WRAPPED_KEYS.where(data_key.c.purpose == int(purpose))
        .where(data_key.c.entity_number == entity_number)
        .where(data_key.c.state.in_((KeyState.ACTIVE, KeyState.DECRYPT)))
        .order_by(data_key.c.period.desc(), data_key.c.id.desc())
    )
    return rows(connection, query)


def in_bucket(bucket: Bucket) -> ColumnElement[bool]:
    return (
        (data_key.c.purpose == int(bucket.purpose))
        & (data_key.c.entity_number == bucket.entity_number)
        & (data_key.c.period == bucket.period)
    )


def note_erased(connection: Connection, erased: Collection[ErasedRecord], *, on: datetime) -> None:
    """Remember records; of one that is noted already, what became of it last."""
    known = erased_record.c
    for chunk in chunks(list({one.record_id: one for one in erased}.values())):
        ids = [one.record_id.bytes for one in chunk]
        connection.execute(delete(erased_record).where(known.record_id.in_(ids)))
        connection.execute(
            insert(erased_record),
            [
                {
                    "record_id": one.record_id.bytes,
                    "entity_number": one.entity_number,
                    "erased_on": on,
                    "emptied": ",".join(one.emptied) or None,
                }
                for one in chunk
            ],
        )


def erased(connection: Connection, entity_number: int) -> Iterator[list[ErasedRecord]]:
    """In the order of their ids."""
    known, after = erased_record.c, b""
    while True:
        statement = (
            select(known.record_id, known.emptied, known.erased_on)
            .where(known.entity_number == entity_number)
            .where(known.record_id > after)
            .order_by(known.record_id)
            .limit(_CHUNK)
        )
        found = connection.execute(statement).all()
        if not found:
            return
        yield [
            ErasedRecord(
                entity_number,
                UUID(bytes=row.record_id),
                tuple(row.emptied.split(",")) if row.emptied else (),
                _aware(row.erased_on),
            )
            for row in found
        ]
        after = found[-1].record_id


def _aware(time: datetime) -> datetime:
    """SQLite keeps no zone."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def rows(
    connection: Connection, query: Select[int, int, int, int, bytes | None]
) -> list[WrappedKey]:
    return cast(list[WrappedKey], connection.execute(query).all())


def chunks(ids: Sequence[Chunked]) -> Iterator[Sequence[Chunked]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def first_values(wrapped: bytes) -> list[dict[str, object]]:
    return [
        {"name": "wrapping_key", "number": None, "content": wrapped},
        {"name": "next_key_id", "number": 1, "content": None},
        {"name": "generation", "number": 1, "content": None},
    ]


def key_row(key: DataKey, *, wrapped: bytes, created_on: datetime) -> dict[str, object]:
    return {
        "id": key.id,
        "purpose": key.purpose,
        "entity_number": key.entity_number,
        "period": key.period,
        "wrapped": wrapped,
        "state": KeyState.ACTIVE,
        "created_on": created_on,
    }


OFFERED = "wrapping_key_offered"
QUICK_GENERATION = "SELECT number FROM keystore_value WHERE name = 'generation'"
_GENERATION = select(keystore_value.c.number).where(keystore_value.c.name == "generation")
_WRAPPING_KEY = select(keystore_value.c.content).where(keystore_value.c.name == "wrapping_key")

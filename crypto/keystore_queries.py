"""The statements the keystore is made of. They run in its transactions and open no key."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, Select, select, update

from crypto.errors import UnknownKey
from crypto.keystore_tables import KeyState, Purpose, data_key, keystore_value
from crypto.wrapping import WrappedKey

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
        .where(data_key.c.state != KeyState.DESTROYED)
        .order_by(data_key.c.period.desc(), data_key.c.id.desc())
    )
    return rows(connection, query)


def in_bucket(bucket: Bucket) -> ColumnElement[bool]:
    return (
        (data_key.c.purpose == int(bucket.purpose))
        & (data_key.c.entity_number == bucket.entity_number)
        & (data_key.c.period == bucket.period)
    )


def rows(
    connection: Connection, query: Select[int, int, int, int, bytes | None]
) -> list[WrappedKey]:
    return cast(list[WrappedKey], connection.execute(query).all())


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


QUICK_GENERATION = "SELECT number FROM keystore_value WHERE name = 'generation'"
_GENERATION = select(keystore_value.c.number).where(keystore_value.c.name == "generation")
_WRAPPING_KEY = select(keystore_value.c.content).where(keystore_value.c.name == "wrapping_key")

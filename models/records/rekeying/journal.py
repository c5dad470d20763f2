"""How far a rotation is, kept in the database: whoever goes on after a crash begins there.

A checkpoint is written in the transaction of the rows it tells of. It knows no key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from models.tables.base import new_id, utc_now
from models.tables.keys import KeyRotation
from models.tables.session import Transaction

DATA, INDEX = "data", "index"


@dataclass(frozen=True, slots=True)
class Rotation:
    id: UUID
    kind: str
    entity_number: int
    boundary: int
    retired: int
    place: int
    cursor: str
    passes: int
    moved: int
    begun_on: datetime


def begun(transaction: Transaction, kind: str, *, number: int, boundary: int, keys: int) -> None:
    """A rotation has begun: `keys` lie below the boundary."""
    row: dict[str, Any] = {"id": new_id(), "kind": kind, "entity_number": number}
    row |= {"boundary": boundary, "retired": keys, "begun_on": utc_now()}
    transaction.write(insert(KeyRotation), row)


def going_on(connection: Connection) -> list[Rotation]:
    """The rotations that have begun and not ended."""
    table = KeyRotation.__table__
    columns = [table.c[name] for name in Rotation.__slots__]
    statement = select(*columns).where(KeyRotation.ended_on.is_(None))
    rows = connection.execute(statement.order_by(KeyRotation.begun_on)).mappings()
    return [Rotation(**row) for row in rows]


def found(connection: Connection, kind: str, number: int) -> Rotation | None:
    same = (one for one in going_on(connection) if (one.kind, one.entity_number) == (kind, number))
    return next(same, None)


def checkpoint(
    transaction: Transaction, rotation: Rotation, *, place: int, cursor: str, moved: int
) -> None:
    """Done up to `cursor` of the place; `moved` rows more are under new keys."""
    values: dict[str, Any] = {"place": place, "cursor": cursor}
    _write(transaction, rotation, values | {"moved": KeyRotation.moved + moved})


def next_pass(transaction: Transaction, rotation: Rotation) -> None:
    values: dict[str, Any] = {"place": 0, "cursor": "", "passes": KeyRotation.passes + 1}
    _write(transaction, rotation, values)


def ended(transaction: Transaction, rotation: Rotation) -> None:
    _write(transaction, rotation, {"ended_on": utc_now()})


def _write(transaction: Transaction, rotation: Rotation, values: dict[str, Any]) -> None:
    statement = update(KeyRotation).where(KeyRotation.id == rotation.id)
    transaction.write(statement.values(**values))

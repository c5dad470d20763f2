"""Acts entered again in a database that was put back: what came to stand since stands again, and
what had ended has.

A hold or a suspension needs its record; what names nobody who is there keeps the name alone. What
cannot be entered is told, by its table and id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from crypto.envelope import key_id_of
from models.records.engine import RecordEngine
from models.records.legal_acts.keeping import RESTORED, append, book_of, place_of
from models.records.legal_acts.lines import Act
from models.records.legal_acts.rows import KEPT, Kept
from models.tables.base import table_of
from models.tables.principals import SystemUser
from models.tables.record_data import AuditHead
from models.tables.retention import WAITING, Erasure, ErasureRecord
from models.tables.session import Transaction

USERS = table_of(SystemUser)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reentered:
    """By table how many; `left` are the acts that could not be entered. `is_known` is False where
    no second place was at hand: nobody knows what is missing."""

    is_known: bool
    entered: Mapping[str, int]
    left: tuple[str, ...]
    faults: int
    """Lines that are not as they were written: nothing was entered by them."""


def reenter(engine: RecordEngine) -> Reentered:
    """After the erasures were done again, before anybody is let in. Harmless to repeat."""
    if not any(True for _ in place_of(engine).lines()):
        return Reentered(is_known=False, entered={}, left=(), faults=0)
    book = book_of(engine)
    entered, left = dict.fromkeys(KEPT, 0), []
    for act in _in_order(list(book.standing.values())):
        try:
            entered[act.table] += engine.database.run(partial(_enter, engine, act))
        except (_NotHere, IntegrityError):
            left.append(f"{act.table} {act.id}")
    with engine.database.reading() as connection:
        sequence = connection.scalar(select(AuditHead.sequence)) or 0
    append(engine, [Act(RESTORED, str(sequence), {}, sequence)])
    return Reentered(is_known=True, entered=entered, left=tuple(left), faults=book.faults)


class _NotHere(Exception):
    """The record that an act is about, or who answers for it, is not in this database."""


def _in_order(acts: list[Act]) -> list[Act]:
    """What is gone first, from behind; then what others point to."""
    places = {name: place for place, name in enumerate(KEPT)}
    known = [one for one in acts if one.table in places]
    gone = [one for one in known if one.row is None]
    standing = [one for one in known if one.row is not None]
    gone.sort(key=lambda one: -places[one.table])
    standing.sort(key=lambda one: places[one.table])
    return gone + standing


def _enter(engine: RecordEngine, act: Act, transaction: Transaction) -> int:
    """Whether anything was changed."""
    kept = KEPT[act.table]
    if act.row is None:
        this = kept.key(kept.key_of(act.id))
        # nosemgrep: record-written-elsewhere - the platform's own table
        return transaction.write(delete(kept.table).where(this)).rowcount
    values = _with_those_who_are_there(transaction, kept, kept.read(act.row))
    present = transaction.lock().execute(select(kept.table).where(kept.key(values))).mappings()
    row = present.first()
    if not _has_record(engine, transaction, values):
        if row is not None or values.get("lifted_on"):
            return 0  # it was erased again, and what held it has ended
        raise _NotHere
    if row is None:
        _require_open(engine, kept, values)
        # nosemgrep: record-written-elsewhere - the platform's own table
        transaction.write(insert(kept.table).values(**values, **kept.instead))
        return 1
    changed = {name: value for name, value in values.items() if row[name] != value}
    if changed:
        _require_open(engine, kept, changed)
        # nosemgrep: record-written-elsewhere - the platform's own table
        transaction.write(update(kept.table).where(kept.key(values)).values(**changed))
        _settle(transaction, kept, values)
    return int(bool(changed))


def _settle(transaction: Transaction, kept: Kept, values: Mapping[str, Any]) -> None:
    """An erasure that is done waits for nothing; its certificate says what became of it."""
    if kept.table.name == Erasure.__tablename__:
        of_it = ErasureRecord.erasure_id == values["id"], ErasureRecord.outcome == WAITING
        transaction.write(delete(ErasureRecord).where(*of_it))


def _with_those_who_are_there(
    transaction: Transaction, kept: Kept, values: Mapping[str, Any]
) -> dict[str, Any]:
    """An account that was made after the backup is not there: its name is all that is left."""
    found = dict(values)
    for column in kept.table.columns:
        points = any(one.references(USERS) for one in column.foreign_keys)
        if not points or found.get(column.name) is None:
            continue
        statement = select(SystemUser.id).where(SystemUser.id == found[column.name])
        if transaction.read(statement).scalar() is None:
            if not column.nullable:
                raise _NotHere
            found[column.name] = None
    return found


def _has_record(engine: RecordEngine, transaction: Transaction, values: Mapping[str, Any]) -> bool:
    """Whether the record is there that it is about, if it is about one."""
    if "entity" not in values or "record_id" not in values:
        return True
    table = engine.catalog.tables.entities.get(values["entity"])
    if table is None:
        return False
    statement = select(table.c.id).where(table.c.id == values["record_id"])
    return transaction.read(statement).first() is not None


def _require_open(engine: RecordEngine, kept: Kept, values: Mapping[str, Any]) -> None:
    """A keystore that came back from its own backup may not know their keys."""
    if engine.keyring.find_keys(map(key_id_of, kept.sealed(values))).refused:
        raise _NotHere

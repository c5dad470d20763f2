"""The states of an extract, and every step there is from one to another.

A step is one UPDATE that names the state it starts from; its row count says who came first. Who
may take a step is decided before.
"""

from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from exchange.orders import Door
from models.metadata.errors import ConcurrencyConflict, RecordNotFound
from models.tables.extracts import Extract
from models.tables.session import Transaction


class State(StrEnum):
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    BUILDING = "BUILDING"
    READY = "READY"
    FAILED = "FAILED"
    DOWNLOADED = "DOWNLOADED"
    DELETED = "DELETED"


class Step(Enum):
    """From one of these states to that one, for extracts of these doors."""

    APPROVE = ((State.REQUESTED,), State.APPROVED)
    REJECT = ((State.REQUESTED,), State.REJECTED)
    WITHDRAW = ((State.REQUESTED,), State.WITHDRAWN)
    LAPSE = ((State.REQUESTED,), State.EXPIRED)
    BUILD = ((State.APPROVED, State.BUILDING), State.BUILDING)
    FINISH = ((State.BUILDING,), State.READY)
    FAIL = ((State.APPROVED, State.BUILDING), State.FAILED)
    RENEW = ((State.READY,), State.APPROVED)
    EXPIRE = ((State.READY,), State.EXPIRED)
    DOWNLOAD = ((State.READY,), State.DOWNLOADED)
    HAND_OVER = ((State.BUILDING,), State.DOWNLOADED, (Door.PAGE, Door.SHELL, Door.PERSON))
    BREAK_OFF = ((State.BUILDING,), State.FAILED, (Door.PAGE, Door.SHELL, Door.PERSON))
    CONFIRM = ((State.DOWNLOADED,), State.DELETED, tuple(Door))

    def __init__(
        self, before: tuple[State, ...], after: State, doors: tuple[Door, ...] = (Door.REQUEST,)
    ) -> None:
        self.before = before
        self.after = after
        self.doors = doors


def was_taken(
    transaction: Transaction,
    extract_id: UUID,
    step: Step,
    *only: ColumnElement[bool],
    **values: Any,
) -> bool:
    """Take the step, if the extract is where the step begins and `only` holds; whether it was."""
    statement = (
        update(Extract)
        .where(
            Extract.id == extract_id,
            Extract.state.in_(step.before),
            Extract.door.in_(step.doors),
            *only,
        )
        .values(state=step.after, **values)
    )
    return transaction.write(statement).rowcount == 1


def take(
    transaction: Transaction,
    extract_id: UUID,
    step: Step,
    *only: ColumnElement[bool],
    **values: Any,
) -> None:
    """As `was_taken`; ConcurrencyConflict where somebody else was first."""
    if not was_taken(transaction, extract_id, step, *only, **values):
        raise ConcurrencyConflict("the extract is in another state by now")


def found(transaction: Transaction, extract_id: UUID) -> Any:
    """The extract's row; RecordNotFound."""
    statement = select(Extract.__table__).where(Extract.id == extract_id)
    row = transaction.read(statement).first()
    if row is None:
        raise RecordNotFound("extract")
    return row

"""Who carries out an erasure: one job at a time. A job that died loses its claim with time, and
the same job taken up again goes on at once.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from models.records.engine import RecordEngine
from models.tables.base import utc_now
from models.tables.retention import APPROVED, Erasure
from models.tables.session import Transaction

CLAIM = timedelta(minutes=10)
"""Renewed with every batch."""
CLAIM_WHILE_REWRITING = timedelta(hours=3)


def open_erasures(engine: RecordEngine) -> list[Any]:
    """Those that are approved, the longest approved first."""
    statement = select(Erasure.__table__).where(Erasure.state == APPROVED)
    with engine.database.reading() as connection:
        return list(connection.execute(statement.order_by(Erasure.decided_on, Erasure.id)))


def claim(
    transaction: Transaction, erasure_id: UUID, by: UUID, *, lasting: timedelta = CLAIM
) -> bool:
    """Claim it, or claim it for longer; False where another job has it, or has done it."""
    now = utc_now()
    statement = (
        update(Erasure)
        .where(Erasure.id == erasure_id, Erasure.state == APPROVED, _free_for(by))
        .values(claimed_by=by, claimed_until=now + lasting)
    )
    return transaction.write(statement).rowcount == 1


def _free_for(by: UUID) -> ColumnElement[bool]:
    return or_(
        Erasure.claimed_by.is_(None), Erasure.claimed_by == by, Erasure.claimed_until < utc_now()
    )

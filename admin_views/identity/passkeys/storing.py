"""Passkeys as accounts keep them: public keys, names and counters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, delete, func, select, update

from models.metadata.errors import RecordNotFound
from models.tables.base import utc_now
from models.tables.credentials import Passkey
from models.tables.session import Transaction

MOST = 10
"""Of one account."""
TABLE = Passkey.__table__


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """What its person sees of it."""

    id: UUID
    name: str
    is_synced: bool
    created_on: datetime
    last_used_on: datetime | None


def of_account(connection: Connection, user_id: UUID) -> list[KnownPasskey]:
    """The oldest first."""
    return [
        KnownPasskey(row.id, row.name, row.is_synced, row.created_on, row.last_used_on)
        for row in rows_of(connection, user_id)
    ]


def rows_of(connection: Connection, user_id: UUID) -> Sequence[Any]:
    mine = select(TABLE).where(Passkey.systemuser_id == user_id)
    return connection.execute(mine.order_by(Passkey.created_on, Passkey.id)).all()


def by_credential(connection: Connection, credential_id: bytes) -> Any:
    """The row of the credential; None for an unknown one."""
    statement = select(TABLE).where(Passkey.credential_id == credential_id)
    return connection.execute(statement).first()


def count_of(connection: Connection, user_id: UUID) -> int:
    count = select(func.count()).select_from(TABLE).where(Passkey.systemuser_id == user_id)
    return connection.scalar(count) or 0


def use(transaction: Transaction, passkey: Any, *, sign_count: int) -> bool:
    """Move the counter on. False if it did not go up, as with a copy of the authenticator; one
    that stays at 0 is of an authenticator that does not count."""
    went_up = Passkey.sign_count < sign_count
    if sign_count == 0:
        went_up = Passkey.sign_count == 0
    statement = update(Passkey).where(Passkey.id == passkey.id, went_up)
    used = statement.values(sign_count=sign_count, last_used_on=utc_now())
    return transaction.write(used).rowcount == 1


def remove(transaction: Transaction, user_id: UUID, passkey_id: UUID) -> None:
    """Raises RecordNotFound for anybody else's."""
    mine = and_(Passkey.id == passkey_id, Passkey.systemuser_id == user_id)
    if not transaction.write(delete(Passkey).where(mine)).rowcount:
        raise RecordNotFound("passkey")

"""The sessions an account has open, for its person to see and to end.

What a session holds stays sealed; it is named by an identifier that opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import session
from sqlalchemy import delete, select

from admin_views.identity.sessions import hash_of
from extensions import settings
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import utc_now
from models.tables.principals import StaffSession
from models.tables.session import Transaction


@dataclass(frozen=True, slots=True)
class OpenSession:
    id: UUID
    device: str
    """Browser and system in words; "" where they are not known."""
    began: datetime
    last_used: datetime
    is_this: bool


def open_sessions(transaction: Transaction, user_id: UUID) -> list[OpenSession]:
    """The account's sessions that are still alive, this one first, then the one used last."""
    now, this = utc_now(), _this()
    rows = transaction.read(
        select(
            StaffSession.id,
            StaffSession.device,
            StaffSession.created_on,
            StaffSession.last_seen_on,
            StaffSession.token_hash,
        )
        .where(
            StaffSession.systemuser_id == user_id,
            StaffSession.expires_on > now,
            StaffSession.last_seen_on > now - settings().session_idle,
        )
        .order_by(StaffSession.last_seen_on.desc())
    )
    found = [
        OpenSession(
            row.id, row.device, row.created_on, row.last_seen_on, bytes(row.token_hash) == this
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_this)


def end_session(service: RecordService, caller: Caller, session_id: UUID) -> None:
    """End one of the caller's own. Raises RecordNotFound for anybody else's."""
    mine = StaffSession.systemuser_id == caller.id
    statement = delete(StaffSession).where(StaffSession.id == session_id, mine)
    if not service.transaction.write(statement).rowcount:
        raise RecordNotFound("session")
    service.audit(caller, "end_session", record_id=caller.id)


def forget_sessions(transaction: Transaction, user_id: UUID) -> None:
    """Remove the rows of sessions that a new identifier of the account has ended."""
    transaction.write(delete(StaffSession).where(StaffSession.systemuser_id == user_id))


def _this() -> bytes | None:
    held: Any = session
    token = getattr(held, "token", None)
    return hash_of(token) if token else None

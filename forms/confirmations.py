"""The mail's link: a random token, kept as its hash, good once and until its end.

It knows which record and form it is for; what confirming does is the front door's business.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, select, update

from models.metadata.components import FormDefinition
from models.tables.base import table_of
from models.tables.intake import ConfirmationToken
from models.tables.session import Transaction

TOKEN_BYTES = 32
DEFAULT_HOURS = 72


@dataclass(frozen=True, slots=True)
class Link:
    """What a token is for, and whether it still is."""

    form: str
    entity: str
    record_id: UUID
    language: str
    state: Literal["open", "used", "expired"]


def issue(
    transaction: Transaction,
    *,
    form: FormDefinition,
    record_id: UUID,
    language: str,
    on: datetime,
) -> str:
    """A new token for the record; only its hash stays here."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hours = form.confirmation.hours if form.confirmation else DEFAULT_HOURS
    row = {
        "token_hash": _hash(token),
        "form": form.name,
        "entity": form.entity,
        "record_id": record_id,
        "language": language,
        "expires_on": on + timedelta(hours=hours),
    }
    transaction.insert(table_of(ConfirmationToken), [row])
    return token


def look_up(connection: Connection, token: str, *, on: datetime) -> Link | None:
    """The link as it stands, without using it up; None for a token never issued."""
    statement = select(ConfirmationToken.__table__).where(
        ConfirmationToken.token_hash == _hash(token)
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    state: Literal["open", "used", "expired"] = "open"
    if row.used_on is not None:
        state = "used"
    elif row.expires_on <= on:
        state = "expired"
    return Link(row.form, row.entity, row.record_id, row.language, state)


def claim(transaction: Transaction, token: str, *, on: datetime) -> bool:
    """Use the token up if it is open; of many who try at once, one gets True."""
    statement = (
        update(ConfirmationToken)
        .where(ConfirmationToken.token_hash == _hash(token))
        .where(ConfirmationToken.used_on.is_(None), ConfirmationToken.expires_on > on)
        .values(used_on=on)
    )
    return transaction.write(statement).rowcount == 1


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

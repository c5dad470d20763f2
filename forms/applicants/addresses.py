"""A new mail address, which counts once the link that was sent there is confirmed: used once, one
waiting for a record at a time."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, select

from forms.applicants.links import TOKEN_BYTES, hashed
from forms.applicants.sealed_texts import locked, open_text, seal_text
from models.metadata.components import FormDefinition
from models.records.sealing import ADDRESS_PAYLOAD
from models.records.service import RecordService
from models.tables.applicants import AddressChange
from models.tables.base import table_of

LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class WaitingAddress:
    form: str
    entity: str
    record_id: UUID


def propose(
    service: RecordService,
    form: FormDefinition,
    record_id: UUID,
    *,
    address: str,
    on: datetime,
) -> tuple[str, datetime]:
    """Keep the address, sealed, in the place of one that waits; the token, and its end."""
    row = locked(service, service.catalog.entity(form.entity), record_id)
    token, expires_on = secrets.token_urlsafe(TOKEN_BYTES), on + LIFE
    this = AddressChange.record_id == record_id
    service.transaction.write(delete(AddressChange).where(this))
    kept = seal_text(service, row, number=ADDRESS_PAYLOAD, about=record_id, text=address)
    entry = {
        "token_hash": hashed(token),
        "form": form.name,
        "entity": form.entity,
        "record_id": record_id,
        "address": kept,
        "expires_on": expires_on,
    }
    service.transaction.insert(table_of(AddressChange), [entry])
    return token, expires_on


def look_up(connection: Connection, token: str, *, on: datetime) -> WaitingAddress | None:
    row = _row(connection, token, on=on)
    return None if row is None else WaitingAddress(row.form, row.entity, row.record_id)


def claim(service: RecordService, token: str, *, on: datetime) -> str | None:
    """The address, used up; of many who try at once, one gets it."""
    row = _row(service.transaction.connection, token, on=on)
    if row is None:
        return None
    this = AddressChange.token_hash == row.token_hash
    if service.transaction.write(delete(AddressChange).where(this)).rowcount != 1:
        return None
    address = open_text(service, row.address, number=ADDRESS_PAYLOAD, about=row.record_id)
    return address or None


def waits(connection: Connection, record_id: UUID, *, on: datetime) -> bool:
    """Whether a new address of the record's waits to be confirmed."""
    this = AddressChange.record_id == record_id, AddressChange.expires_on > on
    return connection.execute(select(AddressChange.record_id).where(*this)).first() is not None


def _row(connection: Connection, token: str, *, on: datetime) -> "Row[Any] | None":
    this = AddressChange.token_hash == hashed(token), AddressChange.expires_on > on
    return connection.execute(select(AddressChange.__table__).where(*this)).first()

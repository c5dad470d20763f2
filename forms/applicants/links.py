"""The link by which an applicant comes back to their application: a random token, kept as its
hash, good again and again until its end, for one record.

It goes to the address the record holds. When that changes, and when the record goes, all of its
links end, and the sessions they opened.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, select

from models.metadata.components import FormDefinition
from models.security.applicants import stated
from models.tables.applicants import AddressChange, ApplicantLink, ApplicantSession
from models.tables.base import table_of
from models.tables.session import Transaction

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class StatusLink:
    """A link that is good now."""

    token_hash: bytes
    form: str
    entity: str
    record_id: UUID


def issue(
    transaction: Transaction, *, form: FormDefinition, record_id: UUID, on: datetime
) -> tuple[str, datetime]:
    """A new token and its end; only its hash stays here."""
    service, _ = stated(form)
    token, expires_on = secrets.token_urlsafe(TOKEN_BYTES), on + timedelta(days=service.days)
    row = {
        "token_hash": hashed(token),
        "form": form.name,
        "entity": form.entity,
        "record_id": record_id,
        "expires_on": expires_on,
    }
    transaction.insert(table_of(ApplicantLink), [row])
    return token, expires_on


def look_up(connection: Connection, token: str, *, on: datetime) -> StatusLink | None:
    """None for what was never issued, has ended or was revoked: they are not told apart."""
    statement = select(ApplicantLink.__table__).where(
        ApplicantLink.token_hash == hashed(token), ApplicantLink.expires_on > on
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    return StatusLink(row.token_hash, row.form, row.entity, row.record_id)


def revoke(transaction: Transaction, token_hash: bytes) -> None:
    """This one, as before leaving a shared computer that remembers its address."""
    transaction.write(delete(ApplicantSession).where(ApplicantSession.link_hash == token_hash))
    transaction.write(delete(ApplicantLink).where(ApplicantLink.token_hash == token_hash))


def revoke_all(transaction: Transaction, record_ids: Sequence[UUID]) -> None:
    """Whatever opens these records: they have another address now."""
    write = transaction.write
    write(delete(ApplicantLink).where(ApplicantLink.record_id.in_(record_ids)))
    write(delete(ApplicantSession).where(ApplicantSession.record_id.in_(record_ids)))
    write(delete(AddressChange).where(AddressChange.record_id.in_(record_ids)))


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

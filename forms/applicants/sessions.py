"""An applicant's visit to their own application: begun by a button behind the link, for an hour
after the last thing they sent. The cookie holds a token, the row its hash.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from forms.applicants.links import StatusLink, hashed
from models.tables.applicants import ApplicantSession
from models.tables.base import table_of
from models.tables.session import Transaction

LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OwnVisit:
    token_hash: bytes
    link_hash: bytes
    form: str
    entity: str
    record_id: UUID


def begin(transaction: Transaction, link: StatusLink, *, on: datetime) -> str:
    """The token of a new session: none that a browser brought along is ever taken up."""
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": hashed(token),
        "link_hash": link.token_hash,
        "form": link.form,
        "entity": link.entity,
        "record_id": link.record_id,
        "expires_on": on + LIFE,
    }
    transaction.insert(table_of(ApplicantSession), [row])
    return token


def find(connection: Connection, token: str | None, *, on: datetime) -> OwnVisit | None:
    if not token:
        return None
    statement = select(ApplicantSession.__table__).where(
        ApplicantSession.token_hash == hashed(token), ApplicantSession.expires_on > on
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    return OwnVisit(row.token_hash, row.link_hash, row.form, row.entity, row.record_id)


def extend(transaction: Transaction, visit: OwnVisit, *, on: datetime) -> None:
    """Who sends something is still there."""
    this = ApplicantSession.token_hash == visit.token_hash
    transaction.write(update(ApplicantSession).where(this).values(expires_on=on + LIFE))


def end(transaction: Transaction, visit: OwnVisit) -> None:
    this = ApplicantSession.token_hash == visit.token_hash
    transaction.write(delete(ApplicantSession).where(this))


def own_token(secret: bytes, visit: OwnVisit) -> str:
    """What a page's form carries to show that it came from us, in this session."""
    return hmac.digest(secret, visit.token_hash, hashlib.sha256).hex()


def is_own_token(secret: bytes, visit: OwnVisit, given: str) -> bool:
    return hmac.compare_digest(own_token(secret, visit).encode(), given.encode())

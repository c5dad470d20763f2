"""What was fetched from the mailbox: how far it was looked through, and which mails were filed. It
holds digests and numbers, and nothing of a mail.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, utc_now


class FiledMail(Base):
    """A mail that was filed to a record: once, however often it is fetched."""

    __tablename__ = "filedmail"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    filed_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class LookedThrough(Base):
    """Of a mailbox: the last mail that was looked at, by the number the server gives it."""

    __tablename__ = "lookedthrough"

    mailbox: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    validity: Mapped[int] = mapped_column(BigInteger)
    """While it stays the same, numbers mean the same mails (RFC 9051 §2.3.1.1)."""
    last: Mapped[int] = mapped_column(BigInteger)

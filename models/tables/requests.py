"""The register of requests under the law on personal data (開示・訂正・利用停止):
who asks is sealed, the clock and what became of it stand in clear and tell of nobody.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

LONGEST = 200
RECEIVED, DONE, REFUSED = "RECEIVED", "DONE", "REFUSED"
DISCLOSURE, CORRECTION, SUSPENSION = "disclosure", "correction", "suspension"
KINDS = (DISCLOSURE, CORRECTION, SUSPENSION)
BY_LINK = (DISCLOSURE, SUSPENSION)
"""What may be asked for by the link in a mail; a correction is made there at once."""
_OPEN = text("state = 'RECEIVED'")


class PersonRequest(Base):
    """One request. Nothing is granted to somebody whose identity nobody checked, and what is
    refused was refused by somebody: that holds in the database."""

    __tablename__ = "personrequest"
    __table_args__ = (
        CheckConstraint("state IN ('RECEIVED', 'DONE', 'REFUSED')", name="state"),
        CheckConstraint("state <> 'DONE' OR identity_on IS NOT NULL", name="identity"),
        CheckConstraint("state = 'RECEIVED' OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint("entered_by IS NOT NULL OR record_id IS NOT NULL", name="entered"),
        Index(
            "uq_personrequest_open",
            *("record_id", "kind"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint("suspended_on IS NULL OR kind = 'suspension'", name="suspended"),
        Index("ix_personrequest_due", "state", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    received_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    # Why the day was put off, once.
    extended_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension: Mapped[str] = mapped_column(String(LONGEST), default="")
    # Name, address, number and what is asked for: sealed JSON.
    person: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The record by whose link in a mail it was asked for; else who entered it.
    record_id: Mapped[UUID | None] = mapped_column()
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    entered_by_name: Mapped[str] = mapped_column(String(255))
    entered_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    # By which papers the person was known, and who looked at them.
    identity_how: Mapped[str] = mapped_column(String(LONGEST), default="")
    identity_by_name: Mapped[str] = mapped_column(String(255), default="")
    identity_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When what is held was put together last, and of how many records.
    gathered_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gathered: Mapped[int] = mapped_column(Integer, default=0)
    # Since when what is held is kept from use, and who handles it: what arrives later, too.
    suspended_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    decided_by_name: Mapped[str] = mapped_column(String(255), default="")
    decided_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FrozenRecord(Base):
    """A record whose use is suspended (利用停止): who handles a request because of which it is
    reaches it, and nobody else. Several requests may suspend one record, each for itself."""

    __tablename__ = "frozenrecord"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(
        ForeignKey("personrequest.id"), primary_key=True, index=True
    )
    entity: Mapped[str] = mapped_column(String(60))
    handler_id: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"))
    frozen_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

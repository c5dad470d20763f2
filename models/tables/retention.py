"""What ends records and what keeps them: legal holds, and erasures with their certificates.

They name records by id, never by a value, and outlive them.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

LONGEST_REASON = 200
PROPOSED, APPROVED, REJECTED, DONE = "PROPOSED", "APPROVED", "REJECTED", "DONE"
UNPROVED = "UNPROVED"
"""Carried out, but its proof failed: a person has to look, and say what was done about it."""
OPEN = (PROPOSED, APPROVED)
WAITING, GONE, HELD, CHANGED, REFUSED = "WAITING", "GONE", "HELD", "CHANGED", "REFUSED"
_STANDING = text("lifted_on IS NULL")


class LegalHold(Base):
    """A record that must not go, whatever is due: why, by whom, until when."""

    __tablename__ = "legalhold"
    __table_args__ = (
        Index(
            "uq_legalhold_standing",
            "record_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    # The last day of it; None: until it is lifted.
    until: Mapped[date | None] = mapped_column(Date)
    placed_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    placed_by_name: Mapped[str] = mapped_column(String(255))
    placed_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    lifted_by_name: Mapped[str] = mapped_column(String(255), default="")
    lifted_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")


class Erasure(Base):
    """Records that were found due together, and what became of them. None is carried out that
    nobody approved where the rule wants it: that holds in the database."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint(
            "state IN ('PROPOSED', 'APPROVED', 'REJECTED', 'UNPROVED', 'DONE')", name="state"
        ),
        CheckConstraint(
            "state IN ('PROPOSED', 'REJECTED') OR NOT needs_approval OR decided_by IS NOT NULL",
            name="approved",
        ),
        Index("ix_erasure_state", "state", "proposed_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rule: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    needs_approval: Mapped[bool] = mapped_column()
    # The rule as it was: its name in ja and en, its period; JSON.
    stated: Mapped[str] = mapped_column(Text)
    # Of all that the rule states: another rule is not what was approved.
    rule_digest: Mapped[str] = mapped_column(String(64))
    # They were due on this day.
    due_on: Mapped[date] = mapped_column(Date)
    count: Mapped[int] = mapped_column(Integer)
    proposed_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    decided_by_name: Mapped[str] = mapped_column(String(255), default="")
    decided_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    # The job that carries it out, and until when nobody else does.
    claimed_by: Mapped[UUID | None] = mapped_column()
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Canonical JSON, signed.
    certificate: Mapped[str] = mapped_column(Text, default="")
    # What a person did about a proof that failed.
    settled_by_name: Mapped[str] = mapped_column(String(255), default="")
    settled_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")


class ErasureRecord(Base):
    """One record of an erasure; `key_id` is the key that was destroyed with it."""

    __tablename__ = "erasurerecord"
    __table_args__ = (Index("ix_erasurerecord_record", "record_id"),)

    erasure_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(12), default=WAITING)
    key_id: Mapped[int | None] = mapped_column(BigInteger)

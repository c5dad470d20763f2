"""What stands around the audit's chain: finding aids, checkpoints, verifications, inspections.

The chain itself is `record_data`'s AuditEntry and AuditHead. Nothing here holds a personal value,
and nothing here is evidence by itself: verification holds it against the chain.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id


class AuditSubject(Base):
    """What entries are about, each sort once: an entity and the names of some attributes. Entries
    refer to it, so that they are found by an attribute without a row for every name."""

    __tablename__ = "audit_subject"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entity: Mapped[str] = mapped_column(String(60), index=True)
    attributes: Mapped[str] = mapped_column(Text)
    """The names, sorted, each between two commas."""


class AuditListed(Base):
    """A record that an entry about several names, as those of a list somebody read."""

    __tablename__ = "audit_listed"
    __table_args__ = (
        Index("ix_audit_listed_record", "record_id", "sequence"),
        {"sqlite_with_rowid": False},
    )

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)


class AuditCheckpoint(Base):
    """A line that was written to the second place: what is no longer there is missed."""

    __tablename__ = "audit_checkpoint"

    line_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AuditVerification(Base):
    """One walk along the whole chain, and what was found."""

    __tablename__ = "audit_verification"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    completed_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    entries: Mapped[int] = mapped_column(BigInteger)
    checkpoints: Mapped[int] = mapped_column(Integer)
    """How many lines of the second place were held against it."""
    faults: Mapped[str] = mapped_column(Text)
    """JSON; [] where the chain holds."""


class AuditInspection(Base):
    """A month's inspection (点検). Signed off once: `signed_on` is set where it was not."""

    __tablename__ = "audit_inspection"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """As 2026-04."""
    signed_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[UUID | None] = mapped_column()
    signer: Mapped[str] = mapped_column(String(255), default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[str] = mapped_column(Text, default="")
    """JSON: what the person saw who signed."""

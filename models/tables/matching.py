"""What is kept of duplicates: codes by which records are found alike, pairs that wait for a
person, pairs that are none, records that were merged. No value, and nothing that tells one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, utc_now


class MatchCode(Base):
    """The keyed digest of what a rule compares of one record; derived data."""

    __tablename__ = "matchcode"
    __table_args__ = (Index("ix_matchcode_record", "record_id"), {"sqlite_with_rowid": False})

    rule: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The rule's mark: another one for whatever it compares otherwise."""
    code: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)


class CodedRule(Base):
    """A rule of which every record there is has its code."""

    __tablename__ = "matchcoded"

    rule: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    coded_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class DuplicateCandidate(Base):
    """Two records that a rule finds alike; `first` is the older one."""

    __tablename__ = "duplicatecandidate"
    __table_args__ = (
        Index("ix_duplicatecandidate_newest", "entity", "second_id", "first_id"),
        Index("ix_duplicatecandidate_first", "first_id"),
    )

    rule: Mapped[str] = mapped_column(String(100), primary_key=True)
    first_id: Mapped[UUID] = mapped_column(primary_key=True)
    second_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(60))
    found_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class DuplicateDismissal(Base):
    """Two records of which somebody said that they are not the same, whatever a rule finds."""

    __tablename__ = "duplicatedismissal"
    __table_args__ = (Index("ix_duplicatedismissal_second", "second_id"),)

    first_id: Mapped[UUID] = mapped_column(primary_key=True)
    second_id: Mapped[UUID] = mapped_column(primary_key=True)
    dismissed_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    dismissed_by: Mapped[UUID | None] = mapped_column()


class MergedRecord(Base):
    """A record that was merged into another, its master (CDS: `merged`, `masterid`); once only."""

    __tablename__ = "mergedrecord"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(60))
    master_id: Mapped[UUID] = mapped_column(index=True)
    merged_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    merged_by: Mapped[UUID | None] = mapped_column()

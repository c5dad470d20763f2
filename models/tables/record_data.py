"""Rows that accompany records of any entity: blind index, audit, system jobs.

They hold digests, sealed payloads and names of attributes, never a personal value in clear.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now


def _only(condition: str) -> dict[str, Any]:
    """For an index of the few rows that fulfil it; a query must state it in the same words."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


NOT_OK = "outcome <> 'ok'"


class BlindIndexEntry(Base):
    """The keyed digest of one sealed value; derived data, left out of backups."""

    __tablename__ = "blindindex"
    __table_args__ = (Index("ix_blindindex_record", "record_id"),)

    attribute_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(BigInteger)


class AuditEntry(Base):
    """One act; `body` is canonical JSON, `mac` chains it to the entry before. The other columns
    repeat what the body says, for finding; each index ends with the order of pages."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_record", "record_id", "sequence"),
        Index("ix_audit_caller", "caller_id", "sequence"),
        Index("ix_audit_supporter", "supporter_id", **_only("supporter_id IS NOT NULL")),
        Index("ix_audit_action", "action", "sequence"),
        Index("ix_audit_subject", "subject_id", "sequence"),
        Index("ix_audit_not_ok", "outcome", "sequence", **_only(NOT_OK)),
        Index("ix_audit_time", "created_on", "action", "outcome", "caller_id"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    created_on: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(12))
    caller_id: Mapped[UUID | None] = mapped_column()
    supporter_id: Mapped[UUID | None] = mapped_column()
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    entity: Mapped[str | None] = mapped_column(String(60))
    record_id: Mapped[UUID | None] = mapped_column()
    body: Mapped[str] = mapped_column(Text)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(Base):
    """One row: the last entry of the chain, sealed, so that nobody without the audit's secret can
    name an earlier one as the last. Appending locks it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")


class SystemJob(Base):
    """Work done later (CDS's AsyncOperation); the payload is sealed."""

    __tablename__ = "systemjob"
    __table_args__ = (Index("ix_systemjob_due", "state", "due_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(12), default="READY")
    status: Mapped[str] = mapped_column(String(12), default="WAITING")
    due_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    recurrence: Mapped[str | None] = mapped_column(String(200))
    entity: Mapped[str | None] = mapped_column(String(60))
    record_id: Mapped[UUID | None] = mapped_column(index=True)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    locked_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message: Mapped[str] = mapped_column(Text, default="")
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_on: Mapped[datetime | None] = mapped_column(UtcDateTime)

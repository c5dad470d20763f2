"""Extracts: what left the system as a file, is about to, or was refused (持ち出し台帳).

One row for each, and while it is under way the ids of its records and its file, sealed in pieces.
They know no rule; who may move an extract on is `exchange/extracts`' to say.
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
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

LONGEST_STATEMENT = 200


class Extract(Base):
    """One extract. Nobody decides on their own, and none is built that nobody approved: that
    holds in the database, whatever the program does."""

    __tablename__ = "extract"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="four_eyes"),
        CheckConstraint(
            "door <> 'request' OR decided_by IS NOT NULL"
            " OR state IN ('REQUESTED', 'WITHDRAWN', 'EXPIRED')",
            name="decided",
        ),
        CheckConstraint(
            "state IN ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN', 'EXPIRED', 'BUILDING',"
            " 'READY', 'FAILED', 'DOWNLOADED', 'DELETED')",
            name="state",
        ),
        Index("ix_extract_state", "state", "requested_on"),
        Index("ix_extract_requested_on", "requested_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # How it leaves: requested and approved, directly from the page, or from the shell.
    door: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))

    # What was asked for. Names of columns are JSON; `links` is the digest of the view's links.
    entity: Mapped[str] = mapped_column(String(60))
    view: Mapped[str] = mapped_column(String(120), default="")
    columns: Mapped[str] = mapped_column(Text)
    personal: Mapped[str] = mapped_column(Text)
    links: Mapped[str] = mapped_column(String(64), default="")
    count: Mapped[int] = mapped_column(BigInteger, default=0)
    purpose: Mapped[str] = mapped_column(String(LONGEST_STATEMENT))
    recipient: Mapped[str] = mapped_column(String(LONGEST_STATEMENT))
    # The last day on which the file may be kept (利用期限).
    keep_until: Mapped[date | None] = mapped_column(Date)
    format: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8), default="ja")

    # By whom; names as they were then, since the ledger outlives accounts.
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"), index=True)
    requested_by_name: Mapped[str] = mapped_column(String(255))
    requested_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    contractor_id: Mapped[UUID | None] = mapped_column()
    organization: Mapped[str] = mapped_column(String(100), default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    decided_by_name: Mapped[str] = mapped_column(String(255), default="")
    decided_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(LONGEST_STATEMENT), default="")

    # When it was given to be built: approved, or found out of date.
    queued_on: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # The file. `key_id` is what its pieces are known by, and the token of who builds it now.
    key_id: Mapped[int | None] = mapped_column(BigInteger)
    built: Mapped[int | None] = mapped_column(BigInteger)
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    # Which records and linked records are in it, as a digest; which columns show masked values.
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    masked: Mapped[str] = mapped_column(Text, default="[]")
    # How many characters the format could not say, and where the first of them stand: JSON, the
    # record as it is counted in the file (0 is the header) and the column's place.
    replaced: Mapped[int] = mapped_column(BigInteger, default=0)
    replaced_in: Mapped[str] = mapped_column(Text, default="[]")
    ready_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    downloaded_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(String(LONGEST_STATEMENT), default="")

    # What became of the copy (消去確認).
    deleted_on: Mapped[date | None] = mapped_column(Date)
    deleted_how: Mapped[str] = mapped_column(String(LONGEST_STATEMENT), default="")
    confirmed_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExtractRecords(Base):
    """Some hundred of an extract's records, in the order of the request: their ids, packed."""

    __tablename__ = "extractrecords"

    extract_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    ids: Mapped[bytes] = mapped_column(LargeBinary)
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class ExtractPiece(Base):
    """A part of an extract's file, sealed with the key of this one file (see `crypto/pieces`).
    Who builds it again has another key, and does not meet what an earlier attempt left."""

    __tablename__ = "extractpiece"

    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

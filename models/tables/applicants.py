"""Applicants and their own records: links in mails, sessions, addresses to be confirmed, and the
register of what they asked for (本人からの請求).

Tokens are kept as hashes. What a person wrote is sealed with the record's own key and ends with
it; what else stands in the register tells of nobody, and stays.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

REQUESTED, DONE, REFUSED = "REQUESTED", "DONE", "REFUSED"
CORRECTION, ADDRESS, WITHDRAWAL, ERASURE = "correction", "address", "withdrawal", "erasure"
_OPEN = text("state = 'REQUESTED'")


class ApplicantLink(Base):
    """The link in a mail by which an applicant opens one record, again and again until its end."""

    __tablename__ = "applicantlink"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    form: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column(index=True)
    expires_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ApplicantSession(Base):
    """A browser in which a link was opened, for a short while."""

    __tablename__ = "applicantsession"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    form: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column(index=True)
    expires_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AddressChange(Base):
    """A new address that does not count yet: its link went there. One a record."""

    __tablename__ = "addresschange"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    form: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column(unique=True)
    # Sealed with the record's own key.
    address: Mapped[bytes] = mapped_column(LargeBinary)
    expires_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SubjectRequest(Base):
    """What a person asked for about their own record: done at once, or to be decided on by a day.
    The database keeps a record to one open request of a kind."""

    __tablename__ = "subjectrequest"
    __table_args__ = (
        CheckConstraint("state IN ('REQUESTED', 'DONE', 'REFUSED')", name="state"),
        CheckConstraint("state <> 'REFUSED' OR decided_by IS NOT NULL", name="refused_by"),
        Index(
            "uq_subjectrequest_open",
            *("record_id", "kind"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_subjectrequest_record", "record_id", "requested_on"),
        Index("ix_subjectrequest_due", "state", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    form: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    # The receipt number, which outlives the record.
    reference: Mapped[str] = mapped_column(String(200), default="")
    # Names of attributes, for corrections; JSON.
    attributes: Mapped[str] = mapped_column(String(4000), default="[]")
    requested_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    due_on: Mapped[date | None] = mapped_column(Date)
    # What the person wrote, and what the office answered.
    statement: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The name as it was then.
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    decided_by_name: Mapped[str] = mapped_column(String(255), default="")
    decided_on: Mapped[datetime | None] = mapped_column(UtcDateTime)

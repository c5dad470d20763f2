"""The register of incidents (漏えい等): what happened with personal data, when the office came to
know of it, and how far its reports are.

Free texts are sealed with the platform's key of the month. Which days are due, and what the law
asks for, is known in `admin_views/incidents`.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

OPEN, PRELIMINARY, FINAL, CLOSED = "OPEN", "PRELIMINARY", "FINAL", "CLOSED"


class Incident(Base):
    """One incident; it only ever goes on, and what is closed stays as it is."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("state IN ('OPEN', 'PRELIMINARY', 'FINAL', 'CLOSED')", name="state"),
        CheckConstraint("state <> 'PRELIMINARY' OR preliminary_on IS NOT NULL", name="sent"),
        CheckConstraint("state <> 'FINAL' OR final_on IS NOT NULL", name="sent_whole"),
        Index("ix_incident_known_on", "known_on"),
        Index("ix_incident_contractor", "contractor_id", "known_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # By which people name it: the fiscal year, and a number within it.
    year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    version: Mapped[int] = mapped_column(Integer, default=1)

    # When the office came to know of it (知った時): from then on the days are counted.
    known_on: Mapped[datetime] = mapped_column(UtcDateTime)
    # JSON: the kinds of the law that it is of.
    kinds: Mapped[str] = mapped_column(Text)
    # Whether the data were sealed and the key safe: yes, no, unknown.
    protected: Mapped[str] = mapped_column(String(8))
    # At whose work it happened, if at a contractor's.
    contractor_id: Mapped[UUID | None] = mapped_column(ForeignKey("contractor.id"))
    # JSON: what the access log is asked for, in ids and times only.
    suspicion: Mapped[str] = mapped_column(Text, default="{}")
    # What happened, and the items of the report; JSON, sealed.
    texts: Mapped[bytes] = mapped_column(LargeBinary)

    # Names as they were then: the register outlives accounts.
    entered_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    entered_by_name: Mapped[str] = mapped_column(String(255))
    preliminary_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    preliminary_by_name: Mapped[str] = mapped_column(String(255), default="")
    final_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    final_by_name: Mapped[str] = mapped_column(String(255), default="")
    closed_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_name: Mapped[str] = mapped_column(String(255), default="")

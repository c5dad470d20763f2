"""Publications: who asked that a public view be live, who approved it, and of what exactly.

What a fingerprint is of, and what a state means, is known in `models/security/publications.py`.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

REQUESTED, APPROVED = "REQUESTED", "APPROVED"
RETURNED, WITHDRAWN, CLOSED = "RETURNED", "WITHDRAWN", "CLOSED"
OPEN = (REQUESTED, APPROVED)
"""A view has one of these at a time, which the database sees to."""
LONGEST_REASON = 200
_OPEN = text("state IN ('REQUESTED', 'APPROVED')")


class Publication(Base):
    __tablename__ = "publication"
    __table_args__ = (
        CheckConstraint(
            "state IN ('REQUESTED', 'APPROVED', 'RETURNED', 'WITHDRAWN', 'CLOSED')", name="state"
        ),
        CheckConstraint("decided_by <> requested_by", name="second_person"),
        CheckConstraint("state <> 'APPROVED' OR decided_by IS NOT NULL", name="approved_by"),
        Index(
            "uq_publication_open", "view", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_publication_requested_on", "view", "requested_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    view: Mapped[str] = mapped_column(String(120))
    # Of all that the view let out when it was asked for.
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default=REQUESTED)
    # Names as they were then.
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"))
    requested_by_name: Mapped[str] = mapped_column(String(255))
    requested_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    decided_by_name: Mapped[str] = mapped_column(String(255), default="")
    decided_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    # Who took it back; nobody, where an import changed the definition.
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))
    ended_by_name: Mapped[str] = mapped_column(String(255), default="")
    ended_on: Mapped[datetime | None] = mapped_column(UtcDateTime)

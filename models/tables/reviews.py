"""Account reviews (棚卸し): each quarter all accounts as they were, and what was decided on each.

What a decision means is known in `admin_views/reviews`.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

OPEN, SIGNED_OFF = "OPEN", "SIGNED_OFF"
UNDECIDED, KEEP, CHANGE, END = "", "KEEP", "CHANGE", "END"
ENDED_BEFORE = "ENDED"
"""Of an account that was inactive when the review was opened: there is nothing to decide."""


class AccountReview(Base):
    """The review of one fiscal quarter; signed off once, by one person."""

    __tablename__ = "accountreview"
    __table_args__ = (UniqueConstraint("year", "quarter"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    year: Mapped[int] = mapped_column(Integer)
    quarter: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    opened_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    due_on: Mapped[date] = mapped_column(Date)
    signed_off_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_off_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))


class AccountReviewLine(Base):
    """One account as it was when the review was opened, and what was decided on it."""

    __tablename__ = "accountreviewline"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("accountreview.id"), primary_key=True)
    systemuser_id: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str] = mapped_column(String(100))
    # JSON: names of the roles, those of teams included.
    roles: Mapped[str] = mapped_column(Text)
    business_unit: Mapped[str] = mapped_column(String(100))
    # "" for the office's own.
    contractor: Mapped[str] = mapped_column(String(100))
    last_signed_in_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why it was not let in then; "" for one in use.
    shut: Mapped[str] = mapped_column(String(10))
    decision: Mapped[str] = mapped_column(String(6), default=UNDECIDED)
    note: Mapped[str] = mapped_column(String(200), default="")
    decided_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("systemuser.id"))

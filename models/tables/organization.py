"""The organization's own settings (CDS's Organization): one row. Zero switches a rule off.

It knows no rule: what follows from a setting is reckoned in `models/security`.
"""

from sqlalchemy import Boolean, CheckConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base

THE_ONE = 1
LEAST_CELL = 3


class Organization(Base):
    __tablename__ = "organization"
    __table_args__ = (CheckConstraint(f"smallest_cell >= {LEAST_CELL}", name="smallest_cell"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # How many levels of reports a manager sees; 0: managers see no more than others.
    hierarchy_depth: Mapped[int] = mapped_column(Integer, default=0)
    # Personal data stays closed to whom has not pledged confidentiality (誓約),
    must_pledge: Mapped[bool] = mapped_column(Boolean, default=False)
    # The pledge's words, as the solution states them; "" for the platform's own.
    pledge_version: Mapped[str] = mapped_column(String(40), default="")
    pledge_ja: Mapped[str] = mapped_column(Text, default="")
    pledge_en: Mapped[str] = mapped_column(Text, default="")
    # and to whom was trained (研修) longer ago.
    training_months: Mapped[int] = mapped_column(Integer, default=0)
    # An account that signed in longer ago is locked.
    dormant_days: Mapped[int] = mapped_column(Integer, default=0)
    # Requests of persons, incidents and legal holds are erased so long after they were dealt with.
    registers_kept_years: Mapped[int] = mapped_column(Integer, default=5)
    # Statistics show no number below it; that is never switched off.
    smallest_cell: Mapped[int] = mapped_column(Integer, default=10)

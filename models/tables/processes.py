"""The moves of records from stage to stage. It holds who and when, and nothing of a record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id


class StageMove(Base):
    """A record left one stage for another. It was in its first one since it was made."""

    __tablename__ = "processstage"
    __table_args__ = (Index("ix_processstage_record", "record_id", "process", "moved_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    record_id: Mapped[UUID] = mapped_column()
    process: Mapped[str] = mapped_column(String(100))
    stage: Mapped[int] = mapped_column(Integer)
    previous: Mapped[int] = mapped_column(Integer)
    moved_on: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_by: Mapped[UUID | None] = mapped_column()

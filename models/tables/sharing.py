"""Single records shared with principals (CDS's PrincipalObjectAccess).

It knows nothing of what a right means, or of whether the receiver's role allows it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, utc_now


class SharedRecord(Base):
    """The rights on one record that one principal was given; `rights` is a set of bits."""

    __tablename__ = "principalobjectaccess"
    __table_args__ = (Index("ix_principalobjectaccess_record", "record_id"),)

    principal_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(60), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    rights: Mapped[int] = mapped_column(Integer)
    modified_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

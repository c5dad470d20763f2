"""Single sign-on: who at the identity provider is which account, and what the provider's groups
give. It knows no protocol; how a person is recognized is the business of `admin_views/identity`.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now


class FederatedIdentity(Base):
    """A person of a provider, by what never changes of them there: issuer and subject."""

    __tablename__ = "federatedidentity"
    __table_args__ = (
        UniqueConstraint("subject", "issuer"),
        UniqueConstraint("systemuser_id", "issuer"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    systemuser_id: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"))
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_used_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GroupRole(Base):
    """Who is in the group at that provider holds the role, in the business unit."""

    __tablename__ = "grouprole"
    __table_args__ = (UniqueConstraint("group_name", "issuer", "role_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    issuer: Mapped[str] = mapped_column(String(255))
    group_name: Mapped[str] = mapped_column(String(255))
    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"))
    businessunit_id: Mapped[UUID] = mapped_column(ForeignKey("businessunit.id"))

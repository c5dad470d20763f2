"""What the public's front door keeps between two requests: form sessions, mail tokens, limits.

Short-lived rows, purged by a recurring job. Tokens are kept as hashes, drafts sealed.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now


class FormSession(Base):
    """One citizen filling in one form. `draft` is sealed with the future record's own key."""

    __tablename__ = "formsession"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    form: Mapped[str] = mapped_column(String(120))
    started_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    captcha_generation: Mapped[int] = mapped_column(Integer, default=0)
    captcha_since: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    captcha_failures: Mapped[int] = mapped_column(Integer, default=0)
    captcha_sounds: Mapped[int] = mapped_column(Integer, default=0)
    captcha_passed: Mapped[bool] = mapped_column(Boolean, default=False)
    record_id: Mapped[UUID] = mapped_column(default=new_id)
    about: Mapped[UUID | None] = mapped_column()
    """The published record that it may be an answer to, as the address named it."""
    draft: Mapped[bytes | None] = mapped_column(LargeBinary)
    submitted_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConfirmationToken(Base):
    """The mail's link: single use, hashed, with an end."""

    __tablename__ = "confirmationtoken"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    form: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(8), default="ja")
    expires_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RateLimit(Base):
    """A counter shared by all processes; `key` names the limit and a keyed hash of the address."""

    __tablename__ = "ratelimit"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    expires_on: Mapped[float] = mapped_column(index=True)

"""What accounts sign in with besides a password, and which browsers they are known from.

Public keys, hashes and times: nothing here lets anybody in who reads it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now


class Passkey(Base):
    """A WebAuthn credential of an account; the private key never leaves its authenticator."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("systemuser_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    systemuser_id: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # The authenticator's own count of its signatures; 0 for ever where it keeps none.
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    # Names of WebAuthn's transports, separated by blanks.
    transports: Mapped[str] = mapped_column(String(200), default="")
    # It may be synchronised to other devices of the person.
    is_synced: Mapped[bool] = mapped_column(Boolean, default=False)
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_used_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasskeyChallenge(Base):
    """A challenge that was given out and not answered yet; answering deletes it."""

    __tablename__ = "passkeychallenge"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RecoveryCode(Base):
    """One of ten codes that stand in for a second factor; kept as a keyed hash."""

    __tablename__ = "recoverycode"

    systemuser_id: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    created_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    used_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KnownDevice(Base):
    """A browser that an account signed in from before; it holds a token, this row its hash."""

    __tablename__ = "knowndevice"

    systemuser_id: Mapped[UUID] = mapped_column(ForeignKey("systemuser.id"), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    last_seen_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

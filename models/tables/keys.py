"""What the database knows of its keys: how far a rotation is, and how far the keystore had come.

Numbers and names only; the keys themselves are in the keystore, which is another database.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcDateTime, new_id, utc_now

_OPEN = text("ended_on IS NULL")


class KeyRotation(Base):
    """One entity's keys changed for others. Keys with an id below `boundary` are the old ones;
    `place` and `cursor` say what is done of the pass that goes on."""

    __tablename__ = "keyrotation"
    __table_args__ = (
        Index(
            "uq_keyrotation_open",
            *("kind", "entity_number"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # "data" or "index".
    kind: Mapped[str] = mapped_column(String(10))
    entity_number: Mapped[int] = mapped_column(Integer)
    boundary: Mapped[int] = mapped_column(BigInteger)
    # How many keys there were to replace.
    retired: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[int] = mapped_column(Integer, default=0)
    cursor: Mapped[str] = mapped_column(String(80), default="")
    passes: Mapped[int] = mapped_column(Integer, default=0)
    # Rows put under new keys, in all passes.
    moved: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_on: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    ended_on: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeystoreMark(Base):
    """One row: which keystore these records were sealed with, and how far it had come when it was
    last seen. A keystore that is behind it was put back to an older state."""

    __tablename__ = "keystoremark"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    identity: Mapped[bytes] = mapped_column(LargeBinary(32))
    next_key_id: Mapped[int] = mapped_column(BigInteger)
    generation: Mapped[int] = mapped_column(BigInteger)

"""What is kept so that values follow from others: the next number of each sequence, and which
calculated attributes and rollups every record has already. No value of a record.
"""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class NumberSequence(Base):
    """The numbers of one AutoNumber attribute: which comes next."""

    __tablename__ = "numbersequence"

    attribute_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    next_number: Mapped[int] = mapped_column(BigInteger)


class FilledAttribute(Base):
    """A calculated attribute or rollup that every record there is has its value of."""

    __tablename__ = "filledattribute"

    attribute_number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    mark: Mapped[int] = mapped_column(BigInteger)
    """Of what the value follows from: another one for whatever is reckoned otherwise."""

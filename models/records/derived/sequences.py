"""The next numbers of AutoNumber attributes with `{SEQNUM:n}`: as many as a batch has records.

Never one twice, though some may be left out: they are claimed apart from the record's transaction,
so that nobody waits for another's record, and a record that came to nothing leaves a gap.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, case

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.records.autonumber import make_number
from models.records.unit import UnitOfWork
from models.records.validation import NewRecord
from models.tables.derived import NumberSequence
from models.tables.session import Transaction
from models.tables.upserts import insert_for


def number(
    unit: UnitOfWork, entity: EntityDefinition, records: Sequence[NewRecord], *, on: datetime
) -> None:
    """Give new records their numbers, in the order of the batch."""
    for attribute in entity.numbered_attributes if records else ():
        first = _claim(unit.transaction, attribute, len(records))
        for place, record in enumerate(records, start=first):
            made = make_number(attribute.number_format, on=on, place=place)
            record.values[attribute.logical_name] = made


def _claim(transaction: Transaction, attribute: AttributeDefinition, count: int) -> int:
    """The first of `count` numbers that are nobody else's from now on."""
    insert = insert_for(transaction.connection)
    wanted = {"attribute": attribute.number, "seed": attribute.seed, "count": count}
    return int(transaction.apart(_claiming(insert), wanted)) - count


@lru_cache
def _claiming(insert: Any) -> Any:
    """One row an attribute. A seed that was raised lets the numbers go on from there; one that
    was lowered changes nothing."""
    seed, count = bindparam("seed", type_=BigInteger), bindparam("count", type_=BigInteger)
    attribute = bindparam("attribute", type_=Integer)
    fresh = insert(NumberSequence).values(attribute_number=attribute, next_number=seed + count)
    following = NumberSequence.next_number
    begins = case((following < seed, seed), else_=following)
    return fresh.on_conflict_do_update(
        index_elements=["attribute_number"], set_={"next_number": begins + count}
    ).returning(following)

"""The keys that a month shares: those that seal, and those of the index. Which ones still live is
asked here; what was sealed with them is not known.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from crypto import keystore_queries as queries
from crypto.key_rotation import LIVING
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose, data_key

SHARED = (Purpose.MONTH, Purpose.INDEX)


class MonthKey(NamedTuple):
    """One that lives; `period` is yyyymm."""

    id: int
    purpose: Purpose
    entity_number: int
    period: int


def living_before(keystore: Keystore, period: int) -> list[MonthKey]:
    """Those of all months before."""
    return _living(keystore, data_key.c.period < period)


def living_among(keystore: Keystore, ids: Collection[int]) -> list[MonthKey]:
    """Those of `ids` that are a month's, and open."""
    return [
        one
        for chunk in queries.chunks(sorted(ids))
        for one in _living(keystore, data_key.c.id.in_(chunk))
    ]


def _living(keystore: Keystore, which: ColumnElement[bool]) -> list[MonthKey]:
    columns = (data_key.c[name] for name in MonthKey._fields)
    shared = data_key.c.purpose.in_([int(one) for one in SHARED])
    statement = select(*columns).where(shared, which, data_key.c.state.in_(LIVING))
    with keystore.reading() as connection:
        rows = connection.execute(statement.order_by(data_key.c.id)).all()
    return [MonthKey(row.id, Purpose(row.purpose), *row[2:]) for row in rows]

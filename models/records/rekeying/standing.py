"""How it stands with the keys: what is still under keys that only open, and how many rows there
are to go over. It changes nothing."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from crypto.key_rotation import only_opening
from models.records.engine import RecordEngine
from models.records.rekeying.places import Place, all_places
from models.records.rekeying.resealing import named_keys
from models.records.rekeying.swapping import rows_below


def rows_under_retired(engine: RecordEngine) -> int:
    """How many rows name a key that opens and no longer seals."""
    retired = only_opening(engine.keyring.keystore)
    if not retired:
        return 0
    boundary, count = max(retired) + 1, 0
    with engine.database.reading() as connection:
        for place in all_places(engine.catalog):
            after = ""
            while rows := rows_below(connection, place, boundary=boundary, after=after):
                count += sum(not retired.isdisjoint(named_keys(place, row)) for row in rows)
                after = place.cursor_of(rows[-1])
    return count


def sealed_count(engine: RecordEngine, places: Sequence[Place]) -> int:
    """How many rows hold something sealed."""
    count = 0
    with engine.database.reading() as connection:
        for place in places:
            holds = or_(*(place.table.c[name].is_not(None) for name in place.envelopes))
            statement = select(func.count()).select_from(place.table)
            count += connection.scalar(statement.where(holds, place.condition)) or 0
    return count

"""Month keys ended: when nothing that names a past month's key is left anywhere, the key goes, and
with it what old copies of the database hold of that month.

Looked for while everybody goes on, proved again while nobody writes; then the keys are destroyed
before the commit. It opens no value, and knows no retention.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, LargeBinary, func, select

from crypto.envelope import FORMAT
from crypto.keyring import Keyring, period_of
from crypto.keystore_tables import Purpose
from crypto.month_keys import MonthKey, living_among, living_before
from models.metadata.catalog import Catalog
from models.records.engine import RecordEngine
from models.records.rekeying import journal
from models.records.rekeying.places import Place, all_places
from models.records.rekeying.swapping import hold_all
from models.records.sealing import PLATFORM
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import table_of, utc_now
from models.tables.customizations import Environment
from models.tables.record_data import BlindIndexEntry

ENDER = Caller.system("ending the keys of months of which nothing is left")
ACTION = "end_month_keys"
MARGIN = timedelta(days=2)
"""A month is past for good when nobody can be at work any more with what began in it: a visit with
its draft, an import, a clock that is behind."""
HEADER = 9
"""The bytes of an envelope that name its key."""
ENTRY = table_of(BlindIndexEntry)


def end_month_keys(engine: RecordEngine, *, now: datetime | None = None) -> list[MonthKey]:
    """Destroy the keys of past months that nothing names; those that went. Harmless to repeat."""
    month = period_of((now or utc_now()) - MARGIN)
    past, catalog = living_before(engine.keyring.keystore, month), engine.catalog
    with engine.database.reading() as connection:
        unnamed = _unnamed(connection, catalog, past)
    if not unnamed:
        return []
    return engine.run(partial(_end, keys=unnamed), catalog=catalog)


def not_destroyed(keyring: Keyring, key_ids: Iterable[int]) -> list[MonthKey]:
    """Those of `key_ids` that a month shares and that still open: what was erased under them can
    be read in a copy of before, until the month's last record is gone and its key ended."""
    return living_among(keyring.keystore, set(key_ids))


def _end(service: RecordService, *, keys: Sequence[MonthKey]) -> list[MonthKey]:
    """None goes where the definitions were changed meanwhile: there may be a place more."""
    catalog, places = service.catalog, all_places(service.catalog)
    connection = hold_all(service.transaction, [*(one.table for one in places), ENTRY])
    if connection.scalar(select(Environment.metadata_version)) != catalog.version:
        return []
    ended = _unnamed(connection, catalog, keys)
    if ended:
        service.unit.doomed_keys.update(one.id for one in ended)
        service.audit(ENDER, ACTION, ended=[_told(catalog, one) for one in ended])
    return ended


def _unnamed(connection: Connection, catalog: Catalog, keys: Sequence[MonthKey]) -> list[MonthKey]:
    """Of entities that there are; a rotation that goes on sees to its keys itself."""
    numbers = {one.number for one in catalog.entities.values()} | {PLATFORM}
    numbers -= {one.entity_number for one in journal.going_on(connection)}
    asked = [one for one in keys if one.entity_number in numbers]
    sealing = {one.id for one in asked if one.purpose is Purpose.MONTH}
    for place in all_places(catalog):
        sealing -= _named_in(connection, place, sealing)
    indexing = {one.id for one in asked if one.purpose is Purpose.INDEX}
    statement = select(ENTRY.c.key_id).distinct().where(ENTRY.c.key_id.in_(indexing))
    if indexing:
        indexing -= set(connection.scalars(statement))
    return [one for one in asked if one.id in sealing | indexing]


def _named_in(connection: Connection, place: Place, key_ids: Collection[int]) -> set[int]:
    """Whatever its condition: what a rotation leaves out names its key, too."""
    if not key_ids:
        return set()
    found: set[int] = set()
    by_header = {bytes([FORMAT]) + one.to_bytes(8, "big"): one for one in key_ids}
    for name in place.envelopes:
        header = func.substr(place.table.c[name], 1, HEADER, type_=LargeBinary)
        statement = select(header).distinct().where(header.in_(list(by_header)))
        found |= {by_header[bytes(one)] for one in connection.scalars(statement)}
    if place.data_key is not None:
        column = place.table.c[place.data_key]
        found |= set(connection.scalars(select(column).distinct().where(column.in_(key_ids))))
    return found


def _told(catalog: Catalog, key: MonthKey) -> str:
    """For the audit: kind, whose, which month, which key."""
    names = {one.number: one.logical_name for one in catalog.entities.values()}
    whose = names.get(key.entity_number, "platform")
    return f"{key.purpose.name.lower()} {whose} {key.period} {key.id}"

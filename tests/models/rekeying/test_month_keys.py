"""The keys of past months: they stay as long as anything names them, and then go for good."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from crypto.envelope import key_id_of
from crypto.errors import DestroyedKey
from crypto.key_rotation import RotatingKeys
from crypto.keystore_tables import Purpose
from crypto.month_keys import MonthKey
from jobs.outbox import enqueue_sealed
from models.metadata.errors import ConcurrencyConflict
from models.records.changes import Deletion
from models.records.engine import RecordEngine
from models.records.rekeying import journal
from models.records.rekeying.month_keys import end_month_keys, not_destroyed
from models.records.service import RecordService
from models.security.caller import Caller
from models.tables.base import table_of, utc_now
from models.tables.record_data import AuditEntry, BlindIndexEntry, SystemJob
from tests.models.rekeying.sealed import row_of

MONTH = "tst_month"
LATER = timedelta(days=62)


def make(engine: RecordEngine, caller: Caller, *names: str) -> list[UUID]:
    rows = [{"tst_label": name, "tst_mail": f"{name}@example.jp"} for name in names]
    return engine.run(lambda s: s.create_multiple(caller, MONTH, rows))


def erase(engine: RecordEngine, caller: Caller, record: UUID) -> None:
    engine.run(lambda s: s.delete_multiple(caller, MONTH, [Deletion(record)]))


def ended(engine: RecordEngine) -> set[tuple[Purpose, int]]:
    """What the job finds in two months."""
    number = engine.catalog.entity(MONTH).number
    found = end_month_keys(engine, now=utc_now() + LATER)
    return {(one.purpose, one.entity_number) for one in found if one.entity_number in (0, number)}


def test_a_key_goes_with_the_last_that_names_it(engine: RecordEngine, caller: Caller) -> None:
    """Whoever has the database of before, and the keystore of after, opens nothing."""
    number = engine.catalog.entity(MONTH).number
    first, last = make(engine, caller, "first", "last")
    engine.run(
        lambda s: enqueue_sealed(s.transaction, engine.keyring, kind="send_status_links", data=[])
    )
    before = [row_of(engine, one, MONTH)["tst_mail"] for one in (first, last)]
    with engine.database.reading() as connection:
        before += connection.scalars(select(SystemJob.payload)).all()
        indexed = set(connection.scalars(select(BlindIndexEntry.key_id)))
    month = key_id_of(before[0])
    assert ended(engine) == set()
    erase(engine, caller, first)
    assert ended(engine) == set()
    [shared] = not_destroyed(engine.keyring, [month])
    assert shared == MonthKey(month, Purpose.MONTH, number, shared.period)
    erase(engine, caller, last)
    assert end_month_keys(engine) == [], "the month goes on"
    assert ended(engine) == {(Purpose.MONTH, number), (Purpose.INDEX, number)}
    assert ended(engine) == set()
    assert not_destroyed(engine.keyring, [month]) == []
    engine.database.run(lambda transaction: transaction.write(delete(table_of(SystemJob))))
    assert ended(engine) == {(Purpose.MONTH, 0)}
    found = engine.keyring.find_keys({*map(key_id_of, before), *indexed})
    assert found.ciphers == {}
    assert {type(one) for one in found.refused.values()} == {DestroyedKey}
    with engine.database.reading() as connection:
        acts = connection.scalars(select(AuditEntry.body).filter_by(action="end_month_keys")).all()
    assert f"month {MONTH} {shared.period} {month}" in acts[0]
    [again] = make(engine, caller, "again")
    assert key_id_of(row_of(engine, again, MONTH)["tst_mail"]) > month


def test_nothing_is_kept_under_a_key_that_went_meanwhile(
    engine: RecordEngine, caller: Caller
) -> None:
    """Sealed before, written after: whoever wrote is told to do it again."""

    def slow(service: RecordService) -> list[UUID]:
        rows: list[dict[str, Any]] = [{"tst_mail": "slow@example.jp"}]
        made = service.create_multiple(caller, MONTH, rows)
        assert ended(engine)
        return made

    with pytest.raises(ConcurrencyConflict):
        engine.run(slow)
    with engine.database.reading() as connection:
        assert connection.execute(select(engine.catalog.tables.entities[MONTH])).all() == []


def test_a_rotation_sees_to_its_keys_itself(engine: RecordEngine, caller: Caller) -> None:
    """What takes the place of an old key is named by nothing until the first row is moved."""
    number = engine.catalog.entity(MONTH).number
    [one] = make(engine, caller, "moving")
    keys = RotatingKeys(engine.keyring.keystore, [Purpose.MONTH], entity_number=number)
    boundary, count = keys.retire()
    begun = {"number": number, "boundary": boundary, "keys": count}
    engine.database.run(lambda transaction: journal.begun(transaction, journal.DATA, **begun))
    old = key_id_of(row_of(engine, one, MONTH)["tst_mail"])
    new = keys.successors({old}, boundary=boundary)[old]
    assert ended(engine) == set()
    engine.keyring.opening_key(new)

"""The blind index made anew: under new keys, or from nothing; what is sealed is found by it."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from crypto.errors import ReplacedKey
from models.metadata.errors import DefinitionError
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.records.rekeying.index_keys import IndexKeys, indexed
from models.records.rekeying.reindexing import rebuild_index, reindex
from models.security.caller import Caller
from models.tables.base import new_id, table_of
from models.tables.record_data import BlindIndexEntry
from tests.models.office import SYSTEM
from tests.models.rekeying.sealed import AT_ONCE, key_of, thing

ENTRY = table_of(BlindIndexEntry)
TARO = {"tst_email": "taro@example.jp", "tst_phone": "078-331-1234"}


def entries(engine: RecordEngine) -> set[tuple[Any, ...]]:
    with engine.database.reading() as connection:
        return {tuple(row) for row in connection.execute(select(ENTRY))}


def found(engine: RecordEngine, caller: Caller, name: str, value: str) -> int:
    part = Filter((Condition(name, Operator.EQUAL, value),))
    query = Query(entity="tst_thing", columns=("tst_name",), filter=part)
    return len(engine.run(lambda s: s.retrieve_multiple(caller, query)).records)


def clear(engine: RecordEngine) -> None:
    engine.database.run(lambda transaction: transaction.write(delete(BlindIndexEntry)))


def test_from_nothing_it_is_made_as_it_was(engine: RecordEngine, caller: Caller) -> None:
    """As after a restore, whose backup holds no index; again and again the same."""
    for _ in range(3):
        thing(engine, caller, TARO)
    thing(engine, caller, {"tst_name": "何もなし"})
    before = entries(engine)
    clear(engine)
    assert found(engine, caller, "tst_email", "taro@example.jp") == 0
    told: list[int] = []
    for _ in range(2):
        assert rebuild_index(engine, progress=told.append) == 4
        assert entries(engine) == before
    assert told == [4, 4]
    assert found(engine, caller, "tst_email", "taro@example.jp") == 3


def test_what_does_not_open_has_no_entry_and_stops_nobody(
    engine: RecordEngine, caller: Caller
) -> None:
    gone, spoilt, there = (thing(engine, caller, TARO) for _ in range(3))
    engine.keyring.destroy([key_of(engine, gone)])
    table = engine.catalog.tables.entities["tst_thing"]
    with engine.database.reading() as connection:
        other = connection.scalar(select(table.c.tst_email).where(table.c.id == there))
    change = update(table).where(table.c.id == spoilt).values(tst_email=other, tst_phone=other)
    engine.database.run(lambda transaction: transaction.write(change))
    rebuild_index(engine)
    assert {row[2] for row in entries(engine)} == {there}


def test_under_new_keys_all_is_found_and_the_old_ones_are_gone(
    engine: RecordEngine, caller: Caller
) -> None:
    for _ in range(3):
        thing(engine, caller, TARO)
    before = entries(engine)
    [done] = reindex(engine, SYSTEM, ["tst_thing"], patience=AT_ONCE)
    after = entries(engine)
    assert (done.moved, done.destroyed) == (3, 1)
    assert {row[0::2] for row in after} == {row[0::2] for row in before}  # attribute and record
    assert {row[1] for row in after}.isdisjoint({row[1] for row in before})  # digests
    assert found(engine, caller, "tst_phone", "+81 78 331 1234") == 3
    [old] = {row[3] for row in before}
    with pytest.raises(ReplacedKey):
        engine.keyring.opening_key(old)


def test_between_the_passes_both_are_found(engine: RecordEngine, caller: Caller) -> None:
    first = thing(engine, caller, TARO)
    IndexKeys(engine, "tst_thing").keys.retire()
    second = thing(engine, caller, TARO)
    assert len({row[3] for row in entries(engine)}) == 2
    assert found(engine, caller, "tst_email", "taro@example.jp") == 2
    engine.run(lambda s: s.update_multiple(caller, "tst_thing", [Change(first, {**TARO})]))
    assert {row[2] for row in entries(engine)} == {first, second}
    reindex(engine, SYSTEM, indexed(engine), patience=AT_ONCE)
    assert found(engine, caller, "tst_email", "taro@example.jp") == 2


def test_a_record_that_is_changed_meanwhile_keeps_its_own_entry(
    engine: RecordEngine, caller: Caller
) -> None:
    made = thing(engine, caller, TARO)
    work = IndexKeys(engine, "tst_thing")
    [rows] = work.batches()
    new = {"tst_email": "hanako@example.jp"}
    engine.run(lambda s: s.update_multiple(caller, "tst_thing", [Change(made, new)]))
    assert engine.database.run(lambda transaction: work.renew(transaction, rows)) == 0
    assert found(engine, caller, "tst_email", "hanako@example.jp") == 1
    assert found(engine, caller, "tst_email", "taro@example.jp") == 0


def test_an_entry_of_no_record_is_dropped(engine: RecordEngine, caller: Caller) -> None:
    thing(engine, caller, TARO)
    row = sorted(entries(engine))[0]
    stray = dict(zip(ENTRY.c.keys(), row, strict=True)) | {"record_id": new_id()}
    engine.database.run(lambda transaction: transaction.write(insert(BlindIndexEntry), stray))
    reindex(engine, SYSTEM, ["tst_thing"], patience=AT_ONCE)
    assert len(entries(engine)) == 2


def test_an_entity_without_an_index_is_refused(engine: RecordEngine) -> None:
    with pytest.raises(DefinitionError, match="tst_folder"):
        reindex(engine, SYSTEM, ["tst_folder"], patience=AT_ONCE)

"""New keys for sealed values: all of them, whatever they belong to, and nothing else changes."""

import inspect
import re
from typing import Any

import pytest
from sqlalchemy import func, select, update

from crypto.errors import DestroyedKey, ReplacedKey
from jobs.outbox import SEND_MAIL
from models.metadata.errors import ConcurrencyConflict, DefinitionError
from models.metadata.query import Query
from models.records import sealing
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.rekeying import data_keys, journal, places
from models.records.rekeying.places import all_places, entity_place
from models.records.rekeying.rotating import Course, RotationHalted
from models.records.rekeying.standing import rows_under_retired, sealed_count
from models.records.rekeying.swapping import rows_below, swap
from models.records.rekeying.verifying import verify
from models.records.sealing import SHREDDED
from models.records.streaming import CHUNK
from models.security.caller import Caller
from models.tables.base import table_of
from models.tables.record_data import AuditEntry
from tests.models.office import SYSTEM
from tests.models.rekeying.sealed import (
    AT_ONCE,
    everything,
    key_of,
    named,
    read_all,
    record,
    row_of,
    thing,
)

THING: dict[str, Any] = {
    "tst_name": "もの",
    "tst_email": "taro@example.jp",
    "tst_phone": "078-331-1234",
    "tst_secret_memo": "秘密\n" * 300,
    "tst_secret_integer": -7,
    "tst_secret_boolean": True,
}


def rotate(engine: RecordEngine, *names: str) -> list[data_keys.Rotated]:
    return data_keys.rotate(engine, SYSTEM, names or ("tst_thing",), patience=AT_ONCE)


def test_all_values_are_as_before_under_new_keys(engine: RecordEngine, caller: Caller) -> None:
    made = thing(engine, caller, THING)
    before, stored = record(engine, caller, made), row_of(engine, made)
    [done] = rotate(engine)
    after = row_of(engine, made)
    sealed = {one.logical_name for one in engine.catalog.entity("tst_thing").sealed_attributes}
    assert record(engine, caller, made) == before
    changed = {name for name, value in after.items() if value != stored[name]}
    assert changed == {"data_key_id"} | {name for name in sealed if stored[name] is not None}
    assert (done.moved, done.verified.failed, done.verified.withheld) == (1, 0, 0)
    with pytest.raises(ReplacedKey):
        engine.keyring.opening_key(stored["data_key_id"])


def test_a_months_records_go_on_sharing_a_key(engine: RecordEngine, caller: Caller) -> None:
    rows = [{"tst_mail": f"t{number}@example.jp"} for number in range(3)]
    made = engine.run(lambda s: s.create_multiple(caller, "tst_month", rows))
    [old] = {key_of(engine, one, "tst_month") for one in made}
    rotate(engine, "tst_month")
    [new] = {key_of(engine, one, "tst_month") for one in made}
    assert new > old
    read = [record(engine, caller, one, "tst_month")["tst_mail"] for one in made]
    assert read == [row["tst_mail"] for row in rows]


def test_what_belongs_to_a_record_moves_along(engine: RecordEngine, caller: Caller) -> None:
    """Mails, drafts, addresses to be confirmed, what applicants wrote, sessions of staff."""
    kept = everything(engine, caller)
    before, keys = read_all(engine, kept), named(engine)
    rotate(engine, *data_keys.rotatable(engine))
    after = named(engine)
    assert read_all(engine, kept) == before
    assert after["mail"] == after["address"] == key_of(engine, kept.record_id)
    assert all(after[name] > keys[name] for name in keys)
    engine.run(lambda s: s.delete_multiple(caller, "tst_thing", [Deletion(kept.record_id)]))
    with pytest.raises(DestroyedKey):
        read_all(engine, kept)


def test_every_kind_of_payload_has_its_place() -> None:
    """Who adds a payload must say where it is: else its key would be destroyed under it."""
    known = {name for name in vars(sealing) if name.endswith("_PAYLOAD")}
    moved = set(re.findall(r"sealing\.(\w+_PAYLOAD)", inspect.getsource(places)))
    assert known - moved == {"EXPORT_PAYLOAD"}
    assert places.SEND_MAIL == SEND_MAIL


def test_erased_while_it_goes_on_a_record_is_erased_under_both_keys(
    engine: RecordEngine, caller: Caller
) -> None:
    """It was moved, its mail was not: deleting it takes both keys."""
    kept = everything(engine, caller)
    old_key = key_of(engine, kept.record_id)
    work = data_keys.DataKeys(engine, "tst_thing")
    boundary, _ = work.keys.retire()
    old = data_keys.OldKeys(work.keys, boundary)
    place = entity_place(engine.catalog, engine.catalog.entity("tst_thing"))
    with engine.database.reading() as connection:
        rows = rows_below(connection, place, boundary=boundary)
    changes = data_keys.resealed(engine.keyring, old, place, rows)
    assert engine.database.run(lambda transaction: swap(transaction, place, changes)) == 1
    new_key = key_of(engine, kept.record_id)
    engine.run(lambda s: s.delete_multiple(caller, "tst_thing", [Deletion(kept.record_id)]))
    for key_id in (old_key, new_key):
        with pytest.raises(DestroyedKey):
            engine.keyring.opening_key(key_id)


def test_who_changes_a_row_meanwhile_keeps_the_change(
    engine: RecordEngine, caller: Caller
) -> None:
    made = thing(engine, caller, THING)
    work = data_keys.DataKeys(engine, "tst_thing")
    boundary, _ = work.keys.retire()
    old, [place, *_] = data_keys.OldKeys(work.keys, boundary), work.places
    with engine.database.reading() as connection:
        rows = rows_below(connection, place, boundary=boundary)
    changes = data_keys.resealed(engine.keyring, old, place, rows)
    new = {"tst_email": "hanako@example.jp", "tst_phone": None}
    engine.run(lambda s: s.update_multiple(caller, "tst_thing", [Change(made, new)]))
    assert engine.database.run(lambda transaction: swap(transaction, place, changes)) == 0
    rotate(engine)
    found = record(engine, caller, made)
    assert (found["tst_email"], found["tst_phone"]) == ("hanako@example.jp", None)
    assert found["tst_secret_memo"] == THING["tst_secret_memo"]


def test_what_was_erased_stays_erased_and_holds_nothing_up(
    engine: RecordEngine, caller: Caller
) -> None:
    """A row whose key was destroyed stays as it is."""
    gone, there = (thing(engine, caller, THING) for _ in range(2))
    engine.keyring.destroy([key_of(engine, gone)])
    before = row_of(engine, gone)
    [done] = rotate(engine)
    assert done.moved == 1
    assert row_of(engine, gone) == before
    assert record(engine, caller, gone)["tst_email"] is SHREDDED
    assert record(engine, caller, there)["tst_email"] == THING["tst_email"]


def test_a_value_that_does_not_open_halts_it_and_keeps_the_old_keys(
    engine: RecordEngine, caller: Caller
) -> None:
    spoilt, there = (thing(engine, caller, THING) for _ in range(2))
    table, envelope = engine.catalog.tables.entities["tst_thing"], row_of(engine, there)
    change = update(table).where(table.c.id == spoilt).values(tst_email=envelope["tst_email"])
    engine.database.run(lambda transaction: transaction.write(change))
    old = key_of(engine, there)
    with pytest.raises(RotationHalted, match="keys verify"):
        rotate(engine)
    assert engine.keyring.opening_key(old)
    found = verify(engine, all_places(engine.catalog))
    assert (found.failed, found.withheld) == (1, 0)
    assert (found.faults[0].row, found.faults[0].column) == (spoilt.hex, "tst_email")
    mended = update(table).where(table.c.id == spoilt).values(tst_email=None)
    engine.database.run(lambda transaction: transaction.write(mended))
    [done] = rotate(engine)
    assert done.destroyed > 0
    assert record(engine, caller, there)["tst_email"] == THING["tst_email"]


def test_who_seals_with_a_key_that_was_replaced_meanwhile_writes_nothing(
    engine: RecordEngine, caller: Caller
) -> None:
    """A transaction that took longer than a whole rotation."""

    def slow(service: Any) -> None:
        service.create_multiple(caller, "tst_month", [{"tst_mail": "slow@example.jp"}])
        if engine.database.is_sqlite:  # its rows wait for the lock until the end
            rotate(engine, "tst_month")
        else:
            engine.keyring.keystore.destroy(service.unit.used_keys)

    thing(engine, caller, THING)
    with pytest.raises(ConcurrencyConflict, match="meanwhile"):
        engine.run(slow)
    table = engine.catalog.tables.entities["tst_month"]
    with engine.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize("entity", ["tst_thing", "tst_month"])
def test_a_row_written_under_an_old_key_behind_the_pass_puts_off_the_end(
    engine: RecordEngine, caller: Caller, entity: str
) -> None:
    """Its key was taken before the keys were retired, and it is written after the pass."""
    course = Course(engine, SYSTEM, data_keys.DataKeys(engine, entity))
    values = {"tst_email" if entity == "tst_thing" else "tst_mail": "slow@example.jp"}

    def slow(service: Any) -> Any:
        made = service.create_multiple(caller, entity, [values])
        course.begin()
        assert course.pass_over(lambda _: None) == 0
        return made

    [made] = engine.run(slow)
    old = key_of(engine, made, entity)
    assert course.end() is None
    assert engine.keyring.opening_key(old)
    assert course.pass_over(lambda _: None) == 1
    done = course.end()
    assert done is not None
    assert done.destroyed > 0
    assert values.items() <= record(engine, caller, made, entity).items()
    with pytest.raises(ReplacedKey):
        engine.keyring.opening_key(old)


def test_a_stream_that_outlives_a_rotation_ends_with_an_error_and_shows_nothing_as_erased(
    engine: RecordEngine, caller: Caller
) -> None:
    """It reads rows as they were at its beginning, and their keys are gone."""
    rows = [{"tst_email": f"t{number}@example.jp"} for number in range(CHUNK + 1)]
    engine.run(lambda s: s.create_multiple(caller, "tst_thing", rows))
    query = Query(entity="tst_thing", columns=("tst_email",))
    chunks = iter(engine.stream(caller, query))
    read = [row[0] for row in next(chunks)]
    rotate(engine)
    with pytest.raises(ReplacedKey):
        next(chunks)
    assert len(read) == CHUNK
    assert SHREDDED not in read
    again = [row[0] for chunk in engine.stream(caller, query) for row in chunk]
    assert sorted(again) == sorted(row["tst_email"] for row in rows)


def test_with_a_key_withheld_its_values_are_counted(engine: RecordEngine, caller: Caller) -> None:
    made = [thing(engine, caller, {"tst_email": f"t{n}@example.jp"}) for n in range(3)]
    key_id = key_of(engine, made[1])
    found = verify(engine, all_places(engine.catalog), withhold=lambda ids: ids & {key_id})
    assert (found.opened, found.withheld, found.failed, found.rows) == (2, 1, 0, 3)
    assert not found.holds
    assert sealed_count(engine, all_places(engine.catalog)) == 3


def test_it_is_audited_as_a_whole_and_names_no_value(engine: RecordEngine, caller: Caller) -> None:
    made = thing(engine, caller, THING)
    entry = table_of(AuditEntry)
    of_record = select(func.count()).where(entry.c.record_id == made)
    with engine.database.reading() as connection:
        before = connection.scalar(of_record)
    rotate(engine)
    with engine.database.reading() as connection:
        assert connection.scalar(of_record) == before
        bodies = list(
            connection.scalars(select(entry.c.body).where(entry.c.action.like("%rotation")))
        )
    assert len(bodies) == 2
    assert '"rows":1' in bodies[1]
    assert not any("taro" in body for body in bodies)


def test_a_retired_key_that_no_rotation_goes_on_with_is_told_and_taken_up(
    engine: RecordEngine, caller: Caller
) -> None:
    """The process ended between retiring the keys and writing that it did."""
    made = thing(engine, caller, THING)
    data_keys.DataKeys(engine, "tst_thing").keys.retire()
    assert rows_under_retired(engine) == 1
    with engine.database.reading() as connection:
        assert journal.going_on(connection) == []
    rotate(engine)
    assert rows_under_retired(engine) == 0
    assert record(engine, caller, made)["tst_email"] == THING["tst_email"]


@pytest.mark.parametrize("name", ["tst_nothing", "tst_folder"])
def test_an_entity_that_seals_nothing_is_refused(engine: RecordEngine, name: str) -> None:
    with pytest.raises(DefinitionError, match=name):
        rotate(engine, name)

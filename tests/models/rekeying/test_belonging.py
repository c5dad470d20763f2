"""A keystore that is not that of these records, or was put back, is refused; nobody writes."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from crypto.errors import WrongKeystore
from crypto.key_rotation import high_water
from crypto.keystore_tables import keystore_value
from models.records.engine import RecordEngine
from models.records.rekeying import data_keys
from models.records.rekeying.belonging import MARK, forget, remember, require_belonging
from models.security.caller import Caller
from tests.models.office import SYSTEM
from tests.models.rekeying.sealed import AT_ONCE, key_of, row_of, thing

TARO = {"tst_email": "taro@example.jp"}


def marks(engine: RecordEngine) -> list[Any]:
    with engine.database.reading() as connection:
        return list(connection.execute(select(MARK)))


def put_back(engine: RecordEngine, **numbers: int) -> None:
    """As if an older copy of the keystore were there."""
    with engine.keyring.keystore.writing() as connection:
        for name, number in numbers.items():
            named = keystore_value.c.name == name
            connection.execute(update(keystore_value).where(named).values(number=number))


def test_the_first_look_remembers_and_the_next_ones_agree(
    engine: RecordEngine, caller: Caller
) -> None:
    assert marks(engine) == []
    require_belonging(engine)
    [first] = marks(engine)
    require_belonging(engine)
    assert marks(engine) == [first]
    thing(engine, caller, TARO)
    require_belonging(engine)
    [later] = marks(engine)
    assert later.next_key_id == high_water(engine.keyring.keystore).next_key_id > first.next_key_id


@pytest.mark.parametrize("name", ["next_key_id", "generation"])
def test_a_keystore_put_back_is_refused(engine: RecordEngine, caller: Caller, name: str) -> None:
    made = thing(engine, caller, TARO)
    engine.keyring.destroy([key_of(engine, made)])
    remember(engine)
    before = marks(engine)
    put_back(engine, **{name: 1})
    with pytest.raises(WrongKeystore, match="older than the records"):
        require_belonging(engine)
    assert marks(engine) == before


def test_a_record_that_names_a_key_that_was_never_made_is_refused(
    engine: RecordEngine, caller: Caller
) -> None:
    """A keystore from before the first look of an installation that never looked."""
    made = thing(engine, caller, TARO)
    put_back(engine, next_key_id=key_of(engine, made))
    with pytest.raises(WrongKeystore, match="never made"):
        require_belonging(engine)


def test_another_keystore_is_refused(engine: RecordEngine) -> None:
    require_belonging(engine)
    other = update(MARK).values(identity=bytes(32))
    engine.database.run(lambda transaction: transaction.write(other))
    with pytest.raises(WrongKeystore, match="not the one"):
        require_belonging(engine)
    engine.database.run(forget)
    require_belonging(engine)


def test_records_from_before_a_rotation_are_refused(engine: RecordEngine, caller: Caller) -> None:
    """A backup put back whose keys a rotation has replaced: none of it opens."""
    made = thing(engine, caller, TARO)
    before = row_of(engine, made)
    data_keys.rotate(engine, SYSTEM, ["tst_thing"], patience=AT_ONCE)
    table = engine.catalog.tables.entities["tst_thing"]
    require_belonging(engine)
    back = update(table).where(table.c.id == made).values(**before)
    engine.database.run(lambda transaction: transaction.write(back))
    with pytest.raises(WrongKeystore, match="rotation has replaced"):
        require_belonging(engine)


def test_records_from_before_an_erasure_are_not(engine: RecordEngine, caller: Caller) -> None:
    """What was erased since the backup stays erased, and the rest is served."""
    made = thing(engine, caller, TARO)
    require_belonging(engine)
    engine.keyring.destroy([key_of(engine, made)])
    engine.database.run(lambda transaction: transaction.write(delete(MARK)))
    require_belonging(engine)

"""There and back again: to the other sort of database and home, and nothing came to be another."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text, update

from exchange.backups import landing
from exchange.backups.moving import Sums, move_keystore, move_records
from exchange.backups.refusing import BackupRefused
from exchange.samples import sample_values
from models.tables.copying import canonical
from models.tables.principals import BusinessUnit, SystemUser
from models.tables.session import Database
from tests.exchange.backups.house import THING, House, built, create, stored, things, values
from tests.models.office import account
from tests.support.databases import postgresql_schema, sqlite_file

VALUE = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.text(), st.binary(), st.uuids()),
    *(st.datetimes(), st.dates(), st.floats(allow_nan=False)),
    st.dictionaries(st.text(), st.integers() | st.text()),
)
ROW = st.lists(VALUE, max_size=4)


@given(first=ROW, second=ROW)
def test_different_rows_have_different_spellings(first: list[Any], second: list[Any]) -> None:
    is_same = [(type(one), one) for one in first] == [(type(one), one) for one in second]
    is_zero = any(isinstance(one, float) and not one for one in first + second)  # 0.0 == -0.0
    assert is_zero or (canonical(first) == canonical(second)) == is_same


@pytest.fixture(scope="module")
def postgresql_house(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("moving")
    made = built(folder, postgresql_schema(postgres_url), sqlite_file(folder))
    fill(made)
    return made


@pytest.fixture(scope="module")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("moving")
    made = built(folder, sqlite_file(folder), sqlite_file(folder))
    fill(made)
    return made


def fill(house: House) -> None:
    """Values of every type; people and units that point to those that come later."""
    with house.engine() as engine:
        samples = sample_values(engine.catalog.entity(THING), 30, seed=3)
        create(engine, *({**one, "tst_code": str(n)} for n, one in enumerate(samples)))
        create(engine, {**values("rare"), "tst_memo": "改行\nと\t空白 𠮷 \\N \\."})
        people = [account(engine, "東区") for _ in range(3)]
        boss = dict(zip(people, people[1:] + people[:1], strict=True))
        for one, manager in boss.items():
            set_manager(engine, one, manager)


def set_manager(engine: Any, one: UUID, manager: UUID) -> None:
    statement = update(SystemUser).where(SystemUser.id == one).values(manager_id=manager)
    engine.database.run(lambda transaction: transaction.write(statement))


def moved(house: House, target: str) -> Sums:
    with house.engine() as engine:
        return move_records(engine.database, target, engine.catalog)


@pytest.mark.parametrize("start", ["sqlite", "postgresql"])
def test_there_and_back_again(
    start: str, request: pytest.FixtureRequest, postgres_url: str, tmp_path: Path
) -> None:
    house: House = request.getfixturevalue(f"{start}_house")
    places = [postgresql_schema(postgres_url), sqlite_file(tmp_path)]
    there, home = places if start == "sqlite" else places[::-1]
    sums = moved(house, there)
    abroad = replace(house, database_url=there)
    assert moved(abroad, home) == sums
    assert sums[THING].rows == 31
    assert sums["blindindex"].rows > 0
    assert {sums[name].checksum for name in (THING, "audit", "systemuser")} != {"0" * 64}
    for url in (there, home):
        with house.engine() as before, replace(house, database_url=url).engine() as after:
            assert things(after) == things(before)
            assert things(after, tst_email="rare@example.jp")
            for table in (SystemUser, BusinessUnit):
                assert set(stored(after, table)) == set(stored(before, table))
            create(after, values("after.the.move"))
    assert no_sequences(there if start == "sqlite" else home)


def no_sequences(url: str) -> bool:
    """No number is given by PostgreSQL itself, so that none has to be put right after a move."""
    engine = create_engine(url)
    try:
        return inspect(engine).get_sequence_names() == []
    finally:
        engine.dispose()


def test_a_keystore_moves_with_its_keys(sqlite_house: House, postgres_url: str) -> None:
    target = postgresql_schema(postgres_url)
    sums = move_keystore(sqlite_house.keystore_url, target)
    assert sums["data_key"].rows >= 31
    with replace(sqlite_house, keystore_url=target).engine() as engine:
        assert things(engine, tst_email="rare@example.jp")
    with pytest.raises(BackupRefused, match="the target is not empty"):
        move_keystore(sqlite_house.keystore_url, target)


def test_a_target_that_is_not_empty_is_refused(sqlite_house: House, tmp_path: Path) -> None:
    taken = sqlite_file(tmp_path)
    database = Database(taken)
    database.run(lambda transaction: transaction.lock().execute(text("CREATE TABLE x (y)")))
    database.dispose()
    with pytest.raises(BackupRefused, match="the target is not empty"):
        moved(sqlite_house, taken)
    with pytest.raises(BackupRefused, match="the target is not empty"):
        moved(sqlite_house, sqlite_house.database_url)


def test_what_no_definition_knows_is_not_left_behind(tmp_path: Path, postgres_url: str) -> None:
    house = built(tmp_path, sqlite_file(tmp_path), sqlite_file(tmp_path))
    target = postgresql_schema(postgres_url)
    ran = (
        (f"ALTER TABLE {THING} ADD COLUMN forgotten TEXT", "columns .*forgotten"),
        ("CREATE TABLE left_over (id INTEGER)", "tables .*left_over"),
    )
    for statement, why in ran:
        with house.engine() as engine:
            run = engine.database.run
            run(lambda transaction, s=statement: transaction.lock().execute(text(s)))
        with pytest.raises(BackupRefused, match=why):
            moved(house, target)
        assert landing.is_free(target)


def test_what_the_other_database_cannot_hold_leaves_it_empty(
    tmp_path: Path, postgres_url: str
) -> None:
    """PostgreSQL keeps no text with a NUL: the last row undoes all the others."""
    house = built(tmp_path, sqlite_file(tmp_path), sqlite_file(tmp_path))
    target = postgresql_schema(postgres_url)
    with house.engine() as engine:
        create(engine, values("good"), values("bad"))
        statement = text(f"UPDATE {THING} SET tst_memo = 'a' || char(0) || 'b'")
        engine.database.run(lambda transaction: transaction.lock().execute(statement))
    with pytest.raises(Exception, match="NUL"):
        moved(house, target)
    assert landing.is_free(target)

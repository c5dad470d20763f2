"""The keystore on both databases: keys come once, open everywhere, and end for good."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from crypto.errors import BadTag, DestroyedKey, SealingError, UnknownKey, WrongRootKey
from crypto.keystore import Keystore
from crypto.keystore_tables import KeyState, Purpose, data_key, keystore_value, metadata
from crypto.providers import EnvironmentKeyProvider, FileKeyProvider
from crypto.wrapping import DataKey

NONCE = bytes(12)
OTHER_ROOT = EnvironmentKeyProvider("A" * 43 + "=")


def answer_of(keystore: Keystore, key_id: int) -> AESGCM | SealingError:
    return keystore.fetch([key_id])[key_id]


def opens(keystore: Keystore, key: DataKey) -> bool:
    sealed = AESGCM(key.secret).encrypt(NONCE, b"value", None)
    cipher = answer_of(keystore, key.id)
    return isinstance(cipher, AESGCM) and cipher.decrypt(NONCE, sealed, None) == b"value"


def month_key(keystore: Keystore, *, entity: int = 3, period: int = 202611) -> DataKey:
    return keystore.active_key(Purpose.MONTH, entity_number=entity, period=period)


def record_keys(keystore: Keystore, count: int, *, period: int = 202611) -> list[DataKey]:
    return keystore.new_keys(Purpose.RECORD, entity_number=3, period=period, count=count)


def test_setting_up_twice_changes_nothing(keystore: Keystore) -> None:
    key = month_key(keystore)
    keystore.create()
    assert opens(keystore, key)
    assert month_key(keystore) == key


def test_ids_start_at_one_ascend_and_are_never_reused(keystore: Keystore) -> None:
    first = [key.id for key in record_keys(keystore, 5)]
    keystore.destroy(first)
    second = [key.id for key in record_keys(keystore, 3)]
    assert first + second == list(range(1, 9))
    assert record_keys(keystore, 0) == []


def test_every_key_is_another(keystore: Keystore) -> None:
    assert len({key.secret for key in record_keys(keystore, 200)}) == 200


def test_a_bucket_has_one_active_key(keystore: Keystore) -> None:
    key = month_key(keystore)
    assert month_key(keystore) == key
    others = [
        month_key(keystore, entity=4),
        month_key(keystore, period=202612),
        keystore.active_key(Purpose.INDEX, entity_number=3, period=202611),
    ]
    assert len({key.id, *(other.id for other in others)}) == 4


def test_two_active_keys_in_a_bucket_are_refused_by_the_database(keystore: Keystore) -> None:
    month_key(keystore)
    with pytest.raises(SQLAlchemyError) as refusal:
        keystore.new_keys(Purpose.MONTH, entity_number=3, period=202611, count=1)
    assert "hide_parameters" in str(refusal.value)


def test_another_process_opens_the_same_keys(
    keystore: Keystore, keystore_url: str, provider: FileKeyProvider
) -> None:
    keys = [month_key(keystore), *record_keys(keystore, 3)]
    other = Keystore(keystore_url, provider)
    assert all(opens(other, key) for key in keys)
    other.dispose()


def test_fetch_answers_for_every_id(keystore: Keystore) -> None:
    keys = record_keys(keystore, 30)
    keystore.destroy([keys[4].id])
    asked = [keys[0].id, keys[4].id, keys[29].id, 10_000, 0, 2**62, 2**63 - 1, 2**63, 2**64 - 1]
    answers = keystore.fetch(asked)
    assert set(answers) == set(asked)
    assert isinstance(answers[keys[0].id], AESGCM)
    assert isinstance(answers[keys[29].id], AESGCM)
    assert isinstance(answers[keys[4].id], DestroyedKey)
    for unknown in asked[3:]:
        error = answers[unknown]
        assert isinstance(error, UnknownKey)
        assert error.key_id == unknown
    assert keystore.fetch([]) == {}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=st.sets(st.integers(1, 2500), max_size=1500))
def test_fetch_gives_what_was_asked_however_it_lies(keystore: Keystore, asked: set[int]) -> None:
    made = keystore.fetch([1])[1]
    if isinstance(made, UnknownKey):
        record_keys(keystore, 2400)
    answers = keystore.fetch(asked)
    assert set(answers) == asked
    known = {key_id for key_id, answer in answers.items() if isinstance(answer, AESGCM)}
    assert known == {key_id for key_id in asked if key_id <= 2400}


def test_a_destroyed_key_leaves_its_id_and_nothing_else(
    keystore: Keystore, keystore_url: str
) -> None:
    key = month_key(keystore)
    assert keystore.destroy([key.id]) == [key.id]
    engine = create_engine(keystore_url)
    with engine.begin() as connection:
        row = connection.execute(select(data_key).where(data_key.c.id == key.id)).one()
    engine.dispose()
    assert row.wrapped is None
    assert row.state == KeyState.DESTROYED
    assert row.destroyed_on is not None
    assert keystore.destroy([key.id]) == []
    assert month_key(keystore).id != key.id


def test_destroying_a_period_spares_its_neighbours(keystore: Keystore) -> None:
    doomed = record_keys(keystore, 40)
    spared = [
        *record_keys(keystore, 3, period=202612),
        *keystore.new_keys(Purpose.RECORD, entity_number=4, period=202611, count=2),
        month_key(keystore),
    ]
    ids = keystore.destroy_period(Purpose.RECORD, entity_number=3, period=202611)
    assert sorted(ids) == [key.id for key in doomed]
    assert not any(opens(keystore, key) for key in doomed)
    assert all(opens(keystore, key) for key in spared)


def test_many_keys_are_destroyed_in_one_go(keystore: Keystore) -> None:
    keys = record_keys(keystore, 2500)
    ids = [key.id for key in keys[::2]]
    assert sorted(keystore.destroy(ids)) == ids
    answers = keystore.fetch([key.id for key in keys])
    assert [isinstance(answers[key.id], AESGCM) for key in keys] == [False, True] * 1250


def test_a_retired_key_opens_but_no_longer_seals(keystore: Keystore) -> None:
    old = month_key(keystore)
    keystore.retire([old.id])
    new = month_key(keystore)
    assert new.id != old.id
    assert opens(keystore, old)
    keystore.destroy([old.id])
    keystore.retire([old.id])
    assert isinstance(answer_of(keystore, old.id), DestroyedKey)


def test_live_keys_are_those_that_open_newest_first(keystore: Keystore) -> None:
    months = [202609, 202611, 202610]
    keys = {
        month: keystore.active_key(Purpose.INDEX, entity_number=3, period=month)
        for month in months
    }
    keystore.active_key(Purpose.INDEX, entity_number=4, period=202611)
    keystore.retire([keys[202610].id])
    live = keystore.live_keys(Purpose.INDEX, entity_number=3)
    assert [key.period for key in live] == [202611, 202610, 202609]
    keystore.destroy([keys[202609].id])
    assert keystore.live_keys(Purpose.INDEX, entity_number=3) == [keys[202611], keys[202610]]


def test_the_generation_grows_with_all_that_caches_must_learn(keystore: Keystore) -> None:
    key = month_key(keystore)
    record_keys(keystore, 3)
    seen = [keystore.generation()]
    keystore.retire([key.id])
    seen.append(keystore.generation())
    keystore.destroy([key.id])
    seen.append(keystore.generation())
    keystore.active_key(Purpose.INDEX, entity_number=3, period=202611)
    seen.append(keystore.generation())
    keystore.destroy_period(Purpose.RECORD, entity_number=3, period=202611)
    seen.append(keystore.generation())
    assert seen == sorted(set(seen))
    month_key(keystore)
    record_keys(keystore, 3)
    assert keystore.generation() == seen[-1]


def test_another_root_key_opens_nothing(keystore: Keystore, keystore_url: str) -> None:
    key = month_key(keystore)
    stranger = Keystore(keystore_url, OTHER_ROOT)
    for call in (
        stranger.create,
        stranger.check,
        lambda: stranger.fetch([key.id]),
        lambda: month_key(stranger),
        lambda: record_keys(stranger, 1),
    ):
        with pytest.raises(WrongRootKey):
            call()
    stranger.dispose()
    assert opens(keystore, key)


def test_a_changed_root_key_keeps_every_data_key(keystore: Keystore, keystore_url: str) -> None:
    keys = [month_key(keystore), *record_keys(keystore, 3)]
    keystore.change_provider(OTHER_ROOT)
    keystore.check()
    reopened = Keystore(keystore_url, OTHER_ROOT)
    assert all(opens(reopened, key) for key in keys)
    reopened.dispose()


def test_the_old_root_key_is_refused_after_the_change(
    keystore: Keystore, keystore_url: str, provider: FileKeyProvider
) -> None:
    keystore.change_provider(OTHER_ROOT)
    left_behind = Keystore(keystore_url, provider)
    with pytest.raises(WrongRootKey):
        left_behind.check()
    left_behind.dispose()


@pytest.mark.parametrize("column", ["wrapped", "entity_number", "period", "purpose"])
def test_an_altered_row_does_not_open(keystore: Keystore, keystore_url: str, column: str) -> None:
    first, second = record_keys(keystore, 2)
    engine = create_engine(keystore_url)
    with engine.begin() as connection:
        row = connection.execute(select(data_key).where(data_key.c.id == second.id)).one()
        forged = {"wrapped": row.wrapped, "entity_number": 9, "period": 209912, "purpose": 1}
        statement = update(data_key).where(data_key.c.id == first.id)
        connection.execute(statement.values({column: forged[column]}))
    engine.dispose()
    answer = answer_of(keystore, first.id)
    assert isinstance(answer, BadTag)
    assert answer.key_id == first.id
    assert opens(keystore, second)


def test_a_keystore_that_was_never_set_up_says_so(
    keystore_url: str, provider: FileKeyProvider
) -> None:
    engine = create_engine(keystore_url)
    metadata.create_all(engine)
    empty = Keystore(keystore_url, provider)
    with pytest.raises(UnknownKey, match="set up"):
        empty.check()
    with engine.begin() as connection:
        assert connection.execute(select(keystore_value)).all() == []
    engine.dispose()
    empty.dispose()


def test_a_data_key_does_not_show_its_secret(keystore: Keystore) -> None:
    key = month_key(keystore)
    assert repr(key.secret)[2:-1] not in repr(key)
    assert "secret" not in repr(key)

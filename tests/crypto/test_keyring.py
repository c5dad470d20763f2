"""The key ring: what it hands out, what it remembers, and how soon it forgets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import event, update

from crypto.errors import BadTag, DestroyedKey, SealingError, UnknownKey
from crypto.key_cache import LIFETIME_SECONDS
from crypto.key_reserve import BATCH
from crypto.keyring import Keyring, period_of
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose, data_key, writing
from crypto.providers import FileKeyProvider

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 12, 1, tzinfo=UTC)
NONCE = bytes(12)


def seals_for(sealing: AESGCM, opening: AESGCM) -> bool:
    return opening.decrypt(NONCE, sealing.encrypt(NONCE, b"value", None), None) == b"value"


class Statements:
    """Counts what a keystore asks of its database."""

    def __init__(self, keystore: Keystore) -> None:
        self.seen: list[str] = []
        event.listen(keystore._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.seen.append(statement)

    def of(self, start: str) -> int:
        return sum(statement.startswith(start) for statement in self.seen)


def test_a_month_has_one_key(keyring: Keyring) -> None:
    keys = keyring.sealing_keys(3, "month", 4, on=NOW)
    assert len(keys) == 4
    assert {key.id for key in keys} == {keys[0].id}
    later = keyring.sealing_keys(3, "month", 1, on=NOW + timedelta(days=3))
    assert later[0].id == keys[0].id
    others = [
        keyring.sealing_keys(3, "month", 1, on=NEXT_MONTH)[0].id,
        keyring.sealing_keys(4, "month", 1, on=NOW)[0].id,
    ]
    assert len({keys[0].id, *others}) == 3


def test_a_record_has_a_key_of_its_own(keyring: Keyring) -> None:
    ids = [
        key.id
        for count in (1, 1, 3, BATCH, BATCH + 1, 2, 300, 1)
        for key in keyring.sealing_keys(3, "record", count, on=NOW)
    ]
    assert len(set(ids)) == len(ids) == sum((1, 1, 3, BATCH, BATCH + 1, 2, 300, 1))


@pytest.mark.parametrize("bucket", ["month", "record"])
def test_no_records_need_no_keys(keyring: Keyring, bucket: str) -> None:
    assert keyring.sealing_keys(3, bucket, 0, on=NOW) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("bucket", ["month", "record"])
def test_what_it_seals_with_another_key_ring_opens(
    keystore_url: str, keystore: Keystore, provider: FileKeyProvider, bucket: str
) -> None:
    sealing = Keyring(keystore).sealing_keys(3, bucket, 70, on=NOW)  # type: ignore[arg-type]
    elsewhere = Keystore(keystore_url, provider)
    opening = Keyring(elsewhere).opening_keys(key.id for key in sealing)
    assert all(seals_for(key.cipher, opening[key.id]) for key in sealing)
    elsewhere.dispose()


def test_a_submission_does_not_pay_for_a_commit(keystore: Keystore) -> None:
    keyring = Keyring(keystore)
    keyring.sealing_keys(3, "record", 1, on=NOW)
    statements = Statements(keystore)
    for _ in range(BATCH - 1):
        keyring.sealing_keys(3, "record", 1, on=NOW)
    assert statements.of("INSERT") == statements.of("UPDATE") == 0
    keyring.sealing_keys(3, "record", 1, on=NOW)
    assert statements.of("INSERT") == 1


def test_a_batch_of_any_size_is_one_commit(keystore: Keystore) -> None:
    keyring = Keyring(keystore)
    statements = Statements(keystore)
    keyring.sealing_keys(3, "record", 1000, on=NOW)
    assert statements.of("UPDATE keystore_value") == 1


def test_an_opened_key_is_remembered(keystore: Keystore) -> None:
    keyring = Keyring(keystore)
    key = keyring.sealing_keys(3, "month", 1, on=NOW)[0]
    keyring.opening_key(key.id)
    statements = Statements(keystore)
    for _ in range(5):
        keyring.opening_key(key.id)
        keyring.sealing_keys(3, "month", 1, on=NOW)
    assert not [statement for statement in statements.seen if "data_key" in statement]


def test_the_three_refusals_are_three_errors(keyring: Keyring, keystore: Keystore) -> None:
    live, destroyed, altered = keyring.sealing_keys(3, "record", 3, on=NOW)
    keyring.destroy([destroyed.id])
    with writing(keystore._engine) as connection:
        statement = update(data_key).where(data_key.c.id == altered.id)
        connection.execute(statement.values(wrapped=bytes(60)))
    expected: dict[int, type[SealingError]] = {
        destroyed.id: DestroyedKey,
        altered.id: BadTag,
        123_456: UnknownKey,
    }
    found = keyring.find_keys([live.id, *expected])
    assert set(found.ciphers) == {live.id}
    assert {key_id: type(error) for key_id, error in found.refused.items()} == expected
    for key_id, kind in expected.items():
        with pytest.raises(kind) as refusal:
            keyring.opening_keys([live.id, key_id])
        assert refusal.value.key_id == key_id
        with pytest.raises(kind):
            keyring.opening_key(key_id)


def test_repeated_ids_are_one_question(keyring: Keyring) -> None:
    ids = [key.id for key in keyring.sealing_keys(3, "record", 3, on=NOW)]
    assert set(keyring.opening_keys(ids * 3)) == set(ids)
    assert set(keyring.opening_keys(ids * 3)) == set(ids)
    assert keyring.opening_keys([]) == {}


def test_a_destroyed_key_is_gone_from_every_key_ring_at_once(
    keystore_url: str, keystore: Keystore, provider: FileKeyProvider
) -> None:
    elsewhere = Keystore(keystore_url, provider)
    here, there = Keyring(keystore), Keyring(elsewhere)
    month = here.sealing_keys(3, "month", 1, on=NOW)[0]
    record, other = here.sealing_keys(3, "record", 2, on=NOW)
    for ring in (here, there):
        ring.opening_keys([month.id, record.id, other.id])
    assert there.sealing_keys(3, "month", 1, on=NOW)[0].id == month.id
    assert sorted(here.destroy([month.id, record.id])) == sorted([month.id, record.id])
    for ring in (here, there):
        for gone in (month, record):
            with pytest.raises(DestroyedKey):
                ring.opening_key(gone.id)
        assert seals_for(other.cipher, ring.opening_key(other.id))
    assert there.sealing_keys(3, "month", 1, on=NOW)[0].id != month.id
    elsewhere.dispose()


def test_a_reserve_hands_out_no_destroyed_key(keystore: Keystore) -> None:
    keyring = Keyring(keystore)
    first = keyring.sealing_keys(3, "record", 1, on=NOW)[0]
    keystore.destroy(range(first.id, first.id + 10))
    rest = keyring.sealing_keys(3, "record", BATCH - 10, on=NOW)
    assert [key.id for key in rest] == list(range(first.id + 10, first.id + BATCH))
    keystore.destroy_period(Purpose.RECORD, entity_number=3, period=202611)
    fresh = keyring.sealing_keys(3, "record", 5, on=NOW)
    assert len(keyring.opening_keys(key.id for key in fresh)) == 5


def test_a_reserve_belongs_to_its_month(keyring: Keyring, keystore: Keystore) -> None:
    keyring.sealing_keys(3, "record", 1, on=NOW)
    december = keyring.sealing_keys(3, "record", 2, on=NEXT_MONTH)
    ids = keystore.destroy_period(Purpose.RECORD, entity_number=3, period=202612)
    assert {key.id for key in december} <= set(ids)
    assert len(ids) == BATCH


def test_no_key_is_remembered_longer_than_a_minute(
    keyring: Keyring, keystore: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keyring.sealing_keys(3, "month", 1, on=NOW)[0]
    keyring.opening_key(key.id)
    with writing(keystore._engine) as connection:  # without a new generation
        connection.execute(update(data_key).values(wrapped=None))
    clock = [0.0]
    monkeypatch.setattr("crypto.key_cache.monotonic", lambda: clock[0])
    keyring._cache._emptied_at = 0.0
    clock[0] = LIFETIME_SECONDS - 0.1
    keyring.opening_key(key.id)
    clock[0] = LIFETIME_SECONDS
    with pytest.raises(DestroyedKey):
        keyring.opening_key(key.id)


def test_a_key_read_before_its_destruction_is_not_remembered_after_it(
    keyring: Keyring, keystore: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race: this thread reads the key, another destroys it and refreshes the ring, this one
    comes back to put it into the cache."""
    key = keyring.sealing_keys(3, "month", 1, on=NOW)[0]
    fetch = keystore.fetch

    def fetch_slowly(ids: set[int]) -> dict[int, AESGCM | SealingError]:
        answers = fetch(ids)
        monkeypatch.setattr(keystore, "fetch", fetch)
        keyring.destroy([key.id])
        keyring.find_keys([])
        return answers

    monkeypatch.setattr(keystore, "fetch", fetch_slowly)
    keyring.opening_key(key.id)
    with pytest.raises(DestroyedKey):
        keyring.opening_key(key.id)


def test_index_keys_are_monthly_and_known_everywhere_at_once(
    keystore_url: str, keystore: Keystore, provider: FileKeyProvider
) -> None:
    elsewhere = Keystore(keystore_url, provider)
    here, there = Keyring(keystore), Keyring(elsewhere)
    assert there.index_keys(3) == []
    november = here.index_key(3, on=NOW)
    assert there.index_keys(3) == [november]
    december = there.index_key(3, on=NEXT_MONTH)
    assert here.index_keys(3) == there.index_keys(3) == [december, november]
    assert here.index_key(3, on=NOW) == there.index_key(3, on=NOW) == november
    assert here.index_keys(4) == []
    assert (november.period, december.period) == (202611, 202612)
    here.destroy([november.id])
    assert there.index_keys(3) == [december]
    elsewhere.dispose()


def test_a_list_of_index_keys_is_the_callers_own(keyring: Keyring) -> None:
    keyring.index_key(3, on=NOW)
    keyring.index_keys(3).clear()
    assert len(keyring.index_keys(3)) == 1
    assert "secret" not in repr(keyring.index_keys(3))


def test_a_platform_secret_lasts_and_belongs_to_its_purpose(
    keystore_url: str, keystore: Keystore, provider: FileKeyProvider
) -> None:
    here = Keyring(keystore)
    audit = here.secret("audit")
    elsewhere = Keystore(keystore_url, provider)
    assert Keyring(elsewhere).secret("audit") == audit == here.secret("audit")
    elsewhere.dispose()
    assert len(audit) == 32
    assert here.secret("token") != audit


def test_a_month_is_that_of_the_time_as_given() -> None:
    japan = timezone(timedelta(hours=9))
    new_year_in_japan = datetime(2027, 1, 1, 0, 30, tzinfo=japan)
    assert period_of(new_year_in_japan) == 202701
    assert period_of(new_year_in_japan.astimezone(UTC)) == 202612


def test_eight_threads_get_each_their_own_keys_and_open_each_others(keyring: Keyring) -> None:
    def take(_: int) -> list[int]:
        keys = [
            key
            for count in (1, 1, 7, 1, 30, 1, 1, 40) * 4
            for key in keyring.sealing_keys(3, "record", count, on=NOW)
        ]
        opening = keyring.opening_keys(key.id for key in keys)
        assert all(seals_for(key.cipher, opening[key.id]) for key in keys)
        months = {keyring.sealing_keys(3, "month", 1, on=NOW)[0].id for _ in range(5)}
        assert len(months) == 1
        return [key.id for key in keys]

    with ThreadPoolExecutor(8) as threads:
        taken = [key_id for ids in threads.map(take, range(8)) for key_id in ids]
    assert len(set(taken)) == len(taken) == 8 * 4 * 82
    assert len(keyring.opening_keys(taken)) == len(taken)

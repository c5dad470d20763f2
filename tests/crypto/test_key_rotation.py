"""Keys changed for others: who takes whose place, what is erased meanwhile, what is left."""

from datetime import UTC, datetime

import pytest

from crypto.errors import DestroyedKey, ReplacedKey, UnknownKey
from crypto.key_rotation import (
    INDEXING,
    SEALING,
    RotatingKeys,
    high_water,
    key_counts,
    only_opening,
    replaced_among,
)
from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.keystore_tables import KeyState, Purpose

ENTITY, OTHER = 3, 4
NOVEMBER = datetime(2026, 11, 15, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 15, tzinfo=UTC)


@pytest.fixture
def rotating(keystore: Keystore) -> RotatingKeys:
    return RotatingKeys(keystore, SEALING, entity_number=ENTITY)


def record_keys(keystore: Keystore, count: int = 2, entity: int = ENTITY) -> list[int]:
    made = keystore.new_keys(Purpose.RECORD, entity_number=entity, period=202611, count=count)
    return [key.id for key in made]


def test_what_is_retired_opens_and_no_longer_seals(
    keystore: Keystore, keyring: Keyring, rotating: RotatingKeys
) -> None:
    month = keyring.sealing_keys(ENTITY, "month", 1, on=NOVEMBER)[0].id
    elsewhere = keyring.sealing_keys(OTHER, "month", 1, on=NOVEMBER)[0].id
    index = keyring.index_key(ENTITY, on=NOVEMBER).id
    boundary, count = rotating.retire()
    assert count == 1
    assert boundary > max(month, elsewhere, index)
    assert keyring.opening_key(month)
    assert keyring.sealing_keys(ENTITY, "month", 1, on=NOVEMBER)[0].id >= boundary
    assert keyring.sealing_keys(OTHER, "month", 1, on=NOVEMBER)[0].id == elsewhere
    assert keyring.index_key(ENTITY, on=NOVEMBER).id == index
    assert only_opening(keystore) == {month}


def test_keys_kept_in_reserve_are_not_handed_out_any_more(
    keyring: Keyring, rotating: RotatingKeys
) -> None:
    keyring.sealing_keys(ENTITY, "record", 1, on=NOVEMBER)
    boundary, _ = rotating.retire()
    taken = keyring.sealing_keys(ENTITY, "record", 70, on=NOVEMBER)
    assert min(key.id for key in taken) >= boundary


def test_each_record_key_has_one_successor_whenever_it_is_asked_for(
    keystore: Keystore, rotating: RotatingKeys
) -> None:
    old = record_keys(keystore, 3)
    boundary, _ = rotating.retire()
    first = rotating.successors(old[:2], boundary=boundary)
    again = rotating.successors(old, boundary=boundary)
    assert first == {one: again[one] for one in old[:2]}
    assert len(set(again.values())) == 3
    assert min(again.values()) >= boundary


def test_a_months_keys_have_the_months_new_key(
    keystore: Keystore, keyring: Keyring, rotating: RotatingKeys
) -> None:
    old = {
        on: keyring.sealing_keys(ENTITY, "month", 1, on=on)[0].id for on in (NOVEMBER, DECEMBER)
    }
    boundary, _ = rotating.retire()
    successors = rotating.successors(set(old.values()), boundary=boundary)
    for on, key_id in old.items():
        assert keyring.sealing_keys(ENTITY, "month", 1, on=on)[0].id == successors[key_id]


def test_only_what_lies_below_and_lives_is_replaced(
    keystore: Keystore, rotating: RotatingKeys
) -> None:
    [gone, old] = record_keys(keystore)
    [elsewhere] = record_keys(keystore, 1, OTHER)
    keystore.destroy([gone])
    boundary, count = rotating.retire()
    [new] = record_keys(keystore, 1)
    asked = {gone, old, elsewhere, new, 10**9}
    assert count == 1
    assert set(rotating.successors(asked, boundary=boundary)) == {old}
    assert rotating.old_among(asked, boundary=boundary) == {old}


@pytest.mark.parametrize("which", ["old", "new"])
def test_who_is_erased_meanwhile_is_erased_under_both_keys(
    keystore: Keystore, rotating: RotatingKeys, which: str
) -> None:
    [old, other] = record_keys(keystore)
    boundary, _ = rotating.retire()
    successors = rotating.successors([old, other], boundary=boundary)
    pair = {"old": old, "new": successors[old]}
    assert set(keystore.destroy([pair[which]])) == set(pair.values())
    answers = keystore.fetch([*pair.values(), other, successors[other]])
    assert all(isinstance(answers[key_id], DestroyedKey) for key_id in pair.values())
    assert not isinstance(answers[other], Exception)
    assert not isinstance(answers[successors[other]], Exception)


def test_at_the_end_the_old_keys_are_gone_and_the_new_ones_stay(
    keystore: Keystore, keyring: Keyring, rotating: RotatingKeys
) -> None:
    [old, gone] = record_keys(keystore)
    boundary, _ = rotating.retire()
    new = rotating.successors([old], boundary=boundary)[old]
    keystore.destroy([gone])
    before = keystore.generation()
    assert rotating.destroy(boundary=boundary) == 1
    assert keystore.generation() > before
    with pytest.raises(ReplacedKey):
        keyring.opening_key(old)
    with pytest.raises(DestroyedKey):
        keyring.opening_key(gone)
    assert keyring.opening_key(new)
    assert replaced_among(keystore, [old, gone, new]) == {old}
    assert rotating.destroy(boundary=boundary) == 0
    keystore.destroy([old])  # what ended long ago takes nobody along
    assert keyring.opening_key(new)


def test_a_replaced_key_leaves_nothing_of_itself(
    keystore: Keystore, keyring: Keyring, rotating: RotatingKeys
) -> None:
    [old] = record_keys(keystore, 1)
    boundary, _ = rotating.retire()
    rotating.destroy(boundary=boundary)
    states = {(one.purpose, one.state): one.count for one in key_counts(keystore)}
    assert states[(Purpose.RECORD, KeyState.REPLACED)] == 1
    assert isinstance(keystore.fetch([old])[old], ReplacedKey)


def test_index_keys_are_changed_by_themselves(keystore: Keystore, keyring: Keyring) -> None:
    old = keyring.index_key(ENTITY, on=NOVEMBER).id
    month = keyring.sealing_keys(ENTITY, "month", 1, on=NOVEMBER)[0].id
    indexing = RotatingKeys(keystore, INDEXING, entity_number=ENTITY)
    boundary, _ = indexing.retire()
    new = keyring.index_key(ENTITY, on=NOVEMBER).id
    assert [key.id for key in keyring.index_keys(ENTITY)] == [new, old]
    assert indexing.destroy(boundary=boundary) == 1
    assert [key.id for key in keyring.index_keys(ENTITY)] == [new]
    assert keyring.sealing_keys(ENTITY, "month", 1, on=NOVEMBER)[0].id == month


def test_the_high_water_only_rises(keystore: Keystore, rotating: RotatingKeys) -> None:
    seen = [high_water(keystore)]
    [old] = record_keys(keystore, 1)
    seen.append(high_water(keystore))
    boundary, _ = rotating.retire()
    rotating.destroy(boundary=boundary)
    seen.append(high_water(keystore))
    assert [one.next_key_id for one in seen] == sorted(one.next_key_id for one in seen)
    assert [one.generation for one in seen] == sorted(one.generation for one in seen)
    assert seen[1].next_key_id == old + 1
    assert isinstance(keystore.fetch([old + 1])[old + 1], UnknownKey)

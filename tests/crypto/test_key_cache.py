"""The cache keeps to its size, keeps what is used, and lets one-time batches pass."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from crypto.key_cache import KeyCache

CIPHER = AESGCM(bytes(32))


def fresh_cache(capacity: int) -> KeyCache:
    cache = KeyCache(capacity)
    cache.renew(1)
    return cache


def keep(cache: KeyCache, *ids: int, generation: int = 1) -> None:
    cache.keep(dict.fromkeys(ids, CIPHER), generation=generation)


@given(batches=st.lists(st.sets(st.integers(0, 200), max_size=20), max_size=40))
def test_it_never_outgrows_its_capacity(batches: list[set[int]]) -> None:
    cache = fresh_cache(40)
    for batch in batches:
        found, missing = cache.look_up(batch)
        assert set(found) | missing == batch
        assert not set(found) & missing
        keep(cache, *missing)
        assert len(cache) <= 40
        if len(missing) <= 10:
            assert not cache.look_up(missing)[1]


@given(others=st.lists(st.integers(1, 10_000), max_size=300))
def test_a_key_in_use_stays(others: list[int]) -> None:
    cache = fresh_cache(8)
    keep(cache, 0)
    for other in others:
        keep(cache, other)
        assert not cache.look_up([0])[1]


@given(ids=st.lists(st.integers(0, 1000), max_size=40, unique=True))
def test_nothing_goes_before_it_is_full(ids: list[int]) -> None:
    cache = fresh_cache(40)
    for key_id in ids:
        keep(cache, key_id)
    assert not cache.look_up(ids)[1]


def test_the_least_recently_used_goes_first() -> None:
    cache = fresh_cache(8)
    for key_id in range(8):
        keep(cache, key_id)
    cache.look_up([0, 1])
    keep(cache, 100)
    keep(cache, 101)
    assert cache.look_up(range(8))[1] == {2, 3}


def test_a_batch_that_comes_by_once_pushes_nothing_out() -> None:
    cache = fresh_cache(100)
    keep(cache, *range(20))
    keep(cache, *range(1000, 2000))
    keep(cache, *range(1000, 1026))
    assert len(cache) == 20
    assert not cache.look_up(range(20))[1]


@pytest.mark.parametrize("generation", [0, 2])
def test_what_was_read_in_another_generation_is_not_kept(generation: int) -> None:
    cache = fresh_cache(100)
    keep(cache, 1, generation=generation)
    assert len(cache) == 0


def test_a_new_generation_forgets_everything() -> None:
    cache = fresh_cache(100)
    keep(cache, 1, 2, 3)
    cache.index_keys[3] = []
    cache.renew(1)
    assert len(cache) == 3
    cache.renew(2)
    assert (len(cache), cache.index_keys) == (0, {})

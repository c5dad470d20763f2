"""A text sealed in pieces opens whole, in its order, for its owner and under its key, or not."""

from os import urandom

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import BadTag
from crypto.pieces import OVERHEAD, open_pieces, seal_pieces

KEY, KEY_ID, OWNER = AESGCM(bytes(range(32))), 7, bytes(range(16))
TEXTS = st.lists(st.binary(max_size=40), max_size=6)


def sealed(pieces: list[bytes], **changes: object) -> list[bytes]:
    place = {"key_id": KEY_ID, "owner": OWNER, **changes}
    return list(seal_pieces(KEY, pieces, **place))  # type: ignore[arg-type]


def opened(envelopes: list[bytes], **changes: object) -> list[bytes]:
    place = {"key_id": KEY_ID, "owner": OWNER, **changes}
    return list(open_pieces(KEY, envelopes, **place))  # type: ignore[arg-type]


@given(TEXTS)
def test_what_was_sealed_opens(pieces: list[bytes]) -> None:
    assert opened(sealed(pieces)) == (pieces or [b""])


@given(TEXTS)
def test_each_piece_grows_by_the_same(pieces: list[bytes]) -> None:
    assert [len(one) for one in sealed(pieces)] == [len(p) + OVERHEAD for p in pieces or [b""]]


@given(st.lists(st.binary(max_size=20), min_size=2, max_size=6), st.data())
def test_no_other_order_opens(pieces: list[bytes], data: st.DataObject) -> None:
    envelopes = sealed(pieces)
    order = data.draw(st.permutations(range(len(pieces))))
    if order != sorted(order):
        with pytest.raises(BadTag):
            opened([envelopes[number] for number in order])


@given(st.lists(st.binary(max_size=20), min_size=2, max_size=6), st.data())
def test_none_may_be_missing(pieces: list[bytes], data: st.DataObject) -> None:
    """The last least of all: the ones before it open, and then the text breaks off with an error
    instead of an end."""
    envelopes = sealed(pieces)
    missing = data.draw(st.integers(0, len(pieces) - 1))
    del envelopes[missing]
    with pytest.raises(BadTag):
        opened(envelopes)


@given(TEXTS, st.data())
def test_none_may_be_doubled(pieces: list[bytes], data: st.DataObject) -> None:
    envelopes = sealed(pieces)
    doubled = data.draw(st.integers(0, len(envelopes) - 1))
    with pytest.raises(BadTag):
        opened([*envelopes[: doubled + 1], *envelopes[doubled:]])


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=4), st.data())
def test_no_bit_may_be_changed(pieces: list[bytes], data: st.DataObject) -> None:
    envelopes = sealed(pieces)
    number = data.draw(st.integers(0, len(envelopes) - 1))
    position = data.draw(st.integers(0, len(envelopes[number]) * 8 - 1))
    spoilt = bytearray(envelopes[number])
    spoilt[position // 8] ^= 1 << position % 8
    envelopes[number] = bytes(spoilt)
    with pytest.raises(BadTag):
        opened(envelopes)


def test_a_piece_belongs_to_one_text() -> None:
    """The same place in another's text, or sealed with another key, does not fit in."""
    mine, yours = sealed([b"a", b"b"]), sealed([b"a", b"b"], owner=urandom(16))
    other_key = sealed([b"a", b"b"], key_id=8)
    for foreign in (yours[1], other_key[1]):
        with pytest.raises(BadTag):
            opened([mine[0], foreign])
    with pytest.raises(BadTag):
        opened(mine, owner=urandom(16))
    with pytest.raises(BadTag):
        opened(mine, key_id=8)
    assert opened(mine) == [b"a", b"b"]


def test_the_pieces_before_a_cut_are_told_before_it_is_noticed() -> None:
    """A reader that must not act on half a text waits for the end."""
    pieces = open_pieces(KEY, sealed([b"a", b"b", b"c"])[:2], key_id=KEY_ID, owner=OWNER)
    assert next(pieces) == b"a"
    with pytest.raises(BadTag):
        next(pieces)


def test_nothing_at_all_is_no_text() -> None:
    with pytest.raises(BadTag):
        opened([])


@pytest.mark.parametrize("envelope", [b"", b"\x02", b"\x01" + bytes(60), bytes(OVERHEAD - 1)])
def test_what_is_no_piece_is_refused(envelope: bytes) -> None:
    with pytest.raises(BadTag):
        opened([envelope])


@pytest.mark.parametrize("owner", [b"", bytes(15), bytes(17)])
def test_an_owner_has_sixteen_bytes(owner: bytes) -> None:
    with pytest.raises(ValueError, match="sixteen"):
        sealed([b"a"], owner=owner)


def test_the_same_text_is_never_sealed_alike() -> None:
    assert sealed([b"a"]) != sealed([b"a"])


def test_pieces_are_taken_one_by_one() -> None:
    """Two are in hand at a time: a text of any length needs no more memory."""
    taken = []

    def coming() -> object:
        for number in range(5):
            taken.append(number)
            yield bytes([number])

    envelopes = seal_pieces(KEY, coming(), key_id=KEY_ID, owner=OWNER)  # type: ignore[arg-type]
    next(envelopes)
    assert taken == [0, 1]

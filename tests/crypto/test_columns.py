"""The hot path of exports opens what the plain way opens, and refuses what it refuses."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from crypto.columns import key_ids_in, open_column
from crypto.envelope import key_id_of, open_sealed, seal
from crypto.errors import BadTag
from crypto.padding import TEXT_BUCKETS, pad, unpad

CIPHERS = {key_id: AESGCM(bytes([key_id]) * 32) for key_id in (1, 2, 3)}
NUMBER = 7
CELLS = st.lists(
    st.none() | st.tuples(st.sampled_from(list(CIPHERS)), st.binary(max_size=100)), max_size=30
)


def sealed(key_id: int, value: bytes, record_id: bytes) -> bytes:
    padded = pad(value, TEXT_BUCKETS)
    return seal(
        CIPHERS[key_id],
        key_id=key_id,
        attribute_number=NUMBER,
        record_id=record_id,
        padded=padded,
    )


@given(cells=CELLS)
def test_a_column_opens_as_its_values_do_one_by_one(
    cells: list[tuple[int, bytes] | None],
) -> None:
    ids = [os.urandom(16) for _ in cells]
    column = [
        None if cell is None else sealed(*cell, record_id)
        for cell, record_id in zip(cells, ids, strict=True)
    ]
    opened = open_column(CIPHERS, column, ids, attribute_number=NUMBER)
    assert opened == [
        None
        if envelope is None
        else unpad(
            open_sealed(
                CIPHERS[key_id_of(envelope)],
                envelope=envelope,
                attribute_number=NUMBER,
                record_id=record_id,
            )
        )
        for envelope, record_id in zip(column, ids, strict=True)
    ]
    assert key_ids_in(column) == {cell[0] for cell in cells if cell is not None}


def test_a_value_without_a_key_tells_which_it_was() -> None:
    record_id = os.urandom(16)
    column = [sealed(1, "神戸".encode(), record_id), sealed(2, b"b", record_id)]
    ciphers = {2: CIPHERS[2]}
    assert open_column(ciphers, column, [record_id] * 2, attribute_number=NUMBER) == [1, b"b"]


@given(position=st.integers(0, 68), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_is_refused(position: int, bit: int) -> None:
    record_id = bytes(16)
    envelope = bytearray(sealed(1, b"taro@example.jp", record_id))
    envelope[position] ^= 1 << bit
    column = [bytes(envelope)]
    try:
        opened = open_column(CIPHERS, column, [record_id], attribute_number=NUMBER)
    except BadTag:
        return
    assert isinstance(opened[0], int)  # it names another key now, which nobody has
    assert opened[0] not in CIPHERS


@pytest.mark.parametrize("envelope", [b"", b"\1", b"\1" * 36, b"\2" + bytes(60)])
def test_what_is_no_envelope_is_refused(envelope: bytes) -> None:
    with pytest.raises(BadTag):
        open_column(CIPHERS, [envelope], [bytes(16)], attribute_number=NUMBER)
    with pytest.raises(BadTag):
        key_ids_in([envelope])


@pytest.mark.parametrize(("number", "record_id"), [(8, bytes(16)), (NUMBER, b"\1" * 16)])
def test_a_moved_value_is_refused(number: int, record_id: bytes) -> None:
    column = [sealed(1, b"taro@example.jp", bytes(16))]
    with pytest.raises(BadTag):
        open_column(CIPHERS, column, [record_id], attribute_number=number)

"""Padding gives back what it was given and hides its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import BadTag
from crypto.padding import EMAIL_BUCKETS, PHONE_BUCKETS, TEXT_BUCKETS, pad, unpad

BUCKETS = st.sampled_from([EMAIL_BUCKETS, PHONE_BUCKETS, TEXT_BUCKETS])
VALUES = st.binary(max_size=9000) | st.binary(max_size=20).map(lambda value: value + b"\x80\0\0")


@given(value=VALUES, buckets=BUCKETS)
def test_unpad_gives_back_every_value(value: bytes, buckets: tuple[int, ...]) -> None:
    assert unpad(pad(value, buckets)) == value


@given(value=VALUES, buckets=BUCKETS)
def test_a_length_is_a_bucket_or_a_multiple_of_the_last(
    value: bytes, buckets: tuple[int, ...]
) -> None:
    length = len(pad(value, buckets))
    assert length in buckets or length % buckets[-1] == 0
    smaller = [bucket for bucket in buckets if bucket < length]
    assert all(len(value) + 1 > bucket for bucket in smaller)
    assert length <= max(buckets[0], buckets[-1], len(value) + buckets[-1])


@given(value=st.binary(max_size=31))
def test_every_usual_address_has_the_length_of_every_other(value: bytes) -> None:
    assert len(pad(value, EMAIL_BUCKETS)) == 32


@pytest.mark.parametrize("buckets", [EMAIL_BUCKETS, PHONE_BUCKETS, TEXT_BUCKETS])
def test_at_each_edge_the_mark_still_fits(buckets: tuple[int, ...]) -> None:
    for bucket in buckets:
        assert len(pad(b"x" * (bucket - 1), buckets)) == bucket
        assert len(pad(b"x" * bucket, buckets)) > bucket
    assert len(pad(b"x" * buckets[-1], buckets)) == 2 * buckets[-1]


@given(padded=st.binary(max_size=64))
def test_what_was_not_padded_is_refused(padded: bytes) -> None:
    try:
        value = unpad(padded)
    except BadTag:
        assert padded.rstrip(b"\0")[-1:] != b"\x80"
    else:
        assert padded == (value + b"\x80").ljust(len(padded), b"\0")


@pytest.mark.parametrize("padded", [b"", b"\0" * 32, b"abc", b"abc\x81\0\0", b"\x80abc\0"])
def test_malformed_padding(padded: bytes) -> None:
    with pytest.raises(BadTag):
        unpad(padded)

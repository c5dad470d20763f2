"""The laws of a sealed value: it opens where it was sealed, nowhere else, and never by halves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto.envelope import OVERHEAD, key_id_of, open_sealed, seal
from crypto.errors import BadTag, SealingError
from crypto.padding import EMAIL_BUCKETS, TEXT_BUCKETS, pad, unpad

KEY = AESGCM(bytes(range(32)))
OTHER_KEY = AESGCM(bytes(range(1, 33)))

KEY_IDS = st.integers(1, 2**64 - 1)
ATTRIBUTES = st.integers(0, 2**32 - 1)
RECORDS = st.binary(min_size=16, max_size=16)
VALUES = st.binary(max_size=300)
TEXTS = st.text(max_size=200)


@given(text=TEXTS, key_id=KEY_IDS, attribute=ATTRIBUTES, record=RECORDS)
def test_a_value_opens_where_it_was_sealed(
    text: str, key_id: int, attribute: int, record: bytes
) -> None:
    padded = pad(text.encode(), TEXT_BUCKETS)
    envelope = seal(
        KEY, key_id=key_id, attribute_number=attribute, record_id=record, padded=padded
    )
    opened = open_sealed(KEY, envelope=envelope, attribute_number=attribute, record_id=record)
    assert unpad(opened).decode() == text
    assert key_id_of(envelope) == key_id
    assert len(envelope) == len(padded) + OVERHEAD


@given(
    value=VALUES,
    sealed_for=st.tuples(KEY_IDS, ATTRIBUTES, RECORDS),
    moved_to=st.tuples(KEY_IDS, ATTRIBUTES, RECORDS),
    keep=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_a_value_moved_elsewhere_does_not_open(
    value: bytes,
    sealed_for: tuple[int, int, bytes],
    moved_to: tuple[int, int, bytes],
    keep: tuple[bool, bool, bool],
) -> None:
    key_id, attribute, record = (
        old if kept else new for old, new, kept in zip(sealed_for, moved_to, keep, strict=True)
    )
    assume((key_id, attribute, record) != sealed_for)
    envelope = seal(
        KEY,
        key_id=sealed_for[0],
        attribute_number=sealed_for[1],
        record_id=sealed_for[2],
        padded=value,
    )
    relabelled = envelope[:1] + key_id.to_bytes(8) + envelope[9:]
    with pytest.raises(BadTag):
        open_sealed(KEY, envelope=relabelled, attribute_number=attribute, record_id=record)


def test_every_flipped_bit_is_noticed() -> None:
    record = bytes(16)
    padded = pad(b"maria.keller@example.org", EMAIL_BUCKETS)
    envelope = seal(KEY, key_id=7, attribute_number=3, record_id=record, padded=padded)
    for position in range(len(envelope)):
        for bit in range(8):
            flipped = bytearray(envelope)
            flipped[position] ^= 1 << bit
            with pytest.raises(BadTag):
                open_sealed(KEY, envelope=bytes(flipped), attribute_number=3, record_id=record)


@given(value=VALUES, cut=st.integers(1, 400))
def test_a_cut_or_lengthened_envelope_does_not_open(value: bytes, cut: int) -> None:
    record = bytes(16)
    envelope = seal(KEY, key_id=7, attribute_number=3, record_id=record, padded=value)
    for damaged in (envelope[:-cut], envelope + bytes(cut), envelope[cut:]):
        with pytest.raises(BadTag):
            open_sealed(KEY, envelope=damaged, attribute_number=3, record_id=record)


@given(noise=st.binary(max_size=200))
def test_noise_is_no_envelope(noise: bytes) -> None:
    with pytest.raises(BadTag):
        open_sealed(KEY, envelope=noise, attribute_number=3, record_id=bytes(16))


@given(value=VALUES)
def test_another_key_under_the_same_id_does_not_open(value: bytes) -> None:
    envelope = seal(KEY, key_id=7, attribute_number=3, record_id=bytes(16), padded=value)
    with pytest.raises(BadTag) as refusal:
        open_sealed(OTHER_KEY, envelope=envelope, attribute_number=3, record_id=bytes(16))
    assert refusal.value.key_id == 7


@given(value=st.binary(max_size=31))
def test_equal_values_are_sealed_differently_and_equally_long(value: bytes) -> None:
    padded = pad(value, EMAIL_BUCKETS)
    envelopes = {
        seal(KEY, key_id=7, attribute_number=3, record_id=bytes(16), padded=padded)
        for _ in range(8)
    }
    assert len(envelopes) == 8
    assert {len(envelope) for envelope in envelopes} == {32 + OVERHEAD}


@pytest.mark.parametrize("length", [0, 15, 17, 36])
def test_a_record_id_of_another_length_is_not_cut_to_fit(length: int) -> None:
    envelope = seal(KEY, key_id=7, attribute_number=3, record_id=bytes(16), padded=b"x")
    with pytest.raises(ValueError, match="sixteen"):
        seal(KEY, key_id=7, attribute_number=3, record_id=bytes(length), padded=b"x")
    with pytest.raises(ValueError, match="sixteen"):
        open_sealed(KEY, envelope=envelope, attribute_number=3, record_id=bytes(length))


def refusals() -> list[Callable[[bytes], object]]:
    return [
        lambda sealed: open_sealed(
            OTHER_KEY, envelope=sealed, attribute_number=3, record_id=bytes(16)
        ),
        lambda sealed: open_sealed(
            KEY, envelope=b"\x02" + sealed[1:], attribute_number=3, record_id=bytes(16)
        ),
        lambda sealed: key_id_of(sealed[:20]),
        lambda sealed: unpad(sealed + b"x"),
    ]


@pytest.mark.parametrize("refusal", refusals())
def test_no_error_shows_what_was_sealed(refusal: Callable[[bytes], object]) -> None:
    secret = b"maria.keller@example.org"
    sealed = seal(KEY, key_id=7, attribute_number=3, record_id=bytes(16), padded=secret)
    with pytest.raises(SealingError) as raised:
        refusal(sealed)
    shown = str(raised.value) + repr(raised.value.args)
    assert secret.decode() not in shown
    assert sealed.hex() not in shown
    assert repr(sealed)[2:-1] not in shown
    # `from None`: what the library said is not shown either
    assert raised.value.__cause__ is None


def test_eight_threads_may_share_a_key() -> None:
    def seal_and_open(thread: int) -> int:
        record = bytes([thread]) * 16
        wrong = 0
        for number in range(2000):
            value = f"{thread}-{number}@example.org".encode()
            envelope = seal(KEY, key_id=7, attribute_number=number, record_id=record, padded=value)
            opened = open_sealed(KEY, envelope=envelope, attribute_number=number, record_id=record)
            wrong += opened != value
        return wrong

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(seal_and_open, range(8))) == 0

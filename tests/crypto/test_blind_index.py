"""The blind index: equal under one key, attribute and name; unrelated under any other."""

import hmac
from concurrent.futures import ThreadPoolExecutor

from hypothesis import assume, given
from hypothesis import strategies as st

from crypto.blind_index import DIGEST_LENGTH, BlindIndex

SECRETS = st.binary(min_size=32, max_size=32)
ATTRIBUTES = st.integers(0, 2**32 - 1)
NAMES = st.text(min_size=1, max_size=20)
VALUES = st.binary(max_size=100)


def by_the_standard_library(secret: bytes, attribute: int, *, name: str, value: bytes) -> bytes:
    """RFC 5869's expand step for one block, and RFC 2104, without the library under test."""
    info = attribute.to_bytes(4) + name.encode()
    subkey = hmac.digest(secret, info + b"\x01", "sha256")
    return hmac.digest(subkey, value, "sha256")[:16]


@given(secret=SECRETS, attribute=ATTRIBUTES, name=NAMES, value=VALUES)
def test_a_digest_is_hkdf_then_hmac_cut_to_sixteen_bytes(
    secret: bytes, attribute: int, name: str, value: bytes
) -> None:
    index = BlindIndex(secret, attribute_number=attribute, index_name=name)
    expected = by_the_standard_library(secret, attribute, name=name, value=value)
    assert index.digest(value) == expected
    assert index.digest(value) == expected  # the prekeyed state is not used up
    assert len(expected) == DIGEST_LENGTH


@given(
    first=st.tuples(SECRETS, ATTRIBUTES, NAMES),
    second=st.tuples(SECRETS, ATTRIBUTES, NAMES),
    keep=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    value=VALUES,
)
def test_another_key_attribute_or_name_gives_another_digest(
    first: tuple[bytes, int, str],
    second: tuple[bytes, int, str],
    keep: tuple[bool, bool, bool],
    value: bytes,
) -> None:
    mixed = tuple(a if kept else b for a, b, kept in zip(first, second, keep, strict=True))
    assume(mixed != first)
    secret, attribute, name = first
    other_secret, other_attribute, other_name = mixed
    one = BlindIndex(secret, attribute_number=attribute, index_name=name)
    other = BlindIndex(other_secret, attribute_number=other_attribute, index_name=other_name)
    assert one.digest(value) != other.digest(value)


@given(values=st.lists(VALUES, unique=True, max_size=50))
def test_different_values_have_different_digests(values: list[bytes]) -> None:
    index = BlindIndex(bytes(32), attribute_number=7, index_name="exact-email/1")
    assert len({index.digest(value) for value in values}) == len(values)


def test_eight_threads_may_share_an_index() -> None:
    index = BlindIndex(bytes(32), attribute_number=7, index_name="exact-email/1")

    def wrong(thread: int) -> int:
        values = [f"{thread}-{number}".encode() for number in range(3000)]
        return sum(
            index.digest(value)
            != by_the_standard_library(bytes(32), 7, name="exact-email/1", value=value)
            for value in values
        )

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(wrong, range(8))) == 0

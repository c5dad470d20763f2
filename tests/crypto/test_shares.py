"""Laws and vectors of the shares: any m give the secret back, fewer tell nothing, and whoever puts
wrong ones together is told so."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import shares
from crypto.shares import Share, ShareError, combine, parse, split

SECRET = bytes(range(32))
VECTOR = (
    "UKETSUKE-SHARE 1 OF ANY 2: SET 0A0B-0C0D-8883-9B0D-06EC-20A1 "
    "DATA 0A0B-0809-0E0F-0C0D-0203-0001-0607-0405-"
    "1A1B-1819-1E1F-1C1D-1213-1011-1617-1415 CHECK A860-52B6",
    "UKETSUKE-SHARE 2 OF ANY 2: SET 0A0B-0C0D-8883-9B0D-06EC-20A1 "
    "DATA 1415-1617-1011-1213-1C1D-1E1F-1819-1A1B-"
    "0405-0607-0001-0203-0C0D-0E0F-0809-0A0B CHECK AD11-98C8",
)
COUNTS = st.integers(2, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(2, n)))


@settings(max_examples=60)
@given(secret=st.binary(min_size=1, max_size=40), counts=COUNTS, data=st.data())
def test_any_m_of_n_give_the_secret_back(
    secret: bytes, counts: tuple[int, int], data: st.DataObject
) -> None:
    number, threshold = counts
    made = split(secret, shares=number, threshold=threshold)
    chosen = data.draw(st.permutations(made))[: data.draw(st.integers(threshold, number))]
    assert combine([parse(str(one)) for one in chosen]) == secret


@given(counts=COUNTS, data=st.data())
def test_fewer_are_refused(counts: tuple[int, int], data: st.DataObject) -> None:
    number, threshold = counts
    made = split(SECRET, shares=number, threshold=threshold)
    few = data.draw(st.permutations(made))[: threshold - 1]
    with pytest.raises(ShareError, match="too few"):
        combine([*few, few[0]])


def test_fewer_fit_every_secret_equally_well() -> None:
    """Of the 256 secrets of one byte each is met by one second share, whatever the first is."""
    first, second = 7, 9
    for byte in (0, 1, 0x80, 0xFF):
        slopes = range(256)
        values = [(shares._value(bytes([byte, s]), first), s) for s in slopes]
        assert len({value for value, _ in values}) == 256
        assert len({shares._value(bytes([byte, s]), second) for s in slopes}) == 256


def test_the_field_is_that_of_aes() -> None:
    """FIPS 197, sections 4.2 and 4.3; and every element has its inverse."""
    assert shares._times(0x57, 0x83) == 0xC1
    assert shares._times(0x57, 0x13) == 0xFE
    assert shares._times(0x53, 0xCA) == 1
    for one in range(1, 256):
        assert shares._times(one, shares._over(1, one)) == 1
    for one, other in itertools.product(range(0, 256, 5), range(0, 256, 7)):
        assert shares._times(one, other) == _slowly(one, other)


def _slowly(one: int, other: int) -> int:
    """Multiplied bit by bit."""
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_a_polynomial_worked_out_by_hand() -> None:
    """42 + 166·x + 94·x² over GF(256), as text books have it, at 1, 2 and 3."""
    coefficients = bytes([0x2A, 0xA6, 0x5E])
    values = [shares._value(coefficients, at) for at in (1, 2, 3)]
    assert values == [
        coefficients[0] ^ _slowly(coefficients[1], at) ^ _slowly(coefficients[2], _slowly(at, at))
        for at in (1, 2, 3)
    ]
    made = [Share(at, 3, b"", bytes([value])) for at, value in zip((1, 2, 3), values, strict=True)]
    assert shares._interpolated(made) == bytes([0x2A])


def test_shares_are_random() -> None:
    lines = [str(split(SECRET, shares=2, threshold=2)[0]) for _ in range(50)]
    assert max(Counter(lines).values()) == 1


@given(place=st.integers(0, 400), digit=st.sampled_from("0123456789ABCDEF"))
def test_a_mistyped_line_is_refused(place: int, digit: str) -> None:
    line = str(split(SECRET, shares=3, threshold=2)[1])
    place %= len(line)
    typed = line[:place] + digit + line[place + 1 :]
    if typed == line or line[place] == "-" or typed.split() == line.split():
        return
    with pytest.raises(ShareError):
        parse(typed)


@pytest.mark.parametrize("line", ["", "abc", "UKETSUKE-SHARE 1", "UKETSUKE-SHARE 999 OF ANY 2: x"])
def test_what_is_no_share_is_refused(line: str) -> None:
    with pytest.raises(ShareError, match="not a share"):
        parse(line)


def test_a_line_may_be_typed_in_small_letters_and_with_spaces() -> None:
    [one, _] = split(SECRET, shares=2, threshold=2)
    assert (
        parse(f"  {str(one).lower().replace('-', ' ').replace('uketsuke ', 'uketsuke-')} ") == one
    )


def test_shares_of_two_sets_are_not_mixed() -> None:
    """Also where both sets hold the same secret."""
    first, second = (split(SECRET, shares=3, threshold=2) for _ in range(2))
    with pytest.raises(ShareError, match="different sets"):
        combine([first[0], second[1]])


def test_a_wrong_share_is_known_although_its_check_fits() -> None:
    first, second, _ = split(SECRET, shares=3, threshold=2)
    forged = Share(second.number, second.threshold, second.set_name, bytes(32))
    with pytest.raises(ShareError, match="one of them is wrong"):
        combine([first, forged])
    with pytest.raises(ShareError, match="same number"):
        combine([second, forged])


@pytest.mark.parametrize(("number", "threshold"), [(1, 1), (3, 1), (2, 3), (256, 2), (0, 0)])
def test_what_cannot_be_is_refused(number: int, threshold: int) -> None:
    with pytest.raises(ShareError):
        split(SECRET, shares=number, threshold=threshold)


def test_a_share_shows_itself_only_as_its_line() -> None:
    [one, _] = split(SECRET, shares=2, threshold=2)
    assert repr(one) == "Share(1 of any 2)"


def test_a_written_line_reads_as_it_always_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """With chance fixed: what was printed years ago must be read."""
    monkeypatch.setattr("os.urandom", lambda count: bytes(range(10, 10 + count)))
    printed = [str(one) for one in split(SECRET, shares=2, threshold=2)]
    assert printed == list(VECTOR)
    monkeypatch.undo()
    assert combine([parse(line) for line in VECTOR]) == SECRET

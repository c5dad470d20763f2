"""Laws of the code and of the comparison with what people type."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.captcha.code import code_for, matches, normalise_answer

codes = st.from_regex(r"[0-9]{6}", fullmatch=True)
secrets = st.binary(min_size=1, max_size=64)
challenges = st.binary(max_size=32)
generations = st.integers(0, 2**64 - 1)
FILLERS = " \t\u3000-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u30fc\uff70\u301c\u200b"


def full_width(text: str) -> str:
    return "".join(chr(ord("\uff10") + int(digit)) for digit in text)


@given(secrets, challenges, generations)
def test_a_code_is_six_digits_and_always_the_same(
    secret: bytes, challenge: bytes, generation: int
) -> None:
    code = code_for(secret, challenge=challenge, generation=generation)
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()
    assert code == code_for(secret, challenge=challenge, generation=generation)


def test_the_code_is_pinned() -> None:
    """A change here would turn every open challenge's code into another one on an update."""
    assert code_for(b"secret", challenge=b"challenge", generation=1) == "996677"


def test_secret_challenge_and_generation_each_change_the_code() -> None:
    """1,000 of each kind collide no more often than 10^6 codes let them by chance."""
    number = range(1000)
    families = (
        {code_for(b"%d" % n, challenge=b"c", generation=0) for n in number},
        {code_for(b"s", challenge=b"%d" % n, generation=0) for n in number},
        {code_for(b"s", challenge=b"c", generation=n) for n in number},
    )
    assert all(len(family) > 985 for family in families)


def test_challenge_and_generation_do_not_run_into_each_other() -> None:
    """Lengths are in the message: no other split of the same bytes gives the same code."""
    one = [code_for(b"s", challenge=b"a" * n, generation=0) for n in range(50)]
    two = [code_for(b"s", challenge=b"a" * n + bytes(8), generation=0) for n in range(50)]
    assert sum(first == second for first, second in zip(one, two, strict=True)) <= 1


def test_every_digit_is_as_likely_at_every_place() -> None:
    drawn = [code_for(b"secret", challenge=b"c", generation=n) for n in range(10_000)]
    for place in range(6):
        seen = Counter(code[place] for code in drawn)
        # Expected 1,000 each; 150 is five standard deviations.
        assert all(850 < seen[digit] < 1150 for digit in "0123456789")


@pytest.mark.parametrize("generation", [-1, 2**64])
def test_a_generation_out_of_range_is_refused(generation: int) -> None:
    with pytest.raises(OverflowError):
        code_for(b"s", challenge=b"c", generation=generation)


@given(codes, st.lists(st.sampled_from(FILLERS), max_size=7), st.booleans())
def test_width_spaces_and_dashes_do_not_matter(code: str, fillers: list[str], wide: bool) -> None:
    typed = full_width(code) if wide else code
    padded = "".join(
        filler + digit for filler, digit in zip([*fillers, *[""] * 6], typed, strict=False)
    )
    assert normalise_answer(padded) == code
    assert matches(code, padded)


@given(codes, codes)
def test_another_code_never_matches(expected: str, answer: str) -> None:
    assert matches(expected, answer) == (expected == answer)


@given(codes, st.text())
def test_any_text_is_taken_without_an_error(expected: str, text: str) -> None:
    normal = normalise_answer(text)
    assert matches(expected, text) == (normal == expected)
    assert not any(sign.isspace() or unicodedata.category(sign) == "Pd" for sign in normal)


@given(st.text(alphabet="0123456789" + full_width("0123456789") + FILLERS, max_size=40))
def test_of_digits_spaces_and_dashes_only_digits_are_left(text: str) -> None:
    once = normalise_answer(text)
    assert once == "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit())
    assert normalise_answer(once) == once


@given(codes, st.integers(65, 2000))
def test_an_answer_of_absurd_length_is_wrong(code: str, length: int) -> None:
    assert not matches(code, code.rjust(length))


def test_nothing_expected_matches_nothing() -> None:
    assert not matches("", "")
    assert not matches("", " -")


def test_a_lone_surrogate_is_only_wrong() -> None:
    assert not matches("123456", "12345\ud800")


@given(codes, st.integers(0, 5))
def test_a_part_of_the_code_is_wrong(code: str, length: int) -> None:
    assert not matches(code, code[:length])
    assert not matches(code, code + code[:1])

"""A number read out on the telephone: one sign misheard or two swapped, and it is none of ours."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from models.records.autonumber import (
    ALPHABET,
    DEFAULT_FORMAT,
    check_character,
    is_well_formed,
    make_number,
)

numbers = st.text(ALPHABET, min_size=10, max_size=10).map(
    lambda text: text + check_character(text)
)
PLACES = range(11)


@given(numbers, st.sampled_from(PLACES), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found(number: str, place: int, sign: str) -> None:
    misheard = number[:place] + sign + number[place + 1 :]
    assert is_well_formed(misheard) == (misheard == number)


@given(numbers, st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_two_swapped_signs_are_found(number: str, one: int, other: int) -> None:
    signs = list(number)
    signs[one], signs[other] = signs[other], signs[one]
    assert is_well_formed("".join(signs)) == (signs == list(number))


@given(numbers)
def test_small_letters_and_blanks_do_not_matter(number: str) -> None:
    assert is_well_formed(f" {number.lower()[:5]} - {number[5:]} ")


def test_numbers_are_made_so() -> None:
    made = {make_number(DEFAULT_FORMAT, on=datetime(2026, 4, 1, tzinfo=UTC)) for _ in range(100)}
    assert len(made) == 100
    assert all(is_well_formed(number) for number in made)


def test_what_is_no_number_is_not_well_formed() -> None:
    assert not is_well_formed("")
    assert not is_well_formed("花")

"""The drawn masks: whole, varied, and each still the digit it is meant to be."""

import pytest

from forms.captcha.glyphs import CANVAS, DIGITS, draw_digit, draw_scribble
from tests.forms.captcha.reading import FACES, FONTS, plain_digit, read_digit


@pytest.mark.parametrize("digit", DIGITS)
def test_a_warped_digit_can_still_be_read(digit: str) -> None:
    """A naive reader with the fonts in hand gets alone-standing masks right far beyond chance."""
    right = sum(read_digit(draw_digit(digit)) == digit for _ in range(20))
    assert right >= 12


@pytest.mark.parametrize("face", FACES)
def test_every_face_has_ten_different_digits(face: str) -> None:
    drawn = {plain_digit(digit, face=face, tilt=0).tobytes() for digit in DIGITS}
    assert len(drawn) == 10


@pytest.mark.parametrize("digit", DIGITS)
def test_no_digit_is_cut_off_or_the_same_twice(digit: str) -> None:
    masks = [draw_digit(digit) for _ in range(40)]
    assert len({mask.tobytes() for mask in masks}) == 40
    for mask in masks:
        assert mask.mode == "L"
        assert 8 <= mask.width <= 80
        assert 30 <= mask.height <= 78
        assert mask.getextrema() == (0, 255)


@pytest.mark.parametrize("width", [(1.2, 2.2), (2.2, 4.2)])
def test_a_scribble_runs_from_edge_to_edge(width: tuple[float, float]) -> None:
    mask = draw_scribble(width=width, specks=0)
    assert mask.size == CANVAS
    box = mask.getbbox()
    assert box is not None
    assert (box[0], box[2]) == (0, CANVAS[0])


def test_fonts_are_small_and_hold_nothing_but_digits() -> None:
    assert len(FACES) >= 5
    assert all((FONTS / face).stat().st_size < 4096 for face in FACES)

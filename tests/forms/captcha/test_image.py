"""The picture: a PNG of the promised shape, the digits in order, and nothing else."""

from collections.abc import Iterator
from io import BytesIO
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forms.captcha.image import render_image

codes = st.from_regex(r"[0-9]{6}", fullmatch=True)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += 12 + length


def ink_by_column(data: bytes) -> list[int]:
    """How much ink each column holds, from the palette's own indices."""
    image = opened(data)
    levels = image.tobytes()
    return [sum(levels[column :: image.width]) for column in range(image.width)]


def centre_of_ink(data: bytes) -> float:
    columns = ink_by_column(data)
    return sum(place * ink for place, ink in enumerate(columns)) / sum(columns)


def luminance(colour: bytes) -> float:
    """WCAG 2.2's relative luminance."""
    parts = [value / 255 for value in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@settings(deadline=None)
@given(codes)
def test_every_code_gives_a_small_png_of_the_promised_size(code: str) -> None:
    data = render_image(code)
    image = opened(data)
    assert (image.format, image.mode, image.size) == ("PNG", "P", (240, 80))
    assert 1000 < len(data) < 9000


@settings(deadline=None)
@given(codes)
def test_no_two_images_of_one_code_are_alike(code: str) -> None:
    """Not only the bytes: a good part of the ink lies elsewhere."""
    one, two = opened(render_image(code)).tobytes(), opened(render_image(code)).tobytes()
    different = sum((a > 7) != (b > 7) for a, b in zip(one, two, strict=True))
    assert different > 600


@settings(deadline=None)
@given(codes)
def test_ink_stands_out_from_paper_by_seven_to_one(code: str) -> None:
    palette = dict(chunks(render_image(code)))[b"PLTE"]
    paper, ink = luminance(palette[:3]), luminance(palette[-3:])
    assert (paper + 0.05) / (ink + 0.05) >= 7


@settings(deadline=None)
@given(codes)
def test_there_is_one_ink_and_enough_of_it(code: str) -> None:
    """Digits of different colours would fall apart under a threshold."""
    levels = opened(render_image(code)).tobytes()
    full = sum(level == 15 for level in levels) / len(levels)
    assert 0.03 < full < 0.55


def test_the_file_has_no_room_for_a_hint() -> None:
    kinds = [kind for kind, _ in chunks(render_image("123456"))]
    assert set(kinds) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_digits_stand_in_order() -> None:
    """Two 8s before four 1s have the ink further left than after them (11 px on average)."""
    left, right = (
        mean(centre_of_ink(render_image(code)) for _ in range(150))
        for code in ("881111", "111188")
    )
    assert left + 4 < right


@pytest.mark.parametrize("digit", "0123456789")
def test_every_digit_fits_six_times(digit: str) -> None:
    """Even six wide ones leave the outer columns to paper and scribbles."""
    for _ in range(20):
        columns = ink_by_column(render_image(digit * 6))
        edge = mean([*columns[:2], *columns[-2:]])
        assert edge < max(columns) / 2


def test_the_place_of_the_digits_varies() -> None:
    centres = [centre_of_ink(render_image("174174")) for _ in range(40)]
    assert max(centres) - min(centres) > 10

"""A naive solver for the tests: cuts a picture into six at its emptiest columns and compares each
piece with the plain digits of every face. It has the fonts, as anyone with the source does.
"""

from functools import cache
from itertools import pairwise, product
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

import forms.captcha
from forms.captcha.glyphs import DIGITS

FONTS = Path(forms.captcha.__file__).parent / "fonts"
FACES = sorted(file.name for file in FONTS.iterdir())

_SIZE = (24, 36)
_TILTS = (-18, -9, 0, 9, 18)
_NOISE = 2  # Inked pixels a column may hold and still be empty.


def read_digit(mask: Image.Image) -> str:
    """The digit whose plain drawing, in any face and tilt, differs least from the mask."""
    seen = _scaled(mask)
    return min(
        product(DIGITS, FACES, _TILTS),
        key=lambda known: ImageStat.Stat(
            ImageChops.difference(seen, plain_digit(known[0], face=known[1], tilt=known[2]))
        ).sum[0],
    )[0]


def read_code(mask: Image.Image) -> str:
    """The six digits of a mask ("L", ink is white), as far as this solver can tell."""
    columns = [sum(mask.crop((x, 0, x + 1, mask.height)).tobytes()) for x in range(mask.width)]
    inked = [x for x, ink in enumerate(columns) if ink > _NOISE * 255]
    cuts = _cuts(columns, start=inked[0], end=inked[-1] + 1)
    return "".join(
        read_digit(mask.crop((left, 0, right, mask.height))) for left, right in pairwise(cuts)
    )


@cache
def plain_digit(digit: str, *, face: str, tilt: int) -> Image.Image:
    mask = Image.new("L", (160, 160))
    font = ImageFont.truetype(FONTS / face, 90)
    ImageDraw.Draw(mask).text((80, 80), digit, fill=255, font=font, anchor="mm")
    return _scaled(mask.rotate(tilt, Image.Resampling.BILINEAR))


def _scaled(mask: Image.Image) -> Image.Image:
    return mask.crop(mask.getbbox()).resize(_SIZE, Image.Resampling.BOX)


def _cuts(columns: list[int], *, start: int, end: int) -> list[int]:
    """Start, five columns near the sixths with least ink, end."""
    width = (end - start) / 6
    inner = []
    for number in range(1, 6):
        middle = start + number * width
        near = range(round(middle - 0.4 * width), round(middle + 0.4 * width))
        inner.append(min(near, key=lambda x: (columns[x], abs(x - middle))))
    return [start, *inner, end]

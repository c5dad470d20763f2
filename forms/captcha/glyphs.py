"""Digits and scribbles drawn as masks, each warped its own way: the costly part of an image,
kept in banks. It knows nothing of codes, colours or where on the image a mask will stand.
"""

from functools import cache, partial
from math import cos, radians, sin
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from forms.captcha.bank import Bank, chance

CANVAS = (366, 138)  # Larger than the image: warping it afterwards must find no bare edge.
DIGITS = "0123456789"

_FONTS = Path(__file__).parent / "fonts"
# Thin faces are drawn with an extra outline, in pixels at twice the size.
_FACES = (("sans.ttf", 0), ("serif.ttf", 0), ("slab.otf", 0), ("wide.ttf", 0), ("mono.ttf", 2))
_SIZES = (50, 56, 62, 68)
_TILT = 24.0  # Degrees; beyond that 6 and 9, 1 and 7 become hard to tell for people.
_CORNER = 0.14  # How far a corner may wander, as a share of the side.
_BOX = 96  # Holds the largest digit at the steepest tilt.
_FINE = 3  # Scribbles are drawn this much larger, then reduced, for smooth edges.


def draw_digit(digit: str) -> Image.Image:
    """A mask ("L") of one digit in a random face, size, tilt and perspective, cut to its ink."""
    face, outline = chance.choice(_FACES)
    font = _font(face, size=2 * chance.choice(_SIZES))
    plain = Image.new("L", (2 * _BOX, 2 * _BOX))
    ImageDraw.Draw(plain).text(
        (_BOX, _BOX), digit, fill=255, font=font, anchor="mm", stroke_width=outline
    )
    warped = plain.transform(
        (_BOX, _BOX), Image.Transform.QUAD, _corners(), Image.Resampling.BILINEAR
    )
    return warped.crop(warped.getbbox())


def draw_scribble(*, width: tuple[float, float], specks: int) -> Image.Image:
    """A mask of the canvas's size with one curve across it and some specks."""
    columns, rows = (side * _FINE for side in CANVAS)
    mask = Image.new("L", (columns, rows))
    pen = ImageDraw.Draw(mask)
    thickness = round(chance.uniform(*width) * _FINE)
    pen.line(_curve(columns, rows), fill=255, width=thickness, joint="curve")
    for _ in range(specks):
        x, y = chance.uniform(0, columns), chance.uniform(0, rows)
        radius = chance.uniform(0.7, 1.7) * _FINE
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return mask.reduce(_FINE)


digit_banks = {digit: Bank(partial(draw_digit, digit), size=60, uses=100) for digit in DIGITS}
ink_bank = Bank(partial(draw_scribble, width=(2.2, 4.2), specks=5), size=60, uses=100)
gap_bank = Bank(partial(draw_scribble, width=(1.2, 2.2), specks=6), size=60, uses=100)


@cache
def _font(face: str, *, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / face, size)


def _corners() -> tuple[float, ...]:
    """Where the mask's four corners lie on the plain drawing: tilted, each pushed on its own."""
    tilt = radians(chance.uniform(-_TILT, _TILT))
    found: list[float] = []
    for across, down in ((-1, -1), (-1, 1), (1, 1), (1, -1)):
        x = _BOX * (across + chance.uniform(-_CORNER, _CORNER))
        y = _BOX * (down + chance.uniform(-_CORNER, _CORNER))
        found += [
            _BOX + x * cos(tilt) - y * sin(tilt),
            _BOX + x * sin(tilt) + y * cos(tilt),
        ]
    return tuple(found)


def _curve(columns: int, rows: int) -> list[tuple[float, float]]:
    """A cubic Bézier from the left edge to the right, in 24 steps."""
    ends = [chance.uniform(0.1, 0.9) * rows for _ in range(2)]
    pulls = [chance.uniform(-0.5, 1.5) * rows for _ in range(2)]
    turns = [chance.uniform(0.0, 1.0) * columns for _ in range(2)]
    points = []
    for step in range(25):
        t = step / 24
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        xs, ys = (0, *turns, columns), (ends[0], *pulls, ends[1])
        x = sum(weight * value for weight, value in zip(weights, xs, strict=True))
        y = sum(weight * value for weight, value in zip(weights, ys, strict=True))
        points.append((x, y))
    return points

"""The code as a picture: six digits that touch, struck through in their own colour, bent as a
whole. Cheap because digits and scribbles come ready-made from banks; new each time because
choice, place, overlap, bend and colours are not. It does not know whose code it draws.

With Pillow it is three megabytes, so whoever draws imports it when they do.
"""

from io import BytesIO

from PIL import Image

from forms.captcha.bank import chance
from forms.captcha.glyphs import CANVAS, digit_banks, gap_bank, ink_bank

WIDTH, HEIGHT = 240, 80
_LEVELS = 16
_TO_LEVEL = [value * _LEVELS // 256 for value in range(256)]
_MARGIN_X = (CANVAS[0] - WIDTH) // 2
_MARGIN_Y = (CANVAS[1] - HEIGHT) // 2
_INK_SCRIBBLES, _GAP_SCRIBBLES = 2, 2
_BORDER = 10
_BITE = 0.16  # The largest overlap of two digits, as a share of the width.
_CELLS = (6, 2)
_DISTANCE = (1.0, 1.24)
_BEND = (6.0, 8.0)  # How far a crossing of the mesh may be pulled, in pixels.


def render_image(code: str) -> bytes:
    """A PNG of 240 × 80 pixels, never the same twice. `code` holds digits only."""
    canvas = Image.new("L", CANVAS)
    _place_digits(canvas, code)
    for _ in range(_INK_SCRIBBLES):
        canvas.paste(255, None, _turned(ink_bank.take()))
    for _ in range(_GAP_SCRIBBLES):
        canvas.paste(0, None, _turned(gap_bank.take()))
    bent = canvas.transform(
        (WIDTH, HEIGHT), Image.Transform.MESH, _mesh(), Image.Resampling.BILINEAR
    )
    return _png(bent)


def _place_digits(canvas: Image.Image, code: str) -> None:
    """Left to right, up and down at random, each biting into the one before or a gap away."""
    masks = [digit_banks[digit].take() for digit in code]
    bites = [mask.width * chance.uniform(0.0, _BITE) for mask in masks]
    needed = sum(mask.width for mask in masks) - sum(bites)
    room = WIDTH - 2 * _BORDER
    squeeze = max(0.0, needed - room) / len(masks)
    start, *gaps = _shares(max(0.0, room - needed), parts=len(masks) + 1)
    x = _MARGIN_X + _BORDER + start
    for mask, bite, gap in zip(masks, bites, gaps, strict=True):
        free = (HEIGHT - mask.height) / 2
        y = _MARGIN_Y + free + chance.uniform(-1, 1) * min(max(free - 7, 0), 14)
        canvas.paste(255, (round(x), round(y)), mask)
        x += mask.width - bite - squeeze + gap


def _shares(length: float, *, parts: int) -> list[float]:
    """The free room dealt out unevenly: most digits stay touching, but none has a fixed place."""
    weights = [chance.random() ** 4 for _ in range(parts)]
    return [length * weight / sum(weights) for weight in weights]


def _turned(scribble: Image.Image) -> Image.Image:
    """One of the four ways to lay a scribble."""
    turn = chance.choice(
        (
            None,
            Image.Transpose.FLIP_LEFT_RIGHT,
            Image.Transpose.FLIP_TOP_BOTTOM,
            Image.Transpose.ROTATE_180,
        )
    )
    return scribble if turn is None else scribble.transpose(turn)


def _mesh() -> list[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
    """Cells of the image, each with the four-sided piece of the canvas it shows.

    The canvas is seen from a random distance and a little aside: where a digit stands and how
    large it is says nothing about which digit of the code it is.
    """
    across, down = _CELLS
    wide, high = WIDTH // across, HEIGHT // down
    far = chance.uniform(*_DISTANCE)
    left, top = _aside(CANVAS[0], WIDTH, far=far), _aside(CANVAS[1], HEIGHT, far=far)
    pull_x, pull_y = _BEND
    crossing = {
        (column, row): (
            left + far * column * wide + chance.uniform(-pull_x, pull_x),
            top + far * row * high + chance.uniform(-pull_y, pull_y),
        )
        for column in range(across + 1)
        for row in range(down + 1)
    }
    return [
        (
            (column * wide, row * high, (column + 1) * wide, (row + 1) * high),
            (
                *crossing[column, row],
                *crossing[column, row + 1],
                *crossing[column + 1, row + 1],
                *crossing[column + 1, row],
            ),
        )
        for column in range(across)
        for row in range(down)
    ]


def _aside(canvas: int, image: int, *, far: float) -> float:
    """Where the seen part of the canvas begins: anywhere that leaves no digit outside."""
    seen = image * far
    return (canvas - seen) / 2 + chance.uniform(-1, 1) * (seen - image) / 2


def _png(mask: Image.Image) -> bytes:
    """Sixteen shades from paper to ink. One ink for all: colour must not part the digits."""
    paper = [chance.randint(238, 255) for _ in range(3)]
    ink = [chance.randint(0, 75) for _ in range(3)]  # Against any such paper at least 7 : 1.
    shades = mask.point(_TO_LEVEL)
    shades.putpalette(
        [
            (light * (_LEVELS - 1 - level) + dark * level) // (_LEVELS - 1)
            for level in range(_LEVELS)
            for light, dark in zip(paper, ink, strict=True)
        ]
    )
    file = BytesIO()
    shades.save(file, "PNG", bits=4, compress_level=1)
    return file.getvalue()

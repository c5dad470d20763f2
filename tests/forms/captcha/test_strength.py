"""Not weaker than it looks: a solver that reads plain rows of digits does not read ours."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

from forms.captcha.image import render_image
from tests.forms.captcha.conftest import any_code
from tests.forms.captcha.reading import FACES, FONTS, read_code


def plain_row(code: str, *, face: str) -> Image.Image:
    row = Image.new("L", (240, 80))
    for place, digit in enumerate(code):
        font = ImageFont.truetype(FONTS / face, 50)
        ImageDraw.Draw(row).text((20 + 40 * place, 40), digit, fill=255, font=font, anchor="mm")
    return row


def ours(code: str) -> Image.Image:
    levels = Image.open(BytesIO(render_image(code))).tobytes()
    return Image.frombytes("L", (240, 80), bytes(255 * (level > 7) for level in levels))


def test_the_solver_reads_plain_rows(chance: Random) -> None:
    """Else its failure on ours would prove nothing."""
    codes = [(any_code(chance), face) for face in FACES for _ in range(4)]
    right = sum(read_code(plain_row(code, face=face)) == code for code, face in codes)
    assert right >= 0.8 * len(codes)


def test_the_solver_does_not_read_ours(chance: Random) -> None:
    codes = [any_code(chance) for _ in range(60)]
    answers = [read_code(ours(code)) for code in codes]
    whole = sum(answer == code for answer, code in zip(answers, codes, strict=True))
    digits = sum(
        said == drawn
        for answer, code in zip(answers, codes, strict=True)
        for said, drawn in zip(answer, code, strict=True)
    )
    assert whole <= 6
    assert digits <= 0.6 * 6 * len(codes)

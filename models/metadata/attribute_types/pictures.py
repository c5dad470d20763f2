"""Pictures as they are kept: drawn anew from what was sent, upright, no larger than a page needs,
and with nothing beside the picture itself: no place, no camera, no time, no name.

What is kept was written here; of what was sent only the pixels are left. It knows no attribute.

With Pillow it is three megabytes, so whoever draws imports it when they do.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_SIDE, LARGEST_SMALL_SIDE = 1600, 480
MOST_PIXELS = 52_000_000
"""As many as the cameras of telephones have; drawn, each takes up to four bytes."""
QUALITY = 85


class NoPicture(Exception):
    """What was sent is no JPEG, PNG or WebP that can be drawn."""


class TooManyPixels(Exception):
    """Refused before it is drawn: a small file may hold more than a machine's memory."""


@dataclass(frozen=True, slots=True)
class Drawn:
    content: bytes
    content_type: str
    size: tuple[int, int]
    small: bytes
    small_size: tuple[int, int]


def drawn(sent: bytes) -> Drawn:
    """The picture of a file, by its content and whatever it is called. Raises NoPicture,
    TooManyPixels."""
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise TooManyPixels
            picture = _plain(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except TooManyPixels:
        raise
    except Exception as error:  # of whatever kind: hostile bytes make a reader stumble anywhere
        raise NoPicture from error
    small = picture.copy()
    small.thumbnail((LARGEST_SMALL_SIDE, LARGEST_SMALL_SIDE))
    kind = "PNG" if picture.mode == "RGBA" else "JPEG"
    return Drawn(
        _written(picture, kind), Image.MIME[kind], picture.size, _written(small, kind), small.size
    )


def _plain(opened: Image.Image) -> Image.Image:
    """Scaled, upright, in plain colours. What the file said besides is not carried along: a copy
    of the pixels is made."""
    opened.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    upright = ImageOps.exif_transpose(opened)
    pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    return bare


def _written(picture: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    if kind == "JPEG":
        picture.save(file, kind, quality=QUALITY, optimize=True, progressive=True)
    else:
        picture.save(file, kind)
    return file.getvalue()

"""Pictures as cameras and attackers make them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

GPS, ORIENTATION, MAKER, WHEN = 0x8825, 0x0112, 0x010F, 0x9003
SECRETS = (
    b"SECRETCAM",
    b"2026:04:01 10:00:00",
    b"Exif",
    b"GPS",
    b"xmp",
    b"ICC_PROFILE",
    b"secret",
)
"""What a file of a camera says besides the picture."""
LEFT, RIGHT = (220, 20, 20), (20, 20, 220)


def photo(
    size: tuple[int, int] = (400, 200), *, kind: str = "JPEG", orientation: int = 1, **saving: Any
) -> bytes:
    """Red on its left, blue on its right, with a place, a camera and a time."""
    picture = Image.new("RGB", size, LEFT)
    picture.paste(RIGHT, (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[MAKER], exif[WHEN], exif[ORIENTATION] = "SECRETCAM", "2026:04:01 10:00:00", orientation
    exif.get_ifd(GPS).update({1: "N", 2: (34.0, 41.0, 24.0), 3: "E", 4: (135.0, 11.0, 44.0)})
    file = BytesIO()
    picture.save(file, kind, exif=exif, **saving)
    return file.getvalue()


def transparent(size: tuple[int, int] = (200, 100)) -> bytes:
    file = BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(file, "PNG")
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    found = b"\x89PNG\r\n\x1a\n"
    for name, data in parts:
        found += struct.pack(">I", len(data)) + name + data
        found += struct.pack(">I", zlib.crc32(name + data))
    return found


def opened(content: bytes) -> Image.Image:
    found = Image.open(BytesIO(content))
    found.load()
    return found

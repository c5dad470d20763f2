"""Image: a picture and a small one of it, in the record's own row, sealed or not.

What is stored is never what was sent: see `pictures`.
"""

import json
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, ClassVar

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.metadata.attribute_types.base import AttributeType, InvalidValue
from models.metadata.attribute_types.references import LARGEST_FILE_MB, FileValue
from models.metadata.definitions import AttributeDefinition

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}
"""Of what is written: nothing else is ever served."""


@dataclass(frozen=True, slots=True)
class ImageValue(FileValue):
    """`content` and `small` are of `content_type`; the name says nothing of what was sent."""

    size: tuple[int, int]
    small: bytes
    small_size: tuple[int, int]


class StoredImage(TypeDecorator[ImageValue]):
    """One that is not sealed, in the bytes that would be."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: ImageValue | None, dialect: Dialect) -> bytes | None:
        return None if value is None else encoded(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> ImageValue | None:
        return None if value is None else decoded(bytes(value))


class ImageType(AttributeType):
    name: ClassVar[str] = "Image"
    is_orderable: ClassVar[bool] = False

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return StoredImage()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        if isinstance(value, ImageValue):  # one that is kept already, of another record
            return value
        if not isinstance(value, FileValue):
            raise InvalidValue("picture")
        if len(value.content) > LARGEST_FILE_MB * 1024 * 1024:
            raise InvalidValue("file_too_large", maximum=LARGEST_FILE_MB)
        from models.metadata.attribute_types.pictures import NoPicture, TooManyPixels, drawn

        try:
            found = drawn(value.content)
        except TooManyPixels as error:
            raise InvalidValue("too_many_pixels") from error
        except NoPicture as error:
            raise InvalidValue("picture") from error
        name = f"picture.{EXTENSIONS[found.content_type]}"
        return ImageValue(
            name, found.content_type, found.content, found.size, found.small, found.small_size
        )

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        return f"{value.size[0]}×{value.size[1]}" if isinstance(value, ImageValue) else ""

    def encode(self, value: object) -> bytes:
        return encoded(value) if isinstance(value, ImageValue) else b""

    def decode(self, data: bytes) -> object:
        return decoded(data)


def encoded(value: ImageValue) -> bytes:
    """A head that says how long the parts are, the picture, the small one."""
    head = [value.name, value.content_type, value.size, value.small_size, len(value.content)]
    written = json.dumps(head).encode()
    return len(written).to_bytes(4, "big") + written + value.content + value.small


def decoded(data: bytes) -> ImageValue:
    begins = 4 + int.from_bytes(data[:4], "big")
    name, content_type, size, small_size, length = json.loads(data[4:begins])
    content, small = data[begins : begins + length], data[begins + length :]
    return ImageValue(name, content_type, content, tuple(size), small, tuple(small_size))

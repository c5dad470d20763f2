"""Lookup, Owner, UniqueIdentifier and File: what points elsewhere, or is a thing of its own."""

import json
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import LargeBinary, Uuid
from sqlalchemy.types import TypeEngine

from models.metadata.attribute_types.base import AttributeType, InvalidValue
from models.metadata.attribute_types.texts import tidy
from models.metadata.definitions import AttributeDefinition

LARGEST_FILE_MB = 10


@dataclass(frozen=True, slots=True)
class FileValue:
    name: str
    content_type: str
    content: bytes


class UniqueIdentifierType(AttributeType):
    name: ClassVar[str] = "UniqueIdentifier"

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return Uuid()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        if isinstance(value, UUID):
            return value
        try:
            return UUID(str(value).strip())
        except ValueError as error:
            raise InvalidValue("identifier") from error

    def decode(self, data: bytes) -> object:
        return UUID(data.decode())


class LookupType(UniqueIdentifierType):
    name: ClassVar[str] = "Lookup"


class OwnerType(UniqueIdentifierType):
    """A user's or a team's id; changed by assign only."""

    name: ClassVar[str] = "Owner"


class FileType(AttributeType):
    """A file is always sealed, whole, in the record's own row."""

    name: ClassVar[str] = "File"
    is_orderable: ClassVar[bool] = False

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return LargeBinary()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        if not isinstance(value, FileValue):
            raise InvalidValue("file")
        if len(value.content) > LARGEST_FILE_MB * 1024 * 1024:
            raise InvalidValue("file_too_large", maximum=LARGEST_FILE_MB)
        name = tidy(value.name).replace("/", "_").replace("\\", "_").replace("\n", " ")[:255]
        return FileValue(name, value.content_type, value.content)

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        return value.name if isinstance(value, FileValue) else ""

    def encode(self, value: object) -> bytes:
        if not isinstance(value, FileValue):
            return b""
        head = json.dumps([value.name, value.content_type]).encode()
        return len(head).to_bytes(4, "big") + head + value.content

    def decode(self, data: bytes) -> object:
        end = 4 + int.from_bytes(data[:4], "big")
        name, content_type = json.loads(data[4:end])
        return FileValue(name, content_type, data[end:])

"""What every attribute type can do: parse, store, seal and show a value.

A type knows its own kind of value and the attribute's limits; no record, caller or language
but the one it is asked to speak.
"""

from datetime import tzinfo
from typing import Any, ClassVar

from sqlalchemy.types import TypeEngine

from crypto.unicode_forms import normal_form
from models.metadata.definitions import AttributeDefinition

LONGEST_WRITTEN = 200


class InvalidValue(Exception):
    """A value the attribute does not take; `code` names a text of `problems.PROBLEMS`."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def as_written(value: object) -> str:
    """A short text as people write numbers and dates, in full width too, in one spelling; cut
    off where nothing that is longer can be one. InvalidValue for what is no writing."""
    try:
        return normal_form("NFKC", str(value)[:LONGEST_WRITTEN]).strip()
    except ValueError as error:
        raise InvalidValue("control_characters") from error


class AttributeType:
    """One of CDS's attribute types; the registry holds one instance of each."""

    name: ClassVar[str]
    is_orderable: ClassVar[bool] = True

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        """The physical column's type when the attribute is not sealed."""
        raise NotImplementedError

    def parse(self, attribute: AttributeDefinition, value: object) -> object:
        """The typed value of a text or a typed value; None for nothing. Raises InvalidValue."""
        if value is None or value == "":
            return None
        return self.parse_given(attribute, value)

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        raise NotImplementedError

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        """The value as a person reads it; "" for nothing."""
        return "" if value is None else str(value)

    def cell(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        """The value as a file of tables has it, from which `parse` reads it again."""
        return self.text(attribute, value, language=language, zone=zone)

    def encode(self, value: object) -> bytes:
        """The bytes that are sealed."""
        return str(value).encode()

    def decode(self, data: bytes) -> object:
        """The typed value of `encode`'s bytes."""
        return data.decode()

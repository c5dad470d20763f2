"""Boolean, Picklist, MultiSelectPicklist, State and Status: values chosen from options."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any, ClassVar

from sqlalchemy import Boolean, Integer, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from models.metadata.attribute_types.base import AttributeType, InvalidValue, as_written
from models.metadata.definitions import AttributeDefinition

YES = {"1", "true", "yes", "on", "はい", "y"}
NO = {"0", "false", "no", "off", "いいえ", "n"}


class OptionValues(TypeDecorator[tuple[int, ...]]):
    """Several option values as `;1;2;`, so that one is found by `LIKE '%;1;%'`."""

    impl = String(1000)
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else f";{';'.join(map(str, value))};"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else _split(value)


def _split(value: str) -> tuple[int, ...]:
    return tuple(int(part) for part in value.split(";") if part)


class BooleanType(AttributeType):
    name: ClassVar[str] = "Boolean"

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return Boolean()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        if isinstance(value, bool):
            return value
        text = as_written(value).lower()
        if text in YES:
            return True
        if text in NO:
            return False
        raise InvalidValue("boolean")

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        if value is None:
            return ""
        if attribute.options is not None:
            option = attribute.options.option(int(bool(value)))
            if option is not None:
                return option.label.text(language)
        yes, no = ("Yes", "No") if language == "en" else ("はい", "いいえ")
        return yes if value else no

    def encode(self, value: object) -> bytes:
        return b"1" if value else b"0"

    def decode(self, data: bytes) -> object:
        return data == b"1"


class PicklistType(AttributeType):
    name: ClassVar[str] = "Picklist"

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return Integer()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        return _option_value(attribute, value)

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        return "" if value is None else _option_label(attribute, value, language)

    def decode(self, data: bytes) -> object:
        return int(data)


class StateType(PicklistType):
    name: ClassVar[str] = "State"


class StatusType(PicklistType):
    name: ClassVar[str] = "Status"


class MultiSelectPicklistType(AttributeType):
    name: ClassVar[str] = "MultiSelectPicklist"
    is_orderable: ClassVar[bool] = False

    def column(self, attribute: AttributeDefinition) -> TypeEngine[Any]:
        return OptionValues()

    def parse_given(self, attribute: AttributeDefinition, value: object) -> object:
        parts: Iterable[object] = (
            str(value).replace(",", ";").split(";")
            if isinstance(value, str)
            else (value if isinstance(value, Iterable) else (value,))
        )
        chosen = {_option_value(attribute, part) for part in parts if part not in (None, "")}
        return tuple(sorted(chosen)) or None

    def text(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        return ("、" if language == "ja" else ", ").join(_labels(attribute, value, language))

    def cell(
        self, attribute: AttributeDefinition, value: object, *, language: str, zone: tzinfo
    ) -> str:
        return "; ".join(_labels(attribute, value, language))

    def encode(self, value: object) -> bytes:
        return ";".join(map(str, value)).encode() if isinstance(value, tuple) else b""

    def decode(self, data: bytes) -> object:
        return _split(data.decode())


def _option_value(attribute: AttributeDefinition, value: object) -> int:
    """An option's value, from the number or from its label in either language."""
    options = attribute.options.options if attribute.options else ()
    text = str(value).strip()
    for option in options:
        if text in (str(option.value), option.label.ja, option.label.en):
            return option.value
    raise InvalidValue("unknown_option")


def _labels(attribute: AttributeDefinition, value: object, language: str) -> Iterable[str]:
    chosen = value if isinstance(value, tuple) else ()
    return (_option_label(attribute, one, language) for one in chosen)


def _option_label(attribute: AttributeDefinition, value: object, language: str) -> str:
    option = (
        attribute.options.option(value) if attribute.options and isinstance(value, int) else None
    )
    return option.label.text(language) if option else str(value)

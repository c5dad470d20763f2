"""How a column's values become cells: one function for each column, made before the first row.

The hot path of an export: whole columns at a time, nothing looked up by name for a cell.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.definitions import AttributeDefinition
from models.records.sealing import SHREDDED

Cells = Callable[[Sequence[Any]], list[str]]

GUARDED = re.compile(r"'*(?:\s*[=+\-@|%＝＋－＠\u2212\0]|[\t\r\n])")
"""What a spreadsheet may take for a formula (OWASP), also behind blanks and in full width, which
cp932 gives U+2212. And what looks guarded already, so that an import takes off what an export put
on, no more."""
JAPAN = timedelta(hours=9)  # without summer time since 1951; LOCAL_ZONE for what is older
FIRST_PLAIN_YEAR = 1952
PLAIN = {"Integer", "BigInt", "Decimal", "Money", "DateTime", "UniqueIdentifier"}
CHOICES = {"Picklist", "State", "Status"}
TEXTS = {"String", "Memo", "AutoNumber"}


def guarded(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would reckon with it."""
    return f"'{text}" if GUARDED.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made this cell of."""
    return cell[1:] if cell[:1] == "'" and GUARDED.match(cell[1:]) else cell


def cells_of(attribute: AttributeDefinition, language: str) -> Cells:
    """The function that turns a chunk of the attribute's values into cells."""
    if attribute.type in TEXTS:
        return _phone_cells if attribute.format == "Phone" else _text_cells
    if attribute.type in CHOICES:
        return _choice_cells(attribute, language)
    if attribute.type == "DateTime":
        return _date_cells if attribute.behaviour == "date_only" else _moment_cells(attribute)
    if attribute.type in PLAIN:
        return _plain_cells
    return _other_cells(attribute, language)


def _text_cells(values: Sequence[Any]) -> list[str]:
    match = GUARDED.match
    return [
        ""
        if value is None
        else (value if value is not SHREDDED and not match(value) else guarded(str(value)))
        for value in values
    ]


def _phone_cells(values: Sequence[Any]) -> list[str]:
    """National numbers begin with 0; a foreign one, or what masking left of any, is looked at."""
    return [
        ""
        if value is None
        else (value if value is not SHREDDED and value[:1] == "0" else guarded(str(value)))
        for value in values
    ]


def _plain_cells(values: Sequence[Any]) -> list[str]:
    """Numbers and identifiers: a minus sign is theirs."""
    return ["" if value is None else str(value) for value in values]


def _choice_cells(attribute: AttributeDefinition, language: str) -> Cells:
    options = attribute.options.options if attribute.options else ()
    labels: dict[Any, str] = {one.value: guarded(one.label.text(language)) for one in options}
    labels[None] = ""
    return lambda values: [labels.get(value) or _label(value) for value in values]


def _label(value: Any) -> str:
    return "" if value is None else str(value)


def _date_cells(values: Sequence[Any]) -> list[str]:
    return [value.isoformat() if isinstance(value, date) else _label(value) for value in values]


def _moment_cells(attribute: AttributeDefinition) -> Cells:
    shift = timedelta(0) if attribute.behaviour == "utc" else JAPAN

    def cells(values: Sequence[Any]) -> list[str]:
        return [_moment(value, shift) for value in values]

    return cells


def _moment(value: Any, shift: timedelta) -> str:
    if not isinstance(value, datetime):
        return _label(value)
    if value.year < FIRST_PLAIN_YEAR and shift:
        return value.astimezone(LOCAL_ZONE).isoformat(" ", "minutes")[:16]
    return (value + shift).isoformat(" ", "minutes")[:16]


def _other_cells(attribute: AttributeDefinition, language: str) -> Cells:
    kind = type_of(attribute)

    def cells(values: Sequence[Any]) -> list[str]:
        return [
            str(value)
            if value is SHREDDED
            else guarded(kind.cell(attribute, value, language=language, zone=LOCAL_ZONE))
            for value in values
        ]

    return cells

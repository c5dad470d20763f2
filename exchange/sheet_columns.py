"""How a column's values become cells of a sheet: texts as they are, numbers as numbers.

A sheet needs no guard against formulas: it says itself that a cell is a text.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from exchange.columns import cells_of, unguarded
from exchange.sheet_writing import SheetCell
from models.metadata.definitions import AttributeDefinition

NUMBERS = {"Integer", "BigInt", "Decimal", "Money"}
MOST_DIGITS = 15
"""Excel keeps no more of a number; one with more is written as a text, whole."""

SheetCells = Callable[[Sequence[Any]], list[SheetCell]]


def sheet_cells_of(attribute: AttributeDefinition, language: str) -> SheetCells:
    """The function that turns a chunk of the attribute's values into cells of a sheet."""
    if attribute.type in NUMBERS:
        return lambda values: [_number(value) for value in values]
    cells = cells_of(attribute, language)
    return lambda values: [unguarded(cell) for cell in cells(values)]


def _number(value: Any) -> SheetCell:
    """A number; "" for none, and a text for what masking or a lost key left."""
    if value is None:
        return ""
    if not isinstance(value, int | Decimal) or _digits(value) > MOST_DIGITS:
        return str(value)
    return value


def _digits(value: int | Decimal) -> int:
    return len(Decimal(value).as_tuple().digits)

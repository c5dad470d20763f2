"""Pages by keyset: a token says after which record the next page begins. Never an OFFSET.

A token holds the values the page is ordered by, which its reader saw; it is checked, not trusted.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Select,
    Table,
    UnaryExpression,
    and_,
    false,
    literal,
    or_,
    true,
)

from models.metadata.attribute_types import type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import LARGEST_PAGE, Order, Query

NEVER_NULL = {"createdon", "modifiedon", "statecode", "statuscode", "versionnumber"}


@dataclass(frozen=True, slots=True)
class Walk:
    """A page's way through an order: from where, in which direction, over how many records."""

    order: tuple[Order, ...]
    place: tuple[Any, ...] | None
    backwards: bool
    length: int

    @classmethod
    def of(cls, query: Query, entity: EntityDefinition) -> "Walk":
        """Over one record more than the page has, which tells whether another page follows."""
        after, order = query.after, query.order
        size = max(1, min(query.page_size, LARGEST_PAGE))
        found = None if after is None else tuple(place(after, order, entity))
        return cls(order, found, query.backwards, size + 1)

    @property
    def is_descending(self) -> bool:
        """By what it is ordered by first."""
        return self.order[0].descending != self.backwards

    def beyond(self, table: Any) -> ColumnElement[bool]:
        if self.place is None:
            return true()
        return beyond(table, self.order, self.place, backwards=self.backwards)

    def columns(self, table: Any) -> "list[Column[Any]]":
        """Those it is ordered by, each once, the id first."""
        names = [one.attribute for one in self.order]
        return list(dict.fromkeys([table.c.id, *(_column(table, name) for name in names)]))

    def first(self, statement: Select[Any], table: Any) -> Select[Any]:
        """The first of the statement's records."""
        ordered = statement.order_by(*ordering(table, self.order, backwards=self.backwards))
        return ordered.limit(self.length)


def token(order: Sequence[Order], record: Mapping[str, Any], entity: EntityDefinition) -> str:
    """The place of `record` in that order."""
    parts: list[str | None] = []
    for one in order:
        value = record[one.attribute]
        kind = type_of(entity.attributes[one.attribute])
        parts.append(None if value is None else kind.encode(value).decode())
    text = json.dumps([*parts, record["id"].hex], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(text: str, order: Sequence[Order], entity: EntityDefinition) -> list[Any]:
    """The typed values of a token, the id last; DefinitionError if it is none of this order."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        *values, record_id = parts
        if len(values) != len(order):
            raise DefinitionError("the page token belongs to another order")
        typed = []
        for one, value in zip(order, values, strict=True):
            attribute = entity.attributes[one.attribute]
            typed.append(None if value is None else _decoded(attribute, str(value)))
        return [*typed, UUID(hex=record_id)]
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise DefinitionError("the page token is not valid") from error


def _decoded(attribute: AttributeDefinition, text: str) -> object:
    """The value; ValueError for one that no database could hold beside the attribute's own."""
    kind = type_of(attribute)
    value = kind.decode(text.encode())
    match value:
        case int():
            end = 2**63 if isinstance(kind.column(attribute), BigInteger) else 2**31
            fits = -end <= value < end
        case Decimal():
            fits = value.is_finite() and abs(value.scaleb(attribute.precision)) < 2**63
        case datetime():
            is_moment = attribute.behaviour != "date_only"
            fits = is_moment and MINYEAR < value.year < MAXYEAR
        case date():
            fits = attribute.behaviour == "date_only"
        case str():
            fits = "\x00" not in value
        case _:
            fits = True
    if not fits:
        raise ValueError("out of range")
    return value


def beyond(
    table: Table, order: Sequence[Order], values: Sequence[Any], *, backwards: bool
) -> ColumnElement[bool]:
    """True for the records after that place (before it, going backwards)."""
    columns = [(_column(table, one.attribute), one.descending) for one in order]
    columns.append((table.c.id, bool(order) and order[-1].descending))
    # as literals of their types: SQLAlchemy has no "<" for a plain True
    values = [
        None if value is None else literal(value, column.type)
        for (column, _), value in zip(columns, values, strict=True)
    ]
    found: ColumnElement[bool] = false()
    for (column, descending), value in reversed(list(zip(columns, values, strict=True))):
        further = _further(column, value, descending=descending != backwards)
        same = column.is_(None) if value is None else column == value
        found = or_(further, and_(same, found))
    return and_(_bound(columns[0], values[0], backwards=backwards), found)


def ordering(
    table: Table, order: Sequence[Order], *, backwards: bool
) -> list[UnaryExpression[Any]]:
    """ORDER BY with the id last; nothing counts as the smallest value on every database."""
    found = [
        _directed(_column(table, one.attribute), descending=one.descending != backwards)
        for one in order
    ]
    last = bool(order) and order[-1].descending
    return [*found, _directed(table.c.id, descending=last != backwards)]


def _column(table: Table, name: str) -> "Column[Any]":
    """The primary id goes by the entity's name, its column does not."""
    return table.c.get(name, table.c.id)


def _directed(column: Any, *, descending: bool) -> UnaryExpression[Any]:
    directed: UnaryExpression[Any] = column.desc() if descending else column.asc()
    if column.name in NEVER_NULL or column.name == "id":
        return directed
    return directed.nulls_last() if descending else directed.nulls_first()


def _further(column: Any, value: Any, *, descending: bool) -> ColumnElement[bool]:
    further: ColumnElement[bool]
    if value is None:
        further = false() if descending else column.is_not(None)
    else:
        further = or_(column < value, column.is_(None)) if descending else column > value
    return further


def _bound(first: tuple[Any, bool], value: Any, *, backwards: bool) -> ColumnElement[bool]:
    """A plain bound on the first column, by which the database can enter its index."""
    column, descending = first
    if value is None or (column.name not in NEVER_NULL and column.name != "id"):
        return true()
    bound: ColumnElement[bool] = column <= value if descending != backwards else column >= value
    return bound

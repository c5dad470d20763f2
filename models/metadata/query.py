"""A question as a plain value: what every front door compiles to and the record store runs.

It names logical names only; it knows nothing of tables, of callers or of what they may see.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import UUID

DEFAULT_PAGE = 50
LARGEST_PAGE = 5000


class Operator(StrEnum):
    EQUAL = "eq"
    NOT_EQUAL = "ne"
    GREATER = "gt"
    GREATER_OR_EQUAL = "ge"
    LESS = "lt"
    LESS_OR_EQUAL = "le"
    IN = "in"
    NOT_IN = "not-in"
    NULL = "null"
    NOT_NULL = "not-null"
    BEGINS_WITH = "begins-with"
    CONTAINS = "contains"
    CONTAIN_VALUES = "contain-values"
    LAST_DAYS = "last-x-days"
    NEXT_DAYS = "next-x-days"
    OLDER_THAN_DAYS = "olderthan-x-days"
    EQUAL_USER = "eq-userid"
    EQUAL_TEAMS = "eq-userteams"


RELATIVE = frozenset({Operator.LAST_DAYS, Operator.NEXT_DAYS, Operator.OLDER_THAN_DAYS})
"""Those that count days from today."""
OF_CALLER = frozenset({Operator.EQUAL_USER, Operator.EQUAL_TEAMS})
"""Whoever asks, or one of their teams: without a value."""
WITHOUT_VALUE = frozenset({Operator.NULL, Operator.NOT_NULL}) | OF_CALLER
MOST_DAYS = range(3661)


@dataclass(frozen=True, slots=True)
class Condition:
    attribute: str
    operator: Operator
    value: object = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions and filters, all of which (`and`) or one of which (`or`) must hold."""

    parts: "tuple[Condition | Filter, ...]" = ()
    kind: Literal["and", "or"] = "and"

    @property
    def conditions(self) -> Iterator[Condition]:
        """All of them, however deep."""
        for part in self.parts:
            if isinstance(part, Filter):
                yield from part.conditions
            else:
                yield part


@dataclass(frozen=True, slots=True)
class Order:
    attribute: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A linked entity: records that `lookup` of the queried entity points to."""

    lookup: str
    columns: tuple[str, ...] = ()
    filter: Filter = Filter()
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """Records that an N:N relationship joins to `record_id`, which stands on its `side`."""

    relationship: str
    record_id: UUID
    side: Literal["first", "second"] = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One page of one entity's records. `after` is the `next` of the page before it.

    Order ends with the id, so that pages by keyset neither skip nor repeat.
    """

    entity: str
    columns: tuple[str, ...] = ()
    filter: Filter = Filter()
    order: tuple[Order, ...] = ()
    links: tuple[Link, ...] = ()
    page_size: int = DEFAULT_PAGE
    after: str | None = None
    backwards: bool = False
    """The page that ends before `after`, for a way back."""
    count: bool = False
    ids: tuple[UUID, ...] | None = None
    """Only these records; still under the caller's visibility."""
    related: Related | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the query's order; `next` and `previous` are opaque, None at the ends."""

    records: "list[dict[str, object]]" = field(default_factory=list)
    next: str | None = None
    previous: str | None = None
    count: int | None = None

"""Rollup attributes as data: what of the records that point to one is counted or added up into it.

They say what is asked; who asks it, and when, they do not know.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.metadata.query import Filter


class Function(StrEnum):
    COUNT = "count"
    SUM = "sum"
    MINIMUM = "min"
    MAXIMUM = "max"
    AVERAGE = "avg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """Of all records of `entity` whose `lookup` points to the record and that `filter` lets in."""

    entity: str
    lookup: str
    function: Function
    attribute: str = ""
    """What is added up or compared; of a count, what must have a value, or "" for all records."""
    filter: Filter = Filter()

    @property
    def names(self) -> tuple[str, ...]:
        """What of a pointing record the value hangs on, the lookup first."""
        named = (self.lookup, *_named(self.filter), self.attribute)
        return tuple(dict.fromkeys(filter(None, named)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledUp:
    """A rollup, and where its value is kept: an attribute of another entity's records."""

    entity: str
    attribute: str
    rollup: Rollup


def _named(part: Filter) -> Iterator[str]:
    for one in part.parts:
        if isinstance(one, Filter):
            yield from _named(one)
        else:
            yield one.attribute

"""A table of counts by one attribute or two, with its totals: the true numbers, for nobody's eyes.

What of it may be shown is `suppressing`'s to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.metadata.attribute_types import LOCAL_ZONE, type_of
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError
from models.metadata.labels import Label
from models.metadata.query import Query
from models.records.counting import Counts
from models.records.service import RecordService
from models.security.caller import Caller

MOST_VALUES = 120
"""Rows or columns of a table: ten years of months."""
NOTHING = Label("（記入なし）", "(none)")


@dataclass(frozen=True, slots=True)
class Axis:
    """An attribute and the values that rows or columns stand for, in order."""

    attribute: AttributeDefinition
    values: tuple[object, ...]

    def labels(self, language: str) -> list[str]:
        return [_label(self.attribute, value, language) for value in self.values]


@dataclass(frozen=True, slots=True)
class CountTable:
    """`cells` by row and column, the last of each being the total; of one attribute there is
    one column, the counts, and no column of totals."""

    rows: Axis
    columns: Axis | None
    cells: tuple[tuple[int, ...], ...]


def tabulate(
    service: RecordService, caller: Caller, query: Query, *, by: Sequence[str]
) -> CountTable:
    """The caller's records of the query by one attribute or two. Raises AccessDenied,
    DefinitionError."""
    if not 1 <= len(by) <= 2 or len(set(by)) < len(by):
        raise DefinitionError("a table is by one attribute, or by two different ones")
    counts = service.count_by(caller, query, by=by)
    entity = service.catalog.entity(query.entity)
    rows, *others = (
        _axis(entity.attributes[name], {group[place] for group in counts})
        for place, name in enumerate(by)
    )
    columns = others[0] if others else None
    cells = [_row(counts, value, columns) for value in rows.values]
    width = 1 if columns is None else len(columns.values) + 1
    totals = tuple(sum(one[place] for one in cells) for place in range(width))
    return CountTable(rows, columns, (*cells, totals))


def _row(counts: Counts, value: object, columns: Axis | None) -> tuple[int, ...]:
    if columns is None:
        return (counts.get((value,), 0),)
    found = tuple(counts.get((value, column), 0) for column in columns.values)
    return (*found, sum(found))


def _axis(attribute: AttributeDefinition, found: set[object]) -> Axis:
    """Every option, also those that no record has; every month from the first to the last."""
    values: list[object] = list(_values(attribute, found - {None}))
    values += [None] if None in found else []
    if len(values) > MOST_VALUES:
        raise DefinitionError(f"a table has {MOST_VALUES} values of an attribute at most")
    return Axis(attribute, tuple(values))


def _values(attribute: AttributeDefinition, found: Iterable[object]) -> Iterable[object]:
    if attribute.type == "DateTime":
        return _months([one for one in found if isinstance(one, date)])
    if attribute.type == "Boolean":
        return (True, False)
    known = [option.value for option in attribute.options.options] if attribute.options else []
    return [*known, *sorted(one for one in found if isinstance(one, int) and one not in known)]


def _months(found: list[date]) -> Iterable[date]:
    if not found:
        return
    month, last = min(found), max(found)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _label(attribute: AttributeDefinition, value: object, language: str) -> str:
    if value is None:
        return NOTHING.text(language)
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return type_of(attribute).text(attribute, value, language=language, zone=LOCAL_ZONE)

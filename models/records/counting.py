"""How many records there are for each value of an attribute, or of several: counted by the
database, through visibility and column security.

Moments are counted by the month they fall into where the reader is. It suppresses nothing: what a
small number tells is known to whoever may read the records.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, select

from models.metadata.attribute_types import LOCAL_ZONE
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import Query
from models.records import searching
from models.records.selecting import QueryCompiler
from models.records.unit import UnitOfWork
from models.security import access, column_security
from models.security.caller import Caller
from models.security.privileges import Privilege

GROUPED = frozenset({"Picklist", "State", "Status", "Boolean", "DateTime"})
OF_A_DAY = ("year", "month")
OF_A_MOMENT = ("year", "month", "day", "hour")
"""What tells the month in any time zone of whole hours, on every database alike."""

Counts = Mapping[tuple[object, ...], int]
"""By values, in the order asked for; a month is its first day, nothing is None."""


def count_by(unit: UnitOfWork, caller: Caller, query: Query, *, by: Sequence[str]) -> Counts:
    """Raises AccessDenied where one of `by` is not shown unmasked in every record, and
    DefinitionError where it is nothing to count by."""
    access.require(caller, Privilege.READ, unit.catalog.entity(query.entity))
    compiler = GroupCompiler(unit.catalog, caller, searching.sealed_search(unit))
    entity = unit.catalog.entity(query.entity)
    attributes = [column_security.attribute_of(entity, name) for name in by]
    searching.note(unit, caller, query, compiler=compiler)
    found: Counter[tuple[object, ...]] = Counter()
    for row in unit.transaction.read(compiler.grouped(query, attributes)):
        found[_group(attributes, list(row[:-1]))] += row[-1]
    return found


def is_grouped(attribute: AttributeDefinition) -> bool:
    """Whether records can be counted by it at all."""
    return attribute.type in GROUPED and not (attribute.sealed or attribute.is_volatile)


class GroupCompiler(QueryCompiler):
    """Compiles the grouped counts of one caller."""

    def grouped(self, query: Query, attributes: Sequence[AttributeDefinition]) -> Select[Any]:
        entity, table = self._entity(query.entity)
        groups: list[ColumnElement[Any]] = []
        for attribute in attributes:
            name = attribute.logical_name
            if not is_grouped(attribute):
                raise DefinitionError(f"{name} is nothing to count by")
            column_security.require_readable(self._caller, entity, [name])
            column_security.require_shown_unmasked(self._caller, entity, name)
            groups += [_part(table.c[name], part) for part in _parts(attribute)]
        if not groups:
            raise DefinitionError("nothing is named to count by")
        statement = select(*groups, func.count()).select_from(self._counted(query))
        return statement.where(self._matching(query, entity, table)).group_by(*groups)


def _parts(attribute: AttributeDefinition) -> tuple[str, ...]:
    """What of the value the database groups by; "" for the value itself."""
    if attribute.type != "DateTime":
        return ("",)
    return OF_A_DAY if attribute.behaviour == "date_only" else OF_A_MOMENT


def _part(column: Any, part: str) -> ColumnElement[Any]:
    return extract(part, column) if part else column


def _group(attributes: Sequence[AttributeDefinition], values: list[Any]) -> tuple[object, ...]:
    found: list[object] = []
    for attribute in attributes:
        size = len(_parts(attribute))
        parts, values = values[:size], values[size:]
        found.append(_month(attribute, parts) if size > 1 else parts[0])
    return tuple(found)


def _month(attribute: AttributeDefinition, parts: list[Any]) -> date | None:
    """The first day of the month, where the reader is; of a UTC attribute, there."""
    if parts[0] is None:
        return None
    year, month, *rest = map(int, parts)
    if not rest:
        return date(year, month, 1)
    day, hour = rest
    moment = datetime(year, month, day, hour, tzinfo=UTC)
    shown = moment if attribute.behaviour == "utc" else moment.astimezone(LOCAL_ZONE)
    return date(shown.year, shown.month, 1)

"""What rollups come to: the records that point, counted or added up in one statement for many.

Of all records there are, whoever asks: no visibility comes in. A rollup never is of a guarded
value (`models/metadata/rollup_checking.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, func, select, type_coerce

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition
from models.metadata.formulas.reckoning import EXACTLY
from models.metadata.rollups import Function, Rollup
from models.records.conditions import filter_clause
from models.records.derived.calculating import fitted, of_none
from models.records.selecting import finding_nothing
from models.records.tallying import HALF
from models.tables.session import Transaction


def rolled_up(
    transaction: Transaction,
    catalog: Catalog,
    attribute: AttributeDefinition,
    rollup: Rollup,
    *,
    ids: Sequence[UUID],
) -> Mapping[UUID, object]:
    """The attribute's value in each of the records `ids`, as the database tells it now."""
    nothing = of_none(attribute, rollup.function)
    found: dict[UUID, object] = dict.fromkeys(ids, nothing)
    for row in transaction.read(_statement(catalog, rollup, ids)):
        found[row[0]] = fitted(attribute, _value(catalog, rollup, row[1:]))
    return found


def _statement(catalog: Catalog, rollup: Rollup, ids: Sequence[UUID]) -> Select[Any]:
    entity, table = catalog.entity(rollup.entity), catalog.tables.entities[rollup.entity]
    lookup = table.c[rollup.lookup]
    matching = filter_clause(entity, table, rollup.filter, search=finding_nothing)
    statement = select(lookup, *_measures(rollup, table))
    return statement.where(lookup.in_(ids), matching).group_by(lookup)


def _measures(rollup: Rollup, table: Any) -> Iterator[ColumnElement[Any]]:
    """Sums in halves, as tallies have them: no database runs over."""
    column = table.c[rollup.attribute] if rollup.attribute else None
    match rollup.function:
        case Function.COUNT:
            yield func.count() if column is None else func.count(column)
        case Function.MINIMUM:
            yield func.min(column)
        case Function.MAXIMUM:
            yield func.max(column)
        case Function.SUM | Function.AVERAGE:
            scaled: Any = type_coerce(column, BigInteger)
            yield func.count(column)
            yield func.sum(scaled // HALF)
            yield func.sum(scaled % HALF)


def _value(catalog: Catalog, rollup: Rollup, found: Sequence[Any]) -> object:
    if rollup.function in {Function.MINIMUM, Function.MAXIMUM}:
        first = found[0]
        return Decimal(first) if isinstance(first, int) else first
    count = int(found[0])
    if rollup.function is Function.COUNT:
        return Decimal(count)
    of = catalog.entity(rollup.entity).attributes[rollup.attribute]
    whole = int(found[1] or 0) * HALF + int(found[2] or 0)
    total = Decimal(whole).scaleb(0 if of.type == "Integer" else -of.precision)
    if rollup.function is Function.SUM:
        return total
    return EXACTLY.divide(total, Decimal(count)) if count else None

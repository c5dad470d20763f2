"""Records counted, or an attribute of theirs added up or averaged, by options and by spans of
time: in one statement for any number of records, through visibility and column security.

What a span is, `models/records/spans.py` knows; the database compares moments, and no calendar of
its own comes into it. It suppresses nothing: whoever may read the records may count them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    column,
    false,
    func,
    select,
    type_coerce,
    values,
)

from models.metadata.attribute_types import type_of
from models.metadata.catalog import Catalog
from models.metadata.dashboards import ADDED, OPTIONAL
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.query import Query
from models.metadata.tables import is_counted
from models.records import searching
from models.records.selecting import QueryCompiler, finding_nothing
from models.records.spans import Spans, beginnings
from models.records.unit import UnitOfWork
from models.security import access, column_security
from models.security.caller import Caller
from models.security.privileges import Privilege

HALF = 2**31
"""Numbers of 64 bits are added up in two halves, so that no sum is too large for a database."""

Totals = Mapping[tuple[object, ...], int | Decimal]
"""By values, in the order asked for; of a span its first day, of nothing None. A group without
a value has no average, and is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of the query's records there are, what `total_of` adds up to in them, or the
    average of `average_of` in those that have a value of it. Only records within the spans
    count."""

    query: Query
    by: tuple[str | Spans, ...] = ()
    total_of: str = ""
    average_of: str = ""

    @property
    def measured(self) -> str:
        """The attribute whose values are asked for; "" where records are counted."""
        return self.total_of or self.average_of

    @property
    def counted_spans(self) -> Spans | None:
        """What records are counted by, and by nothing else."""
        first = self.by[0] if len(self.by) == 1 and not self.measured else None
        return first if isinstance(first, Spans) else None


def tally(unit: UnitOfWork, caller: Caller, asked: Tally) -> Totals:
    """Raises AccessDenied where an attribute is not shown unmasked in every record, and
    DefinitionError where it is nothing to count by."""
    access.require(caller, Privilege.READ, unit.catalog.entity(asked.query.entity))
    compiler = TallyCompiler(unit.catalog, caller, searching.sealed_search(unit))
    statement = compiler.tally(asked)
    searching.note(unit, caller, asked.query, compiler=compiler)
    entity = unit.catalog.entity(asked.query.entity)
    measured = entity.attributes.get(asked.measured)
    groups = len(asked.by)
    rows = unit.transaction.read(statement)
    parts = {_group(asked, row[:groups]): row[groups:] for row in rows}
    if measured is not None and asked.average_of:
        return {key: _average(measured, part) for key, part in parts.items() if part[-1]}
    found = {key: _total(measured, part) for key, part in parts.items()}
    return found if asked.counted_spans is None else {key: n for key, n in found.items() if n}


def may_tally(catalog: Catalog, caller: Caller, asked: Tally) -> bool:
    """Whether `tally` would answer this caller."""
    try:
        access.require(caller, Privilege.READ, catalog.entity(asked.query.entity))
        TallyCompiler(catalog, caller, finding_nothing).tally(asked)
    except AccessDenied:
        return False
    return True


class TallyCompiler(QueryCompiler):
    """Compiles the tallies of one caller."""

    def tally(self, asked: Tally) -> Select[Any]:
        spans = asked.counted_spans
        return self._grouped(asked) if spans is None else self._span_by_span(asked, spans)

    def _span_by_span(self, asked: Tally, spans: Spans) -> Select[Any]:
        """Each counted where it lies in the index; joined, all were sorted by their spans first,
        which takes as long again."""
        entity, table = self._entity(asked.query.entity)
        attribute = self._asked_of(entity, spans.attribute, {"DateTime"})
        bounds = _bounds(attribute, spans, name="spans")
        counted = select(func.count()).select_from(self._counted(asked.query))
        counted = counted.where(_within(table.c[spans.attribute], bounds))
        matching = counted.where(self._all_that_match(asked.query, table)).correlate(bounds)
        return select(bounds.c.place, matching.scalar_subquery()).select_from(bounds)

    def _grouped(self, asked: Tally) -> Select[Any]:
        entity, table = self._entity(asked.query.entity)
        source, groups = self._counted(asked.query), []
        for number, one in enumerate(asked.by):
            if isinstance(one, Spans):
                attribute = self._asked_of(entity, one.attribute, {"DateTime"})
                bounds = _bounds(attribute, one, name=f"spans{number}")
                source = source.join(bounds, _within(table.c[one.attribute], bounds))
                groups.append(bounds.c.place)
            else:
                self._asked_of(entity, one, OPTIONAL)
                groups.append(table.c[one])
        statement = select(*groups, *self._measure(asked, entity, table)).select_from(source)
        return statement.where(self._all_that_match(asked.query, table)).group_by(*groups)

    def _measure(
        self, asked: Tally, entity: EntityDefinition, table: Table
    ) -> Iterator[ColumnElement[Any]]:
        """The count; or the sum, in halves, and for an average of how many values it is."""
        if not asked.measured:
            yield func.count()
            return
        self._asked_of(entity, asked.measured, ADDED)
        scaled = type_coerce(table.c[asked.measured], BigInteger)
        yield func.sum(scaled // HALF)
        yield func.sum(scaled % HALF)
        if asked.average_of:
            yield func.count(table.c[asked.average_of])

    def _asked_of(
        self, entity: EntityDefinition, name: str, types: Sequence[str] | set[str] | frozenset[str]
    ) -> AttributeDefinition:
        attribute = column_security.attribute_of(entity, name)
        if attribute.type not in types or attribute.sealed or attribute.is_volatile:
            raise DefinitionError(f"{name} is nothing to count by, or to add up")
        column_security.require_readable(self._caller, entity, [name])
        column_security.require_shown_unmasked(self._caller, entity, name)
        return attribute

    def _all_that_match(self, query: Query, table: Table) -> ColumnElement[bool]:
        """In a form that leads to the index of what is counted by, never to one of a condition
        or an owner: the records found there would be looked at one by one."""
        entity, _ = self._entity(query.entity)
        matching = self._matching(query, entity, table)
        return and_(func.coalesce(matching, false()), is_counted(table))


def _bounds(attribute: AttributeDefinition, spans: Spans, *, name: str) -> CTE:
    """A row for each span: its place, where it begins, and where the next one does."""
    kind = type_of(attribute).column(attribute)
    edges = beginnings(spans, attribute)
    rows = [(place, *pair) for place, pair in enumerate(zip(edges, edges[1:], strict=False))]
    columns = column("place", Integer), column("begins", kind), column("ends", kind)
    return values(*columns, name=name).data(rows).cte(name)


def _within(moment: "ColumnElement[Any]", bounds: CTE) -> ColumnElement[bool]:
    return and_(moment >= bounds.c.begins, moment < bounds.c.ends)


def _group(asked: Tally, found: Sequence[object]) -> tuple[object, ...]:
    return tuple(
        one.edges[int(str(value))] if isinstance(one, Spans) else value
        for one, value in zip(asked.by, found, strict=True)
    )


def _total(added: AttributeDefinition | None, found: Sequence[Any]) -> int | Decimal:
    """Of records that say no number the sum is nothing, which is 0."""
    if added is None:
        return int(found[0])
    high, low = (int(part or 0) for part in found)
    whole = high * HALF + low
    return whole if added.type == "Integer" else Decimal(whole).scaleb(-added.precision)


def _average(attribute: AttributeDefinition, found: Sequence[Any]) -> Decimal:
    """To a place more than the values have."""
    *halves, values = found
    precision = 0 if attribute.type == "Integer" else attribute.precision
    exactly = Decimal(_total(attribute, halves)) / int(values)
    return exactly.quantize(Decimal(1).scaleb(-precision - 1), ROUND_HALF_UP)

"""A query, for a caller, as one SELECT: visibility and column security are part of it.

Compiled from plain values; it opens nothing. Names that the caller may not read are refused in
questions (filters, orders) and in answers alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, and_, func, select, type_coerce

from models.metadata.attribute_types import type_of
from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.query import OF_CALLER, RELATIVE, Filter, Link, Operator, Order, Query
from models.records import keyset, nearest
from models.records.conditions import SealedSearch, filter_clause
from models.records.keyset import Walk
from models.records.own import of_caller
from models.records.related import related_clause
from models.records.selected_columns import SelectedColumn, columns_of
from models.security import column_security, visibility
from models.security.caller import Caller
from models.security.privileges import Privilege
from models.security.visibility import Visible
from models.tables.base import IdBytes


@dataclass(frozen=True, slots=True)
class Selection:
    statement: Select[Any]
    columns: tuple[SelectedColumn, ...]
    order: tuple[Order, ...]


Identity = Callable[["Column[Any]"], ColumnElement[Any]]
"""How the ids that sealed values are bound to are selected."""


def as_it_is(column: "Column[Any]") -> ColumnElement[Any]:
    return column


def as_bytes(column: "Column[Any]") -> ColumnElement[Any]:
    return type_coerce(column, IdBytes())


def may_ask(catalog: Catalog, caller: Caller, query: Query) -> bool:
    """Whether this caller's reading of the query is refused nowhere, links included."""
    try:
        QueryCompiler(catalog, caller, finding_nothing).stream(query)
    except AccessDenied:
        return False
    return True


class QueryCompiler:
    """Compiles the queries of one caller against one catalog."""

    def __init__(
        self,
        catalog: Catalog,
        caller: Caller,
        search: SealedSearch,
        *,
        identity: Identity = as_it_is,
    ) -> None:
        self._catalog = catalog
        self._caller = caller
        self._search = search
        self._identity = identity

    def page(self, query: Query) -> Selection:
        """One page and one record more, which tells whether another page follows."""
        entity, table = self._entity(query.entity)
        selection = self._select(query, besides=[one.attribute for one in query.order])
        walk, visible = Walk.of(query, entity), self._visible(entity, table)
        asked = self._asked(query, entity, table)
        if nearest.can_be_walked(query, visible, table):
            matching = nearest.matching(
                table, visible, nearest.Asked(asked, _lasting(entity, query.filter)), walk=walk
            )
        else:
            matching = and_(visible.clause, asked, walk.beyond(table))
        statement = walk.first(selection.statement.where(matching), table)
        return Selection(statement, selection.columns, selection.order)

    def stream(self, query: Query) -> Selection:
        """All matching records, in order."""
        entity, table = self._entity(query.entity)
        selection = self._select(query)
        statement = selection.statement.where(self._matching(query, entity, table)).order_by(
            *keyset.ordering(table, query.order, backwards=False)
        )
        return Selection(statement, selection.columns, selection.order)

    def count(self, query: Query) -> Select[Any]:
        entity, table = self._entity(query.entity)
        statement = select(func.count()).select_from(self._counted(query))
        return statement.where(self._matching(query, entity, table))

    def _counted(self, query: Query) -> Any:
        """An outer link never changes how many there are: a lookup points to one record."""
        entity, table = self._entity(query.entity)
        source: Any = table
        for link in query.links:
            if link.inner:
                source, _ = self._joined(entity, table, link, source=source, physical=[])
        return source

    def _entity(self, name: str) -> tuple[EntityDefinition, Table]:
        return self._catalog.entity(name), self._catalog.tables.entities[name]

    def _select(self, query: Query, *, besides: Iterable[str] = ()) -> Selection:
        """The query's columns; a page needs those it is ordered by besides, for its tokens."""
        entity, table = self._entity(query.entity)
        names = query.columns or column_security.readable_columns(self._caller, entity)
        self._check_columns(entity, names)
        self._check_order(entity, query.order)
        wanted = [*names, *(name for name in besides if name not in names)]
        physical: list[ColumnElement[Any]] = [self._identity(table.c.id)]
        columns = list(columns_of(entity, table, wanted, physical, prefix=""))
        source: Any = table
        if len({link.lookup for link in query.links}) < len(query.links):
            raise DefinitionError("a lookup is linked once")
        for link in query.links:
            source, linked = self._joined(entity, table, link, source=source, physical=physical)
            columns += linked
        statement = select(*physical).select_from(source)
        return Selection(statement, tuple(columns), query.order)

    def _check_columns(self, entity: EntityDefinition, names: Iterable[str]) -> None:
        column_security.require_readable(self._caller, entity, names)

    def _check_order(self, entity: EntityDefinition, order: Iterable[Order]) -> None:
        for one in order:
            attribute = column_security.attribute_of(entity, one.attribute)
            column_security.require_readable(self._caller, entity, [one.attribute])
            is_known = not (attribute.sealed or attribute.is_volatile)
            if not is_known or not type_of(attribute).is_orderable:
                raise DefinitionError(f"{one.attribute} cannot be ordered by")
            column_security.require_shown_unmasked(self._caller, entity, one.attribute)

    def _visible(self, entity: EntityDefinition, table: Any) -> Visible:
        return visibility.visible(self._catalog, self._caller, Privilege.READ, entity, table=table)

    def _matching(
        self, query: Query, entity: EntityDefinition, table: Table
    ) -> ColumnElement[bool]:
        return and_(self._visible(entity, table).clause, self._asked(query, entity, table))

    def _asked(self, query: Query, entity: EntityDefinition, table: Table) -> ColumnElement[bool]:
        self._check_filter(entity, query.filter)
        asked = of_caller(query.filter, self._caller)
        clauses = [filter_clause(entity, table, asked, search=self._search)]
        if query.ids is not None:
            clauses.append(table.c.id.in_(query.ids))
        if query.related is not None:
            clauses.append(
                related_clause(
                    self._catalog, self._caller, query.related, entity=entity, table=table
                )
            )
        return and_(*clauses)

    def _check_filter(self, entity: EntityDefinition, part: Filter) -> None:
        for condition in part.conditions:
            column_security.require_readable(self._caller, entity, [condition.attribute])
            if condition.operator is Operator.EQUAL:
                column_security.require_searchable(self._caller, entity, condition.attribute)
            elif condition.operator not in {Operator.NULL, Operator.NOT_NULL}:
                column_security.require_shown_unmasked(self._caller, entity, condition.attribute)

    def _joined(
        self,
        entity: EntityDefinition,
        table: Table,
        link: Link,
        *,
        source: Any,
        physical: list[ColumnElement[Any]],
    ) -> tuple[Any, list[SelectedColumn]]:
        """The linked entity, its own visibility and column security included."""
        lookup = column_security.attribute_of(entity, link.lookup)
        column_security.require_readable(self._caller, entity, [link.lookup])
        if lookup.type != "Lookup":
            raise DefinitionError(f"{link.lookup} is no lookup")
        target, target_table = self._entity(lookup.targets[0])
        self._check_columns(target, link.columns)
        self._check_filter(target, link.filter)
        alias: Any = target_table.alias(link.lookup)
        condition = and_(
            alias.c.id == table.c[link.lookup],
            self._visible(target, alias).clause,
            filter_clause(
                target, alias, of_caller(link.filter, self._caller), search=self._search
            ),
        )
        physical.append(self._identity(alias.c.id))
        columns = list(columns_of(target, alias, link.columns, physical, prefix=f"{link.lookup}."))
        return source.join(alias, condition, isouter=not link.inner), columns


def finding_nothing(
    _entity: EntityDefinition, _attribute: AttributeDefinition, _text: str
) -> list[UUID]:
    return []


def _lasting(entity: EntityDefinition, part: Filter) -> str:
    """The filter in words, if it means the same whoever asks it on whatever day; "" if not."""
    for condition in part.conditions:
        changes = condition.operator in RELATIVE | OF_CALLER
        if changes or entity.attributes[condition.attribute].sealed:
            return ""
    return repr(part)

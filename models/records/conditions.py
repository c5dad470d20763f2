"""A query's conditions as SQL: the only place where a question touches columns.

Every attribute a condition names was checked to be readable; a sealed one is asked through the
blind index, and for equality only.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, false, or_, true

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import Condition, Filter, Operator

Clause = ColumnElement[bool]
SealedSearch = Callable[[AttributeDefinition, str], Sequence[UUID]]
"""Ids of the records whose sealed attribute equals a text."""

COMPARISONS: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: lambda column, value: column == value,
    Operator.NOT_EQUAL: lambda column, value: or_(column != value, column.is_(None)),
    Operator.GREATER: lambda column, value: column > value,
    Operator.GREATER_OR_EQUAL: lambda column, value: column >= value,
    Operator.LESS: lambda column, value: column < value,
    Operator.LESS_OR_EQUAL: lambda column, value: column <= value,
}
TEXTUAL = {"String", "Memo", "AutoNumber"}


def filter_clause(
    entity: EntityDefinition, table: Table, part: Filter, *, search: SealedSearch
) -> Clause:
    clauses = [
        filter_clause(entity, table, one, search=search)
        if isinstance(one, Filter)
        else condition_clause(entity, table, one, search=search)
        for one in part.parts
    ]
    if not clauses:
        return true()
    return and_(*clauses) if part.kind == "and" else or_(*clauses)


def condition_clause(
    entity: EntityDefinition, table: Table, condition: Condition, *, search: SealedSearch
) -> Clause:
    name = condition.attribute
    attribute = entity.attributes[name]
    column: Any = table.c.id if name == entity.primary_id else table.c[name]
    operator = condition.operator
    if operator in {Operator.NULL, Operator.NOT_NULL}:
        return _presence(column, operator)
    if attribute.sealed:
        return _sealed_clause(table, attribute, condition, search)
    if operator in {Operator.IN, Operator.NOT_IN}:
        return _among(column, attribute, condition)
    if operator in {Operator.BEGINS_WITH, Operator.CONTAINS}:
        return _textual(column, attribute, condition)
    if operator is Operator.CONTAIN_VALUES:
        return or_(*(column.contains(f";{one};") for one in _given(attribute, condition.value)))
    compared: Clause = COMPARISONS[operator](column, _typed(attribute, condition.value))
    return compared


def _presence(column: Any, operator: Operator) -> Clause:
    clause: Clause = column.is_(None) if operator is Operator.NULL else column.is_not(None)
    return clause


def _sealed_clause(
    table: Table, attribute: AttributeDefinition, condition: Condition, search: SealedSearch
) -> Clause:
    if condition.operator is not Operator.EQUAL or not attribute.index:
        raise DefinitionError(f"{attribute.logical_name} can only be asked for an exact value")
    found = search(attribute, str(condition.value))
    return table.c.id.in_(found) if found else false()


def _among(column: Any, attribute: AttributeDefinition, condition: Condition) -> Clause:
    values = [_typed(attribute, one) for one in _several(condition.value)]
    if condition.operator is Operator.IN:
        clause: Clause = column.in_(values)
        return clause
    return or_(column.not_in(values), column.is_(None))


def _textual(column: Any, attribute: AttributeDefinition, condition: Condition) -> Clause:
    if attribute.type not in TEXTUAL:
        raise DefinitionError(f"{attribute.logical_name} is no text")
    text = str(condition.value)
    begins = condition.operator is Operator.BEGINS_WITH
    clause: Clause = (column.startswith if begins else column.contains)(text, autoescape=True)
    return clause


def _several(value: object) -> Sequence[object]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _given(attribute: AttributeDefinition, value: object) -> tuple[object, ...]:
    typed = _typed(attribute, value)
    return typed if isinstance(typed, tuple) else (typed,)


def _typed(attribute: AttributeDefinition, value: object) -> object:
    try:
        return type_of(attribute).parse(attribute, value)
    except InvalidValue as error:
        raise DefinitionError(
            f"the condition's value does not fit {attribute.logical_name}"
        ) from error

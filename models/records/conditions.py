"""A query's conditions as SQL: the only place where a question touches columns.

Every attribute a condition names was checked to be readable; a sealed one is asked through the
blind index, and for equality only.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    and_,
    false,
    literal,
    or_,
    true,
    type_coerce,
)

from models.metadata.attribute_types import InvalidValue, type_of
from models.metadata.attribute_types.texts import tidy
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import RELATIVE, Condition, Filter, Operator
from models.records.relative_days import relative_clause

Clause = ColumnElement[bool]
SealedSearch = Callable[[EntityDefinition, AttributeDefinition, str], Sequence[UUID]]
"""Ids of the entity's records whose sealed attribute equals a text."""

COMPARISONS: dict[Operator, Callable[[Any, Any], Any]] = {
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
    if attribute.is_volatile:
        raise DefinitionError(f"{name} hangs on the day: nothing is found by it")
    column: Any = table.c.id if name == entity.primary_id else table.c[name]
    operator = condition.operator
    if operator in {Operator.NULL, Operator.NOT_NULL}:
        return _presence(column, operator)
    if attribute.sealed:
        _check_exact(attribute, condition)
        found = search(entity, attribute, str(condition.value))
        return table.c.id.in_(found) if found else false()
    if operator in {Operator.EQUAL, Operator.NOT_EQUAL}:
        wanted = [_typed(attribute, condition.value)]
        return _among(column, wanted, negated=operator is Operator.NOT_EQUAL)
    if operator in {Operator.IN, Operator.NOT_IN}:
        several = [_typed(attribute, one) for one in _several(condition.value)]
        return _among(column, several, negated=operator is Operator.NOT_IN)
    if condition.value in (None, ""):
        raise DefinitionError(f"{operator} on {name} needs a value")
    if operator in {Operator.BEGINS_WITH, Operator.CONTAINS}:
        return _textual(column, attribute, condition)
    if operator in RELATIVE:
        return relative_clause(column, attribute, condition)
    if operator is Operator.CONTAIN_VALUES:
        return _contain_values(column, attribute, condition)
    return _compared(column, attribute, condition)


def _presence(column: Any, operator: Operator) -> Clause:
    clause: Clause = column.is_(None) if operator is Operator.NULL else column.is_not(None)
    return clause


def _check_exact(attribute: AttributeDefinition, condition: Condition) -> None:
    if condition.operator is not Operator.EQUAL or not attribute.index:
        raise DefinitionError(f"{attribute.logical_name} can only be asked for an exact value")


def _among(column: Any, values: Sequence[object], *, negated: bool) -> Clause:
    """One of `values`, or none of them; nothing is a value like others, unlike SQL's NULL."""
    given = [one for one in values if one is not None]
    if len(given) == 1:
        found: Clause = column != given[0] if negated else column == given[0]
    else:
        found = column.not_in(given) if negated else column.in_(given)
    if negated:
        return and_(found, column.is_not(None)) if None in values else or_(found, column.is_(None))
    return or_(found, column.is_(None)) if None in values else found


def _compared(column: Any, attribute: AttributeDefinition, condition: Condition) -> Clause:
    if not type_of(attribute).is_orderable:
        raise DefinitionError(f"{attribute.logical_name} has no order to compare by")
    # as a literal of the column's type: SQLAlchemy compares plain True and False only for equality
    value = literal(_typed(attribute, condition.value), column.type)
    compared: Clause = COMPARISONS[condition.operator](column, value)
    return compared


def _contain_values(column: Any, attribute: AttributeDefinition, condition: Condition) -> Clause:
    if attribute.type != "MultiSelectPicklist":
        raise DefinitionError(f"{attribute.logical_name} is no MultiSelectPicklist")
    kept = type_coerce(column, String())
    return or_(*(kept.contains(f";{one};") for one in _given(attribute, condition.value)))


def _textual(column: Any, attribute: AttributeDefinition, condition: Condition) -> Clause:
    """ASCII letters count as equal in either case, others do not: alike on both databases."""
    if attribute.type not in TEXTUAL:
        raise DefinitionError(f"{attribute.logical_name} is no text")
    try:
        text = tidy(condition.value)
    except InvalidValue as error:
        raise DefinitionError(f"no {attribute.logical_name} holds such a text") from error
    begins = condition.operator is Operator.BEGINS_WITH
    clause: Clause = (column.istartswith if begins else column.icontains)(text, autoescape=True)
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

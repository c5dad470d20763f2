"""Columns beside those whose values are to be sealed, or in clear again: made, and changed places
with. It knows no key and no value.

A process that still goes by the old definition writes what the new column does not take, and is
refused: PostgreSQL has types, SQLite is given a check.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    inspect,
)

from models.metadata.attribute_types import type_of
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.tables import DATA_KEY

BESIDE = "__next"
"""What the name of the column beside ends with."""
MARK = f"version{BESIDE}"
"""The column with the version of the record that its values beside were made of."""
UNDER = f"key{BESIDE}"
"""The column with the key that the record had then: a rotation gives it another."""
MARKS = (MARK, UNDER)
KEPT = ("id", "createdon", "versionnumber")


def beside(name: str) -> str:
    return f"{name}{BESIDE}"


def table_with_both(entity: EntityDefinition, changed: Iterable[AttributeDefinition]) -> Table:
    """The entity's table as it is while values are made: `changed` as they will be, beside."""
    table = Table(entity.logical_name, MetaData(), Column("id", Uuid(), primary_key=True))
    table.append_column(Column(DATA_KEY, BigInteger()))
    for name in MARKS:
        table.append_column(Column(name, BigInteger()))
    for name in KEPT[1:]:
        attribute = entity.attributes[name]
        table.append_column(Column(name, type_of(attribute).column(attribute)))
    for attribute in changed:
        old = entity.attributes[attribute.logical_name]
        table.append_column(Column(old.logical_name, _type(old)))
        table.append_column(Column(beside(old.logical_name), _type(attribute)))
    return table


def make(connection: Connection, table: Table) -> None:
    """Add the columns beside, as far as they are missing."""
    operations = _operations(connection)
    present = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name.endswith(BESIDE) and column.name not in present:
            operations.add_column(table.name, _checked(connection, column))


def change_places(connection: Connection, table: Table) -> None:
    """Put the columns beside in the place of the others, which go, and the marks with them."""
    operations = _operations(connection)
    made = [one.name for one in table.columns if one.name.endswith(BESIDE)]
    replaced = [name.removesuffix(BESIDE) for name in made if name not in MARKS]
    for index in inspect(connection).get_indexes(table.name):
        if set(index["column_names"]) & set(replaced):
            operations.drop_index(str(index["name"]), table.name)
    for name in replaced:
        operations.drop_column(table.name, name)
        operations.alter_column(table.name, beside(name), new_column_name=name)
    for name in MARKS:
        operations.drop_column(table.name, name)


def drop_left_over(connection: Connection, tables: Iterable[Table]) -> list[Table]:
    """Drop columns beside that no conversion will finish; the tables that had some."""
    operations, found = _operations(connection), []
    for table in tables:
        columns = [str(one["name"]) for one in inspect(connection).get_columns(table.name)]
        left = [name for name in columns if name.endswith(BESIDE)]
        for name in left:
            operations.drop_column(table.name, name)
        found += [table] if left else []
    return found


def _type(attribute: AttributeDefinition) -> Any:
    return LargeBinary() if attribute.sealed else type_of(attribute).column(attribute)


def _checked(connection: Connection, column: "Column[Any]") -> "Column[Any]":
    checks = []
    if connection.dialect.name == "sqlite" and column.name not in MARKS:
        is_sealed = isinstance(column.type, LargeBinary)
        kinds = "IN ('blob', 'null')" if is_sealed else "<> 'blob'"
        quoted = connection.dialect.identifier_preparer.quote(column.name)
        checks.append(CheckConstraint(f"typeof({quoted}) {kinds}"))
    return Column(column.name, column.type, *checks, nullable=True)


def _operations(connection: Connection) -> Any:
    # here: eight megabytes that a web process, which converts nothing, has no use for
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    return Operations(MigrationContext.configure(connection))

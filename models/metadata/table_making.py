"""Tables brought after a catalog: what is missing is made, by Alembic's operations.

Nothing that holds data is dropped. It does not know what a table is for.
"""

from typing import Any

from sqlalchemy import Column, Connection, Index, Table, inspect
from sqlalchemy.exc import IntegrityError

from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from models.metadata.tables import PLAIN, UNIQUE


def bring_tables_after(connection: Connection, catalog: Catalog) -> None:
    """Make the tables, columns and indexes that are missing, by Alembic's operations."""
    # here: eight megabytes that a web process, which publishes nothing, has no use for
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    operations = Operations(MigrationContext.configure(connection))
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    for table in catalog.tables.metadata.sorted_tables:
        if table.name not in present:
            table.create(connection)
            continue
        columns = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                operations.add_column(table.name, _addable(column))
        present_indexes = {str(index["name"]) for index in inspector.get_indexes(table.name)}
        for name in _indexes_left_over(table, present_indexes):
            operations.drop_index(name, table.name)
        _make_indexes(connection, table, present_indexes)


def _indexes_left_over(table: Table, present: set[str]) -> set[str]:
    """What is no alternate key any more must refuse no records; what no list reads, slow none."""
    wanted = {str(index.name) for index in table.indexes}
    ours = tuple(f"{kind}_{table.name}_" for kind in (PLAIN, UNIQUE))
    return {name for name in present - wanted if name.startswith(ours)}


def _make_indexes(connection: Connection, table: Table, present: set[str]) -> None:
    for index in table.indexes:
        if index.name not in present:
            _make_index(connection, table, index)


def _make_index(connection: Connection, table: Table, index: Index) -> None:
    try:
        index.create(connection)
    except IntegrityError as error:
        names = ", ".join(column.name for column in index.columns)
        raise DefinitionError(
            f"{names} is no key: records with the same values are there already",
            where=f"entity {table.name}",
        ) from error


def _addable(column: "Column[Any]") -> "Column[Any]":
    """The column without its constraints: rows from before have nothing in it."""
    return Column(column.name, column.type, nullable=True)

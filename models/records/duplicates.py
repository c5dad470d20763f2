"""Which alternate key a record came second to: from the database's refusal to named attributes.

Only the database can tell, since another transaction may be first; a check before the write would
be a race. It says which index refused (PostgreSQL) or which columns (SQLite), never the values.
"""

from collections.abc import Iterator

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import Problem
from models.metadata.labels import Label


def problems(catalog: Catalog, error: IntegrityError) -> list[Problem]:
    """One for each attribute of the key; none if it was no alternate key that refused."""
    diagnosis = getattr(error.orig, "diag", None)
    refused_by = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    for entity in catalog.entities.values():
        for signs, names in _keys(catalog.tables.entities[entity.logical_name]):
            if refused_by in signs:
                return list(_problems(entity, names))
    return []


def _keys(table: Table) -> Iterator[tuple[set[str], list[str]]]:
    """Of each unique index: how the databases name it, and its attributes."""
    for index in table.indexes:
        if index.unique:
            names = [column.name for column in index.columns]
            columns = ", ".join(f"{table.name}.{name}" for name in names)
            yield {str(index.name), f"UNIQUE constraint failed: {columns}"}, names


def _problems(entity: EntityDefinition, names: list[str]) -> Iterator[Problem]:
    labels = [entity.attributes[name].display_name for name in names]
    together = Label(
        "・".join(label.text("ja") for label in labels),
        ", ".join(label.text("en") for label in labels),
    )
    for name in names:
        yield Problem(name, "duplicate", together)

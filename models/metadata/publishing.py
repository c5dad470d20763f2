"""Publish: store what a solution states and bring the tables after it, in one transaction.

Additive: tables and columns are made, never dropped; what would lose or misread data is
refused. It does not know where the statements came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Table, delete, insert, inspect, select, update

from models.metadata.catalog import Catalog
from models.metadata.checking import check_catalog
from models.metadata.definitions import AttributeDefinition
from models.metadata.errors import DefinitionError
from models.metadata.loading import load_catalog
from models.tables.base import new_id
from models.tables.customizations import (
    Attribute,
    Entity,
    Environment,
    Publisher,
    Solution,
    SolutionComponent,
)

FIXED = ("type", "format", "sealed", "precision", "behaviour", "targets")
"""What an attribute that has a column cannot change: its values would be misread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionContent:
    """A solution as stated: mappings by name, components by (kind, name)."""

    name: str
    version: str
    definition: Mapping[str, Any]
    publisher: str
    publisher_prefix: str
    entities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    components: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)


def publish(connection: Connection, content: SolutionContent) -> Catalog:
    """Store and compile `content`; the new Catalog is live once the transaction is committed."""
    environment = connection.execute(select(Environment.__table__).with_for_update()).one()
    before = load_catalog(connection)
    solution_id = _store_solution(connection, content)
    numbers = _Numbers(environment.next_entity_number, environment.next_attribute_number)
    for name, stated in content.entities.items():
        _store_entity(connection, name, stated, solution_id=solution_id, numbers=numbers)
    _store_components(connection, content, solution_id)
    connection.execute(
        update(Environment).values(
            metadata_version=Environment.metadata_version + 1,
            next_entity_number=numbers.entity,
            next_attribute_number=numbers.attribute,
        )
    )
    after = load_catalog(connection)
    check_catalog(after)
    _refuse_losses(before, after)
    bring_tables_after(connection, after)
    return after


def bring_tables_after(connection: Connection, catalog: Catalog) -> None:
    """Make the tables, columns and indexes that are missing, by Alembic's operations."""
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
        _make_indexes(connection, table, {i["name"] for i in inspector.get_indexes(table.name)})


def _make_indexes(connection: Connection, table: Table, present: set[str | None]) -> None:
    for index in table.indexes:
        if index.name not in present:
            index.create(connection)


def _addable(column: "Column[Any]") -> "Column[Any]":
    """The column without its constraints: rows from before have nothing in it."""
    return Column(column.name, column.type, nullable=True)


class _Numbers:
    """The next numbers of entities and attributes; given once, never again."""

    def __init__(self, entity: int, attribute: int) -> None:
        self.entity = entity
        self.attribute = attribute

    def next_entity(self) -> int:
        self.entity += 1
        return self.entity - 1

    def next_attribute(self) -> int:
        self.attribute += 1
        return self.attribute - 1


def _store_solution(connection: Connection, content: SolutionContent) -> object:
    publisher_id = connection.scalar(
        select(Publisher.id).where(Publisher.name == content.publisher)
    )
    if publisher_id is None:
        publisher_id = new_id()
        row = {
            "id": publisher_id,
            "name": content.publisher,
            "prefix": content.publisher_prefix,
            "definition": {},
        }
        connection.execute(insert(Publisher), row)
    found = connection.execute(select(Solution).where(Solution.name == content.name)).first()
    values = {"version": content.version, "definition": dict(content.definition)}
    if found is None:
        solution_id = new_id()
        row = {"id": solution_id, "name": content.name, "publisher_id": publisher_id, **values}
        connection.execute(insert(Solution), row)
        return solution_id
    connection.execute(update(Solution).where(Solution.name == content.name).values(**values))
    return connection.scalar(select(Solution.id).where(Solution.name == content.name))


def _store_entity(
    connection: Connection,
    name: str,
    stated: Mapping[str, Any],
    *,
    solution_id: object,
    numbers: _Numbers,
) -> None:
    definition = {key: value for key, value in stated.items() if key != "attributes"}
    number = connection.scalar(select(Entity.number).where(Entity.logical_name == name))
    if number is None:
        number = numbers.next_entity()
        row = {"number": number, "logical_name": name, "solution_id": solution_id}
        connection.execute(insert(Entity), row | {"definition": definition})
    else:
        of_entity = Entity.number == number
        connection.execute(update(Entity).where(of_entity).values(definition=definition))
    present = set(
        connection.scalars(select(Attribute.logical_name).where(Attribute.entity_number == number))
    )
    for attribute, described in (stated.get("attributes") or {}).items():
        key = (Attribute.entity_number == number) & (Attribute.logical_name == attribute)
        if attribute in present:
            values = {"definition": described or {}}
            connection.execute(update(Attribute).where(key).values(**values))
            continue
        row = {"number": numbers.next_attribute(), "entity_number": number}
        row |= {"logical_name": attribute, "definition": described or {}}
        connection.execute(insert(Attribute), row)


def _store_components(
    connection: Connection, content: SolutionContent, solution_id: object
) -> None:
    """The solution's components are exactly those stated: views and forms hold no data."""
    of_solution = SolutionComponent.solution_id == solution_id
    connection.execute(delete(SolutionComponent).where(of_solution))
    rows = [
        {"id": new_id(), "kind": kind, "name": name, "solution_id": solution_id}
        | {"definition": dict(definition)}
        for (kind, name), definition in content.components.items()
    ]
    if rows:
        connection.execute(insert(SolutionComponent), rows)


def _refuse_losses(before: Catalog, after: Catalog) -> None:
    for name, entity in before.entities.items():
        now = after.entity(name)
        if now.ownership is not entity.ownership or now.key_bucket != entity.key_bucket:
            raise DefinitionError("ownership and key_bucket cannot change", where=name)
        for attribute_name, attribute in entity.attributes.items():
            _refuse_misreading(attribute, now.attributes[attribute_name], name)


def _refuse_misreading(old: AttributeDefinition, new: AttributeDefinition, entity: str) -> None:
    changed = [part for part in FIXED if getattr(old, part) != getattr(new, part)]
    where = f"{entity} › {old.logical_name}"
    if changed:
        raise DefinitionError(f"{', '.join(changed)} cannot change", where=where)
    if new.max_length < old.max_length and not new.is_system:
        raise DefinitionError("max_length cannot become shorter", where=where)

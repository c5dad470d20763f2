"""What a solution states, kept as stated: in the platform's rows, under numbers given once.

A component belongs to the solution that brought it. Whether it all fits together is asked by
`checking`, of what was stored; it does not know what a statement means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from models.metadata.errors import DefinitionError
from models.tables.base import new_id
from models.tables.customizations import (
    Attribute,
    Entity,
    Environment,
    Publisher,
    Solution,
    SolutionComponent,
)


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


def store(connection: Connection, content: SolutionContent) -> None:
    """Write what differs from what is there. The caller holds the environment's lock."""
    environment = connection.execute(select(Environment.__table__)).one()
    solution_id = _solution(connection, content, _publisher(connection, content))
    numbers = _Numbers(environment.next_entity_number, environment.next_attribute_number)
    for name, stated in content.entities.items():
        number = _entity(connection, name, stated, solution_id=solution_id, numbers=numbers)
        _attributes(connection, number, stated.get("attributes") or {}, numbers)
    _components(connection, content, solution_id)
    connection.execute(
        update(Environment).values(
            next_entity_number=numbers.entity, next_attribute_number=numbers.attribute
        )
    )


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


def _publisher(connection: Connection, content: SolutionContent) -> UUID:
    """The publisher of that prefix; a prefix is one publisher's, and a publisher has one."""
    row: dict[str, Any] = {"name": content.publisher, "prefix": content.publisher_prefix}
    same = (Publisher.name == row["name"]) | (Publisher.prefix == row["prefix"])
    found = connection.execute(select(Publisher.__table__).where(same)).all()
    if not found:
        row |= {"id": new_id(), "definition": {}}
        connection.execute(insert(Publisher), row)
        return UUID(str(row["id"]))
    if [(one.name, one.prefix) for one in found] != [(row["name"], row["prefix"])]:
        known = ", ".join(f"{one.name} ({one.prefix}_)" for one in found)
        raise DefinitionError(f"the publisher is known otherwise: {known}", where="solution")
    return UUID(str(found[0].id))


def _solution(connection: Connection, content: SolutionContent, publisher_id: UUID) -> UUID:
    found = connection.execute(
        select(Solution.id, Solution.publisher_id).where(Solution.name == content.name)
    ).first()
    values: dict[str, Any] = {
        "version": content.version,
        "definition": dict(content.definition),
        "publisher_id": publisher_id,
    }
    if found is None:
        solution_id = new_id()
        row = {"id": solution_id, "name": content.name, **values}
        connection.execute(insert(Solution), row)
        return solution_id
    if found.publisher_id != publisher_id:
        raise DefinitionError("another publisher has a solution of this name", where="solution")
    connection.execute(update(Solution).where(Solution.id == found.id).values(**values))
    return UUID(str(found.id))


def _entity(
    connection: Connection,
    name: str,
    stated: Mapping[str, Any],
    *,
    solution_id: UUID,
    numbers: _Numbers,
) -> int:
    definition = {key: value for key, value in stated.items() if key != "attributes"}
    found = connection.execute(
        select(Entity.number, Entity.solution_id).where(Entity.logical_name == name)
    ).first()
    if found is None:
        number = numbers.next_entity()
        row = {"number": number, "logical_name": name, "solution_id": solution_id}
        connection.execute(insert(Entity), row | {"definition": definition})
        return number
    if found.solution_id != solution_id:
        raise DefinitionError("it belongs to another solution", where=f"entity {name}")
    of_entity = Entity.number == found.number
    connection.execute(update(Entity).where(of_entity).values(definition=definition))
    return int(found.number)


def _attributes(
    connection: Connection, entity: int, stated: Mapping[str, Any], numbers: _Numbers
) -> None:
    """What is not stated any more stays: its column holds data."""
    of_entity = Attribute.entity_number == entity
    present = set(connection.scalars(select(Attribute.logical_name).where(of_entity)))
    for name, described in stated.items():
        if name in present:
            key = of_entity & (Attribute.logical_name == name)
            connection.execute(update(Attribute).where(key).values(definition=described or {}))
            continue
        row = {"entity_number": entity, "logical_name": name, "definition": described or {}}
        connection.execute(insert(Attribute), row | {"number": numbers.next_attribute()})


def _components(connection: Connection, content: SolutionContent, solution_id: UUID) -> None:
    """The solution's components are exactly those stated: views and forms hold no data."""
    table = SolutionComponent.__table__
    present = {(row.kind, row.name): row for row in connection.execute(select(table))}
    for key, stated in content.components.items():
        found = present.pop(key, None)
        definition = dict(stated or {})
        if found is None:
            row = {"id": new_id(), "kind": key[0], "name": key[1], "solution_id": solution_id}
            connection.execute(insert(SolutionComponent), row | {"definition": definition})
        elif found.solution_id != solution_id:
            raise DefinitionError("it belongs to another solution", where=" ".join(key))
        elif found.definition != definition:
            component = SolutionComponent.id == found.id
            values = {"definition": definition}
            connection.execute(update(SolutionComponent).where(component).values(**values))
    gone = [row.id for row in present.values() if row.solution_id == solution_id]
    connection.execute(delete(SolutionComponent).where(SolutionComponent.id.in_(gone)))

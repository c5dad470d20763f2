"""Which records an N:N relationship joins to one record, as a clause of a query.

Both ends count: the record asked about must be visible to the caller as those that are found.
"""

from typing import Any

from sqlalchemy import ColumnElement, Table, select

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.query import Related
from models.security import access, visibility
from models.security.caller import Caller
from models.security.privileges import Privilege


def related_clause(
    catalog: Catalog, caller: Caller, related: Related, *, entity: EntityDefinition, table: Table
) -> ColumnElement[bool]:
    """True for the records of `entity` that are related; AccessDenied, DefinitionError."""
    relationship = catalog.relationship(related.relationship)
    from_first = related.side == "first"
    near, far = relationship.first, relationship.second
    if not from_first:
        near, far = far, near
    if far != entity.logical_name:
        raise DefinitionError(f"{relationship.name} does not lead to {entity.logical_name}")
    asked = catalog.entity(near)
    access.require(caller, Privilege.READ, asked)
    first, second = catalog.tables.intersects[relationship.name].columns
    near_id, far_id = (first, second) if from_first else (second, first)
    near_table: Any = catalog.tables.entities[near].alias("related_to")
    reached = visibility.clause(catalog, caller, Privilege.READ, asked, table=near_table)
    statement = select(far_id).join(near_table, near_table.c.id == near_id)
    return table.c.id.in_(statement.where(near_id == related.record_id, reached))

"""Which exports another person has to approve: the one rule, for every door of the web.

It decides from the query, the catalog and the caller; it sees no record and knows no state.
"""

from collections.abc import Iterator

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import AccessDenied, DefinitionError
from models.metadata.query import Query
from models.security import column_security
from models.security.access import require_miscellaneous
from models.security.caller import Caller
from models.security.privileges import Miscellaneous

MOST_CONFIDENTIAL = 3
"""The classification (自治体機密性) whose records never leave on one person's word."""


def needs_approval(catalog: Catalog, caller: Caller, query: Query) -> bool:
    """Always of the most confidential entities, linked ones among them. Of the others where a
    column is personal, masked or not, unless the caller's role says otherwise."""
    entities = [catalog.entity(query.entity), *_linked(catalog, query)]
    if any(entity.classification >= MOST_CONFIDENTIAL for entity in entities):
        return True
    is_personal = bool(personal_columns(catalog, caller, query))
    return is_personal and not caller.may(Miscellaneous.EXPORT_WITHOUT_APPROVAL)


def require_direct(catalog: Catalog, caller: Caller, query: Query) -> None:
    """Raise AccessDenied where the caller may not export this without asking."""
    require_miscellaneous(caller, Miscellaneous.EXPORT)
    if needs_approval(catalog, caller, query):
        raise AccessDenied(f"exporting {query.entity} without approval", caller=caller)


def personal_columns(catalog: Catalog, caller: Caller, query: Query) -> tuple[str, ...]:
    """The names of the query's columns that are personal, or sealed: a text may be about people. A
    linked entity's begin with the lookup's."""
    columns = columns_of(catalog, caller, query)
    return tuple(name for name, column in columns if column.may_be_personal)


def columns_of(
    catalog: Catalog, caller: Caller, query: Query
) -> Iterator[tuple[str, AttributeDefinition]]:
    """Every column the query answers with for this caller, by name."""
    entity = catalog.entity(query.entity)
    for name in query.columns or column_security.readable_columns(caller, entity):
        yield name, column_security.attribute_of(entity, name)
    for link, target in zip(query.links, _linked(catalog, query), strict=True):
        for name in link.columns:
            yield f"{link.lookup}.{name}", column_security.attribute_of(target, name)


def _linked(catalog: Catalog, query: Query) -> list[EntityDefinition]:
    """The entity of each link, in their order."""
    entity, found = catalog.entity(query.entity), []
    for link in query.links:
        lookup = column_security.attribute_of(entity, link.lookup)
        if lookup.type != "Lookup":
            raise DefinitionError(f"{link.lookup} is no lookup")
        found.append(catalog.entity(lookup.targets[0]))
    return found

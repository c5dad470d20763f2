"""Finding what a definition names, or saying that it is not there.

It does not know what the definition wants it for.
"""

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import DefinitionError


def known_entity(catalog: Catalog, name: str, where: str) -> EntityDefinition:
    if name not in catalog.entities:
        raise DefinitionError(f"there is no entity {name!r}", where=where)
    return catalog.entities[name]


def check_attribute_named(entity: EntityDefinition, name: str, where: str) -> None:
    if name not in entity.attributes:
        raise DefinitionError(f"{entity.logical_name} has no attribute {name!r}", where=where)


def check_status_named(entity: EntityDefinition, value: int, where: str) -> None:
    statuses = entity.attributes["statuscode"].options
    if statuses is None or statuses.option(value) is None:
        raise DefinitionError(f"there is no status reason {value}", where=where)

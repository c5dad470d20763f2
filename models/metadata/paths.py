"""Paths to values: an attribute of the record, or one of the record that a Lookup of it points to.

One step and no more: `kobe_email`, `kobe_cooperator.kobe_email`. It reads no record.
"""

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named
from models.metadata.relationships import DeleteBehaviour


def attribute_at(
    catalog: Catalog, entity: EntityDefinition, path: str
) -> AttributeDefinition | None:
    """The attribute a path leads to; None if it leads nowhere."""
    lookup, _, name = path.rpartition(".")
    if not lookup:
        return entity.attributes.get(name)
    target = linked_entity(catalog, entity, lookup)
    return target.attributes.get(name) if target else None


def linked_entity(
    catalog: Catalog, entity: EntityDefinition, lookup: str
) -> EntityDefinition | None:
    attribute = entity.attributes.get(lookup)
    if attribute is None or attribute.type != "Lookup":
        return None
    return catalog.entities.get(attribute.targets[0])


def check_path(catalog: Catalog, entity: EntityDefinition, path: str, where: str) -> None:
    """DefinitionError for a path that leads nowhere, to what is another tomorrow, or to what would
    outlive its record: a sealed value may be told of another record only by one that is not there
    without it."""
    lookup, _, name = path.rpartition(".")
    if not lookup:
        check_attribute_named(entity, name, where)
        _refuse_volatile(entity, name, where)
        return
    check_attribute_named(entity, lookup, where)
    target = linked_entity(catalog, entity, lookup)
    if target is None:
        raise DefinitionError(f"{lookup} is no Lookup", where=where)
    check_attribute_named(target, name, where)
    _refuse_volatile(target, name, where)
    if target.attributes[name].sealed and not _goes_along(catalog, entity, lookup):
        message = f"{path} is sealed, and {entity.logical_name} stays when its record is deleted"
        raise DefinitionError(message, where=where)


def _refuse_volatile(entity: EntityDefinition, name: str, where: str) -> None:
    """What was true on the day of writing is not when it is read."""
    if entity.attributes[name].is_volatile:
        raise DefinitionError(f"{name} hangs on the day: no mail tells it", where=where)


def _goes_along(catalog: Catalog, entity: EntityDefinition, lookup: str) -> bool:
    return any(
        one.on_delete is not DeleteBehaviour.REMOVE_LINK
        for one in catalog.one_to_many
        if (one.referencing, one.lookup) == (entity.logical_name, lookup)
    )

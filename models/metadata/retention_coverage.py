"""Which entities hold what is personal and no retention rule ends: they are kept for ever, though
nothing says so."""

from models.metadata.catalog import Catalog
from models.metadata.definitions import EntityDefinition
from models.metadata.relationships import DeleteBehaviour
from models.metadata.retention import Action


def without_rule(catalog: Catalog) -> list[EntityDefinition]:
    """Those with a personal or sealed attribute of which no rule is, and which do not go along."""
    ruled = {rule.entity for rule in catalog.retention_rules.values()}
    covered = ruled | _going_along(catalog)
    return [
        entity
        for name, entity in catalog.entities.items()
        if name not in covered and any(a.personal or a.sealed for a in entity.attributes.values())
    ]


def _going_along(catalog: Catalog) -> set[str]:
    """Entities whose records are deleted with others': what cascades from those that a rule
    erases, step by step, and the activities about any that a rule ends."""
    rules = catalog.retention_rules.values()
    erased = {rule.entity for rule in rules if rule.action is Action.ERASE}
    activities = {catalog.entity(rule.entity).activity_entity for rule in rules}
    found = erased | activities
    while True:
        further = {
            one.referencing
            for one in catalog.one_to_many
            if one.on_delete is DeleteBehaviour.CASCADE and one.referenced in found
        }
        if further <= found:
            return found
        found |= further

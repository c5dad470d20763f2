"""Attributes that only the platform writes, because a definition beside the entity says so: since
when a record is in its stage, when it was answered first, from which day it is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from models.metadata.definitions import EntityDefinition
from models.metadata.processes import ProcessDefinition
from models.metadata.retention import RetentionRule

TYPES = frozenset({"DateTime", "Integer", "Decimal"})
"""Of another type it is refused by `checking`."""


def stamped(
    entities: Mapping[str, EntityDefinition],
    processes: Iterable[ProcessDefinition],
    retention_rules: Iterable[RetentionRule],
) -> dict[str, EntityDefinition]:
    """The entities that have such attributes, with these read-only."""
    kept: dict[str, set[str]] = defaultdict(set)
    for name, entity in entities.items():
        if entity.answered:
            kept[name].update(entity.answered.names)
    for process in processes:
        kept[process.entity].add(process.since)
    for rule in retention_rules:
        if rule.entered:
            kept[rule.entity].add(rule.counted_from)
    return {
        name: _read_only(entities[name], stamps)
        for name, stamps in kept.items()
        if name in entities
    }


def _read_only(entity: EntityDefinition, names: set[str]) -> EntityDefinition:
    changed = {
        name: replace(attribute, is_read_only=True)
        for name, attribute in entity.attributes.items()
        if name in names and attribute.type in TYPES
    }
    return replace(entity, attributes={**entity.attributes, **changed})

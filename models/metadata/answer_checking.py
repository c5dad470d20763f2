"""Can the platform keep when a record was answered, and may records wait in a queue? What an
entity states of that must be there, and be the platform's to write.
"""

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named

HOURS = frozenset({"Integer", "Decimal"})


def check_answered(entity: EntityDefinition) -> None:
    """Raises DefinitionError."""
    where = f"entity {entity.logical_name}"
    found = entity.answered
    if found is None:
        return
    if not entity.has_activities:
        raise DefinitionError("answered needs activities: true", where=where)
    at = _kept(entity, found.at, where)
    if at.type != "DateTime" or at.behaviour == "date_only":
        raise DefinitionError(f"{found.at} must be a DateTime with a time", where=where)
    if found.hours and _kept(entity, found.hours, where).type not in HOURS:
        raise DefinitionError(f"{found.hours} must be an Integer or a Decimal", where=where)


def check_queue(entity: EntityDefinition) -> None:
    """Raises DefinitionError: where nobody owns a record, nobody can pick it."""
    if entity.has_queue and not entity.is_user_owned:
        where = f"entity {entity.logical_name}"
        raise DefinitionError("a queue needs ownership: user", where=where)


def _kept(entity: EntityDefinition, name: str, where: str) -> AttributeDefinition:
    """What the platform writes by itself is neither somebody's secret nor asked of anybody."""
    check_attribute_named(entity, name, where)
    attribute = entity.attributes[name]
    if attribute.is_system or attribute.sealed or attribute.secured or attribute.is_required:
        raise DefinitionError(f"{name} must be neither secured nor required", where=where)
    return attribute

"""Do retention rules fit their entities? The day they count from must be there and be no secret,
and whatever they empty must be of the entity's own."""

from models.metadata.catalog import Catalog
from models.metadata.condition_checking import check_condition
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity
from models.metadata.retention import RetentionRule


def check_retention(catalog: Catalog) -> None:
    """Raise DefinitionError at the first rule by which nothing, or the wrong thing, would go."""
    stamped: dict[tuple[str, str], RetentionRule] = {}
    for rule in catalog.retention_rules.values():
        where = f"retention_rule {rule.name}"
        entity = known_entity(catalog, rule.entity, where)
        _check_day(entity, rule, where)
        for condition in rule.filter.conditions:
            check_attribute_named(entity, condition.attribute, where)
            attribute = entity.attributes[condition.attribute]
            if attribute.sealed or attribute.is_volatile:
                message = f"cannot choose records by {condition.attribute}"
                raise DefinitionError(message, where=where)
            check_condition(entity, condition, where)
        for name in rule.clears:
            _check_cleared(entity, name, where)
        if rule.entered:
            other = stamped.setdefault((rule.entity, rule.counted_from), rule)
            if other.entered != rule.entered:
                message = f"{rule.counted_from} is written by {other.name} for other statuses"
                raise DefinitionError(message, where=where)


def _check_day(entity: EntityDefinition, rule: RetentionRule, where: str) -> None:
    name = rule.counted_from
    check_attribute_named(entity, name, where)
    attribute = entity.attributes[name]
    if attribute.type != "DateTime" or attribute.sealed or attribute.is_volatile:
        raise DefinitionError(f"{name} is no DateTime that can be counted from", where=where)
    if not rule.entered:
        return
    if attribute.is_system or attribute.is_derived or attribute.is_required:
        message = f"{name} cannot be written by the platform: it is required, or not a free one"
        raise DefinitionError(message, where=where)
    if attribute.behaviour == "date_only":
        raise DefinitionError(f"{name} must keep the time as well", where=where)
    options = entity.attributes["statuscode"].options
    known = {option.value for option in options.options} if options else set()
    for status in rule.entered:
        if status not in known:
            message = f"{status} is no status reason of {entity.logical_name}"
            raise DefinitionError(message, where=where)


def _check_cleared(entity: EntityDefinition, name: str, where: str) -> None:
    check_attribute_named(entity, name, where)
    attribute = entity.attributes[name]
    if attribute.is_system or attribute.type in {"Status", "State", "AutoNumber"}:
        raise DefinitionError(f"{name} cannot be emptied", where=where)
    if attribute.is_derived:  # it would be reckoned again the next night
        message = f"{name} follows from other values: empty those, and it is reckoned anew"
        raise DefinitionError(message, where=where)

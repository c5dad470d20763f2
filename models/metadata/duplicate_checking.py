"""Do duplicate detection rules fit their entities? What is compared must be comparable."""

from models.metadata.catalog import Catalog
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.duplicate_rules import Criterion, DuplicateRule, Match
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity

TEXTS = {"String", "Memo"}
NEVER_COMPARED = {"File", "Image", "UniqueIdentifier", "AutoNumber"}


def check_duplicate_rules(catalog: Catalog) -> None:
    """Raise DefinitionError at the first rule that could find nothing, or tell too much."""
    for rule in catalog.duplicate_rules.values():
        where = f"duplicate_rule {rule.name}"
        entity = known_entity(catalog, rule.entity, where)
        for criterion in rule.criteria:
            check_attribute_named(entity, criterion.attribute, where)
            _check_criterion(criterion, entity.attributes[criterion.attribute], where)
        _check_end(entity, rule, where)
    _check_agreement(catalog)


def _check_criterion(criterion: Criterion, attribute: AttributeDefinition, where: str) -> None:
    name = attribute.logical_name
    if attribute.is_system or attribute.is_derived or attribute.type in NEVER_COMPARED:
        raise DefinitionError(f"{name} cannot be compared", where=where)
    if criterion.match is not Match.EXACT and (attribute.sealed or attribute.type not in TEXTS):
        message = f"{criterion.match} compares a text that is not sealed, {name} is none"
        raise DefinitionError(message, where=where)
    if attribute.sealed and not attribute.index:
        raise DefinitionError(f"{name} is sealed without an index to find it by", where=where)


def _check_end(entity: EntityDefinition, rule: DuplicateRule, where: str) -> None:
    """A record that was merged into another ends inactive."""
    statuses = entity.attributes["statuscode"].options
    inactive = [option.value for option in statuses.options if option.state] if statuses else []
    if not inactive or rule.merged_status not in (None, *inactive):
        message = "a record that was merged needs an inactive status reason"
        raise DefinitionError(message, where=where)


def _check_agreement(catalog: Catalog) -> None:
    ends: dict[str, int] = {}
    for rule in catalog.duplicate_rules.values():
        if rule.merged_status is None:
            continue
        if ends.setdefault(rule.entity, rule.merged_status) != rule.merged_status:
            message = f"another rule of {rule.entity} states another merged_status"
            raise DefinitionError(message, where=f"duplicate_rule {rule.name}")

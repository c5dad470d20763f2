"""Do business process flows fit their entities? Stages, attributes and lookups must be there."""

from models.metadata.catalog import Catalog
from models.metadata.condition_checking import check_condition, check_operator
from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import DefinitionError
from models.metadata.named import check_attribute_named, known_entity
from models.metadata.processes import ProcessDefinition, StageDefinition
from models.metadata.query import OF_CALLER, Condition


def check_processes(catalog: Catalog) -> None:
    """Raise DefinitionError at the first process that could not be walked."""
    guided: dict[tuple[str, str], str] = {}
    for process in catalog.processes.values():
        where = f"process {process.name}"
        entity = known_entity(catalog, process.entity, where)
        other = guided.setdefault((process.entity, process.attribute), process.name)
        if other != process.name:
            message = f"{process.attribute} says the stage of {other} already"
            raise DefinitionError(message, where=where)
        _check_stages(process, _stage_attribute(entity, process, where), where)
        _check_since(entity, process, where)
        for stage in process.stages.values():
            _check_stage(catalog, entity, stage, f"{where} › stage {stage.value}")


def _stage_attribute(
    entity: EntityDefinition, process: ProcessDefinition, where: str
) -> AttributeDefinition:
    check_attribute_named(entity, process.attribute, where)
    attribute = entity.attributes[process.attribute]
    if attribute.type != "Picklist" or attribute.sealed or attribute.secured:
        message = f"{process.attribute} must be a Picklist that is neither sealed nor secured"
        raise DefinitionError(message, where=where)
    return attribute


def _check_stages(process: ProcessDefinition, attribute: AttributeDefinition, where: str) -> None:
    """Every option is a stage and the other way round; a record begins in the first."""
    options = {option.value for option in attribute.options.options} if attribute.options else {}
    if options != process.stages.keys():
        message = f"the stages are the options of {attribute.logical_name}, all of them"
        raise DefinitionError(message, where=where)
    if attribute.default != next(iter(process.stages)):
        message = f"the default of {attribute.logical_name} must be the first stage"
        raise DefinitionError(message, where=where)


def _check_since(entity: EntityDefinition, process: ProcessDefinition, where: str) -> None:
    if not process.since:
        if any(stage.due_days for stage in process.stages.values()):
            raise DefinitionError("due_days needs since", where=where)
        return
    check_attribute_named(entity, process.since, where)
    attribute = entity.attributes[process.since]
    is_moment = attribute.type == "DateTime" and attribute.behaviour != "date_only"
    is_other = attribute.sealed or attribute.secured or attribute.is_derived
    if not is_moment or is_other or attribute.is_required:
        message = f"{process.since} must be a DateTime that is neither secured nor required"
        raise DefinitionError(message, where=where)


def _check_stage(
    catalog: Catalog, entity: EntityDefinition, stage: StageDefinition, where: str
) -> None:
    """Problems tell what is missing: of a secured attribute they would tell too much."""
    asked = known_entity(catalog, stage.entity, where) if stage.entity else entity
    for name in stage.requires:
        check_attribute_named(asked, name, where)
        if asked.attributes[name].secured:
            raise DefinitionError(f"{name} is secured", where=where)
        if asked.attributes[name].is_derived:
            raise DefinitionError(f"{name} is nothing that people enter", where=where)
    for condition in stage.filter.conditions:
        check_attribute_named(asked, condition.attribute, where)
        _check_condition(asked, condition, where)
    if not stage.lookup:
        return
    check_attribute_named(asked, stage.lookup, where)
    if asked.attributes[stage.lookup].targets != (entity.logical_name,):
        message = f"{stage.lookup} does not point to {entity.logical_name}"
        raise DefinitionError(message, where=where)


def _check_condition(entity: EntityDefinition, condition: Condition, where: str) -> None:
    """Everybody who moves records learns by it; and it is asked whoever moves them."""
    attribute = entity.attributes[condition.attribute]
    name = attribute.logical_name
    if attribute.sealed or attribute.secured:
        message = f"{name} is sealed or secured: the stage would tell of it"
        raise DefinitionError(message, where=where)
    if attribute.is_volatile:
        message = f"{name} hangs on the day: nothing is found by it"
        raise DefinitionError(message, where=where)
    if condition.operator in OF_CALLER:
        message = f"{condition.operator} asks who moves the record: that is for 'roles'"
        raise DefinitionError(message, where=where)
    check_operator(attribute, condition, where)
    check_condition(entity, condition, where)

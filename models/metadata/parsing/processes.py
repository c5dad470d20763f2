"""Business process flows from what was stated."""

from models.metadata.errors import DefinitionError
from models.metadata.parsing.queries import parse_filter
from models.metadata.parsing.stated import Stated
from models.metadata.processes import ProcessDefinition, StageDefinition
from models.metadata.query import MOST_DAYS


def parse_process(name: str, stated: Stated) -> ProcessDefinition:
    stages = [_stage(item) for item in stated.items("stages")]
    process = ProcessDefinition(
        name=name,
        entity=stated.text("entity"),
        display_name=stated.label("display_name"),
        attribute=stated.text("attribute"),
        since=stated.text("since", ""),
        stages={stage.value: stage for stage in stages},
    )
    stated.finish()
    if len(process.stages) < max(2, len(stages)):
        raise DefinitionError("a process has two stages or more, each once", where=stated.where)
    return process


def _stage(stated: Stated) -> StageDefinition:
    stage = StageDefinition(
        value=stated.integer("stage"),
        requires=stated.texts("requires"),
        entity=stated.text("entity", ""),
        lookup=stated.text("lookup", ""),
        filter=parse_filter(stated.value("filter", []), stated.where),
        due_days=stated.integer("due_days", 0, among=MOST_DAYS),
        roles=frozenset(stated.texts("roles")),
    )
    stated.finish()
    if bool(stage.entity) != bool(stage.lookup):
        raise DefinitionError("entity and lookup are stated together", where=stated.where)
    if stage.filter.parts and not stage.entity:
        message = "a filter is of another entity's records: state entity and lookup"
        raise DefinitionError(message, where=stated.where)
    return stage

"""What `due_days` of a process's stages stand for: a list of the records that wait longer than
their stage allows. A definition like others, written out here so that no solution has to.

What is stated wrongly it passes over: the process itself is refused for that, later.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from packager.activities import Component, Definition


def term_components(
    name: str, process: Definition, entities: Mapping[str, Definition]
) -> Iterator[Component]:
    """The view, where a stage has a term and the entity is the solution's own."""
    entity = entities.get(str(process.get("entity")), {})
    attribute, since = process.get("attribute"), process.get("since")
    late = [
        {
            "and": [
                {"attribute": attribute, "value": stage.get("stage")},
                {"attribute": since, "operator": "olderthan-x-days", "value": stage["due_days"]},
            ]
        }
        for stage in _stages(process)
        if stage.get("due_days")
    ]
    if not late or not since or not entity.get("primary_name"):
        return
    owner = ["ownerid"] if entity.get("ownership", "user") == "user" else []
    definition = {
        "entity": process["entity"],
        "display_name": {"ja": "段階の期限切れ", "en": "Overdue in their stage"},
        "columns": [entity["primary_name"], attribute, since, *owner, "statuscode"],
        "filter": [{"attribute": "statecode", "value": 0}, {"or": late}],
        "order": [f"{since} asc"],
    }
    yield "view", f"{name}_overdue", definition


def _stages(process: Definition) -> Iterator[Mapping[str, Any]]:
    stages = process.get("stages")
    for stage in stages if isinstance(stages, list) else ():
        if isinstance(stage, Mapping):
            yield stage

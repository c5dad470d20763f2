"""Options that say what may follow them: status reasons, stages, any choice (CDS's transitions).

It knows only a record's present value and the one to come; a new record may have any.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import Problem
from models.records.store import StoredRow


def problems_of_changes(
    entity: EntityDefinition, changes: Sequence[tuple[StoredRow, Mapping[str, Any]]]
) -> Iterator[Problem]:
    for attribute in entity.guided_attributes:
        name = attribute.logical_name
        for position, (row, values) in enumerate(changes):
            if name in values and not may_follow(attribute, row.values[name], values[name]):
                yield _problem(attribute, values[name], position)


def may_follow(attribute: AttributeDefinition, present: Any, wanted: Any) -> bool:
    """Whether a record that has the one may get the other; one without any may get every one."""
    options = attribute.options
    if options is None or present is None or present == wanted:
        return True
    return wanted in {option.value for option in options.followers(present)}


def _problem(attribute: AttributeDefinition, wanted: Any, position: int) -> Problem:
    option = attribute.options.option(wanted) if attribute.options else None
    if option is None:
        return Problem(attribute.logical_name, "choose", attribute.display_name, record=position)
    told: dict[str, object] = {"option": option.label}
    label, name = attribute.display_name, attribute.logical_name
    return Problem(name, "does_not_follow", label, told, position)

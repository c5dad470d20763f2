"""A picture comes with words that say what is on it: for whoever cannot see it.

It looks at values, never into them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.metadata.errors import Problem
from models.records.store import StoredRow

Values = Mapping[str, Any]


def problems_of_new(entity: EntityDefinition, batch: Sequence[Values]) -> Iterator[Problem]:
    for position, values in enumerate(batch):
        yield from _problems(entity, values, position)


def problems_of_changes(
    entity: EntityDefinition, changes: Sequence[tuple[StoredRow, Values]]
) -> Iterator[Problem]:
    for position, (row, values) in enumerate(changes):
        touched = [one for one in _images(entity) if {one.logical_name, one.alt} & values.keys()]
        if touched:
            yield from _problems(entity, row.values | dict(values), position)


def _problems(entity: EntityDefinition, values: Values, position: int) -> Iterator[Problem]:
    for image in _images(entity):
        if values[image.logical_name] is not None and values[image.alt] is None:
            label = entity.attributes[image.alt].display_name
            yield Problem(image.alt, "picture_needs_text", label, record=position)


def _images(entity: EntityDefinition) -> tuple[AttributeDefinition, ...]:
    return entity.by_type.get("Image", ())

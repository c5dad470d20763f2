"""The columns of an answer: which physical ones stand behind what was asked for, and where.

It knows definitions and tables; whether the caller may read what was asked for was decided before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from models.metadata.definitions import AttributeDefinition, EntityDefinition
from models.records.derived.volatile import Reckoned, reckoned


@dataclass(frozen=True, slots=True)
class SelectedColumn:
    """One column of the answer: `key` in the record, from which entity, at which position."""

    key: str
    entity: EntityDefinition
    attribute: AttributeDefinition
    position: int
    id_position: int
    """Where the id of the record it belongs to stands: sealed values are bound to it."""
    reckoned: Reckoned | None = None
    """Of an attribute without a column: how it comes of those from `position` on."""

    @property
    def sources(self) -> range:
        """The positions of what it is reckoned from."""
        count = len(self.reckoned.sources) if self.reckoned else 0
        return range(self.position, self.position + count)


def columns_of(
    entity: EntityDefinition,
    table: Any,
    names: Iterable[str],
    physical: list[ColumnElement[Any]],
    *,
    prefix: str,
) -> Iterator[SelectedColumn]:
    """Appends the physical columns behind the id that stands last, and says where they went."""
    id_position = len(physical) - 1
    for name in names:
        attribute = entity.attributes[name]
        is_id = name == entity.primary_id
        if attribute.is_volatile:
            how = reckoned(entity, name)
            first = len(physical)
            physical += [table.c[one] for one in how.sources]
            yield SelectedColumn(prefix + name, entity, attribute, first, id_position, how)
            continue
        if not is_id:
            physical.append(table.c[name])
        position = id_position if is_id else len(physical) - 1
        yield SelectedColumn(prefix + name, entity, attribute, position, id_position)

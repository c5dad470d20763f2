"""What callers hand to the record service: changes and deletions, with the version they knew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

Values = Mapping[str, object]
"""Logical names to typed values or texts; `id` may name the new record's id."""


@dataclass(frozen=True, slots=True)
class Change:
    """New values of one record; `version` None overwrites whatever version there is."""

    id: UUID
    values: Values = field(repr=False)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Deletion:
    id: UUID
    version: int | None = None

"""What happens around an operation, handed in by the composition root.

The record service calls the steps without knowing what they do: a mail in the outbox, a check.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from models.metadata.definitions import EntityDefinition
from models.security.caller import Caller

if TYPE_CHECKING:
    from models.records.service import RecordService


class Message(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """One record of an operation; `values` are typed and in clear: never log them."""

    id: UUID
    key_id: int | None
    values: Mapping[str, object]
    before: Mapping[str, object] | None = None
    """For update and delete: the unsealed attributes as they were."""

    def __repr__(self) -> str:
        return f"RecordChange({self.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A message on a batch of records, within its transaction."""

    message: Message
    caller: Caller
    entity: EntityDefinition
    records: tuple[RecordChange, ...]
    service: "RecordService"

    @property
    def touched(self) -> Iterator[tuple[UUID, list[str]]]:
        """Of each record the names of the attributes that were given a value, or changed."""
        for change in self.records:
            names = (n for n, v in change.values.items() if v is not None or change.before)
            yield change.id, list(names)


Step = Callable[[Operation], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """Called in order; a step that raises ends the operation, and nothing is written."""

    pre_operation: tuple[Step, ...] = ()
    post_operation: tuple[Step, ...] = ()

    def before(self, operation: Operation) -> None:
        for step in self.pre_operation:
            step(operation)

    def after(self, operation: Operation) -> None:
        for step in self.post_operation:
            step(operation)

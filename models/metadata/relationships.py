"""Relationships as data: records that point to records, and records joined in pairs."""

from dataclasses import dataclass
from enum import StrEnum


class DeleteBehaviour(StrEnum):
    RESTRICT = "restrict"
    REMOVE_LINK = "remove_link"
    CASCADE = "cascade"


@dataclass(frozen=True, slots=True)
class OneToMany:
    """`referencing.lookup` points to `referenced`; what deleting `referenced` does."""

    name: str
    referenced: str
    referencing: str
    lookup: str
    on_delete: DeleteBehaviour = DeleteBehaviour.REMOVE_LINK

    @property
    def is_parental(self) -> bool:
        """Whether what points belongs to what it points to: it is deleted, assigned and shared
        with it, and a contract that keeps the one from somebody keeps the other."""
        return self.on_delete is DeleteBehaviour.CASCADE


@dataclass(frozen=True, slots=True)
class ManyToMany:
    name: str
    first: str
    second: str

"""Business process flows as data: the stages of a record, and what each asks before the next.

The stages are the options of a Picklist of the entity, in its order. What may follow which, also
by branches, its options say (`next`); here stands what must be there first, and who may move it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.metadata.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDefinition:
    value: int
    requires: tuple[str, ...] = ()
    """Attributes that must have a value before a record goes on from here; not to go back."""
    entity: str = ""
    """Whose they are, where they are not the process's own entity's: of a record that points to
    the one in process by `lookup`. One of them must have them all."""
    lookup: str = ""
    roles: frozenset[str] = frozenset()
    """Who may move a record from here, back or on; none stated: whoever may change it."""

    def is_left_by(self, roles: frozenset[str]) -> bool:
        """Whether somebody of these roles may move a record from here."""
        return not self.roles or bool(self.roles & roles)


@dataclass(frozen=True, kw_only=True)
class ProcessDefinition:
    name: str
    entity: str
    display_name: Label
    attribute: str
    """The Picklist that says which stage a record is in."""
    since: str = ""
    """The DateTime that says since when, if one does."""
    stages: Mapping[int, StageDefinition] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return next(iter(self.stages))

    @cached_property
    def order(self) -> Mapping[int, int]:
        """Of each stage its place."""
        return {value: place for place, value in enumerate(self.stages)}

    def goes_on(self, before: int, after: object) -> bool:
        """Whether that is forward."""
        return isinstance(after, int) and self.order.get(after, -1) > self.order[before]

"""Business process flows as data: the stages of a record, and what each asks before the next.

The stages are the options of a Picklist of the entity, in its order. What may follow which, also
by branches, its options say (`next`); here stands what must be there first, and who may move it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from models.metadata.labels import Label
from models.metadata.query import Condition, Filter, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDefinition:
    value: int
    requires: tuple[str, ...] = ()
    """Attributes that must have a value before a record goes on from here; not to go back."""
    entity: str = ""
    """Whose they are, where they are not the process's own entity's: of a record that points to
    the one in process by `lookup`. One of them must have them all."""
    lookup: str = ""
    filter: Filter = Filter()
    """Which of theirs count."""
    due_days: int = 0
    """How many days a record may wait here, the day it came not among them; 0: for any time."""
    roles: frozenset[str] = frozenset()
    """Who may move a record from here, back or on; none stated: whoever may change it."""

    @property
    def asks(self) -> Filter:
        """What one record of the other entity must meet."""
        present = (Condition(name, Operator.NOT_NULL) for name in self.requires)
        return Filter((*present, self.filter))

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

    @cached_property
    def has_terms(self) -> bool:
        """Whether a record may wait in one of its stages for so long and no longer."""
        return any(stage.due_days for stage in self.stages.values())

    def overdue(self, *, by: int = 0) -> Filter:
        """Active records that wait in their stage for longer than it allows, by more than `by`
        days; by -1 also those whose last day is today."""
        late = tuple(
            Filter(
                (
                    Condition(self.attribute, Operator.EQUAL, stage.value),
                    Condition(self.since, Operator.OLDER_THAN_DAYS, stage.due_days + by),
                )
            )
            for stage in self.stages.values()
            if stage.due_days
        )
        return Filter((Condition("statecode", Operator.EQUAL, 0), Filter(late, "or")))

    def days_left(self, stage: int, since: date, *, today: date) -> int | None:
        """How many days are left in the stage; fewer than none where it is overdue, None where
        a record may wait for any time."""
        found = self.stages.get(stage)
        if found is None or not found.due_days:
            return None
        return found.due_days - (today - since).days

    def goes_on(self, before: int, after: object) -> bool:
        """Whether that is forward."""
        return isinstance(after, int) and self.order.get(after, -1) > self.order[before]

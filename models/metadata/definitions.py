"""What entities, attributes and their companions are: frozen values, made by `parsing`.

They know nothing of YAML, of SQL or of who may see them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from models.metadata.formulas.tree import Formula
from models.metadata.labels import Label
from models.metadata.rollups import Rollup

ACTIVITY = "_activity"
"""What the name of an entity of activities ends with."""
SEQUENCE = "{SEQNUM:"
"""What the format of an AutoNumber holds whose numbers follow each other."""
SYSTEM_ATTRIBUTES_OF_OWNERS = ("ownerid", "owningbusinessunit")


class Ownership(StrEnum):
    USER = "user"
    ORGANIZATION = "organization"


class RequiredLevel(StrEnum):
    """CDS's own: the service enforces APPLICATION and SYSTEM, a form shows RECOMMENDED."""

    NONE = "none"
    RECOMMENDED = "recommended"
    APPLICATION = "application"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Option:
    value: int
    label: Label
    state: int | None = None
    """For a status reason: the state it belongs to."""
    next: tuple[int, ...] | None = None
    """The options that a record may change to from this one; None: to any."""
    roles: frozenset[str] = frozenset()
    """For a status reason: who may give it; none stated: whoever may change the record."""
    approval: bool = False
    """For a status reason: given by another person than who made the record, wrote in it since
    its last approval or changed it last, to what stands in it then; nothing else of the record
    changes while it has it."""

    def is_given_by(self, roles: frozenset[str]) -> bool:
        """Whether somebody of these roles may give it to a record."""
        return not self.roles or bool(self.roles & roles)


@dataclass(frozen=True, slots=True)
class OptionSet:
    name: str
    options: tuple[Option, ...]
    is_global: bool = False

    def option(self, value: int) -> Option | None:
        return next((option for option in self.options if option.value == value), None)

    @property
    def guides(self) -> bool:
        return any(option.next is not None for option in self.options)

    def followers(self, present: int) -> tuple[Option, ...]:
        """What a record with this option may have next, the present one among them."""
        option = self.option(present)
        allowed = option.next if option is not None else None
        return tuple(o for o in self.options if allowed is None or o.value in (present, *allowed))


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeDefinition:
    """One attribute. `personal` implies sealed, secured and, by its format, indexed."""

    number: int
    logical_name: str
    schema_name: str
    type: str
    display_name: Label
    description: Label = Label("")
    format: str = ""
    required: RequiredLevel = RequiredLevel.NONE
    max_length: int = 100
    minimum: float | None = None
    maximum: float | None = None
    precision: int = 2
    default: object = None
    options: OptionSet | None = None
    targets: tuple[str, ...] = ()
    behaviour: Literal["user_local", "utc", "date_only"] = "user_local"
    number_format: str = ""
    alt: str = ""
    """Of an Image: the String that says in words what is on it."""
    seed: int = 1
    """The first of an AutoNumber's sequence."""
    calculated: Formula | None = None
    rollup: Rollup | None = None
    personal: bool = False
    sealed: bool = False
    secured: bool = False
    index: Literal["", "email", "phone", "text"] = ""
    masking: str = ""
    is_system: bool = False
    is_read_only: bool = False
    """Set by the platform, never by a caller."""
    valid_for_update: bool = True
    """Whether it may change once the record is there; evidence may not."""
    is_volatile: bool = False
    """Calculated with the present day: without a column, reckoned when it is read, never asked."""

    @property
    def may_be_personal(self) -> bool:
        """Whether it is kept like personal data: what is sealed may hold texts about people."""
        return self.personal or self.sealed

    @property
    def is_derived(self) -> bool:
        """Whether the value follows from others: nobody enters it."""
        return self.calculated is not None or self.rollup is not None

    @property
    def is_required(self) -> bool:
        """Whether the record service insists on a value."""
        return self.required in (RequiredLevel.APPLICATION, RequiredLevel.SYSTEM)


@dataclass(frozen=True, slots=True)
class Answered:
    """The attributes of the first answer: when it was given, and after how many hours."""

    at: str
    hours: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.at, self.hours) if name)


@dataclass(frozen=True, slots=True)
class AlternateKey:
    name: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EntityDefinition:
    number: int
    logical_name: str
    schema_name: str
    entity_set_name: str
    display_name: Label
    display_collection_name: Label
    description: Label = Label("")
    ownership: Ownership = Ownership.USER
    primary_name: str = ""
    attributes: Mapping[str, AttributeDefinition] = field(default_factory=dict)
    keys: tuple[AlternateKey, ...] = ()
    key_bucket: Literal["month", "record"] = "month"
    classification: int = 2
    """How confidential the records are (自治体機密性): 1, 2, or 3, the most."""
    has_activities: bool = False
    """Whether notes, calls, mails, appointments and tasks are kept about its records."""
    calculations: tuple[str, ...] = ()
    """The calculated attributes, each after those that it follows from."""
    answered: Answered | None = None
    """Where the platform keeps when a record was answered first; None where it does not."""
    has_queue: bool = False
    """Whether records that a team owns wait there for somebody of the team."""

    @property
    def activity_entity(self) -> str:
        """The entity of what is kept about the records; "" where nothing is."""
        return f"{self.logical_name}{ACTIVITY}" if self.has_activities else ""

    @property
    def primary_id(self) -> str:
        return f"{self.logical_name}id"

    @cached_property
    def sealed_attributes(self) -> tuple[AttributeDefinition, ...]:
        return tuple(a for a in self.attributes.values() if a.sealed)

    @cached_property
    def required_attributes(self) -> tuple[AttributeDefinition, ...]:
        return tuple(a for a in self.attributes.values() if a.is_required)

    @cached_property
    def stored_calculations(self) -> tuple[AttributeDefinition, ...]:
        """Those with a column, in the order in which they are reckoned."""
        found = (self.attributes[name] for name in self.calculations)
        return tuple(a for a in found if not a.is_volatile)

    @cached_property
    def rollups(self) -> tuple[AttributeDefinition, ...]:
        return tuple(a for a in self.attributes.values() if a.rollup is not None)

    @cached_property
    def without_column(self) -> tuple[str, ...]:
        """What the entity's own table has no column for by that name."""
        volatile = (a.logical_name for a in self.attributes.values() if a.is_volatile)
        return (self.primary_id, *volatile)

    @cached_property
    def has_derived(self) -> bool:
        """Whether a new record needs more than what was entered."""
        return bool(self.stored_calculations or self.rollups)

    @cached_property
    def following_rollups(self) -> frozenset[str]:
        """The rollups, and what is calculated with them."""
        found = {attribute.logical_name for attribute in self.rollups}
        for name in self.calculations:
            formula = self.attributes[name].calculated
            if formula is not None and found.intersection(formula.names):
                found.add(name)
        return frozenset(found)

    @cached_property
    def numbered_attributes(self) -> tuple[AttributeDefinition, ...]:
        """Those that get the next number of a sequence."""
        numbers = self.by_type.get("AutoNumber", ())
        return tuple(a for a in numbers if SEQUENCE in a.number_format)

    @cached_property
    def guided_attributes(self) -> tuple[AttributeDefinition, ...]:
        """Those of which an option says what may follow it."""
        return tuple(a for a in self.attributes.values() if a.options and a.options.guides)

    @cached_property
    def indexed_attributes(self) -> tuple[AttributeDefinition, ...]:
        return tuple(a for a in self.sealed_attributes if a.index)

    @cached_property
    def by_type(self) -> Mapping[str, tuple[AttributeDefinition, ...]]:
        found: dict[str, tuple[AttributeDefinition, ...]] = {}
        for attribute in self.attributes.values():
            found[attribute.type] = (*found.get(attribute.type, ()), attribute)
        return found

    @property
    def is_user_owned(self) -> bool:
        return self.ownership is Ownership.USER

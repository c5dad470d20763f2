"""Business rules as data: what a record must be like when its values say so, and what a form does.

A rule asks a condition of one record's own values; `rule_effects` says what follows from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from models.metadata.labels import Label
from models.metadata.query import Filter


class Does(StrEnum):
    SET = "set"
    """Give the attribute the value; without one, make it empty."""
    REQUIRE = "require"
    SHOW = "show"
    """Of forms: the control is there only while the rule says so."""
    HIDE = "hide"
    LOCK = "lock"
    """Of a record that is there: it cannot be changed."""
    ERROR = "error"
    RECOMMEND = "recommend"
    """Of forms: a value that the person is advised to choose, and may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    does: Does
    attribute: str
    value: object = None
    message: Label = Label("")


@dataclass(frozen=True, kw_only=True)
class BusinessRule:
    name: str
    entity: str
    display_name: Label
    when: Filter
    then: tuple[Action, ...] = ()
    otherwise: tuple[Action, ...] = ()
    """What follows while the condition does not hold."""

    @property
    def actions(self) -> tuple[Action, ...]:
        return (*self.then, *self.otherwise)

    @property
    def asks(self) -> frozenset[str]:
        """The attributes of the condition."""
        return frozenset(condition.attribute for condition in self.when.conditions)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset(one.attribute for one in self.actions if one.does is Does.SET)


@dataclass(frozen=True)
class RuleBook:
    """The rules of one entity, each after those that set what it asks."""

    rules: tuple[BusinessRule, ...] = ()

    @cached_property
    def shown(self) -> frozenset[str]:
        """The attributes whose control is there only while a rule says so."""
        return self.named(Does.SHOW)

    def named(self, *does: Does) -> frozenset[str]:
        """The attributes to which any rule may do that."""
        actions = [action for rule in self.rules for action in rule.actions]
        return frozenset(one.attribute for one in actions if one.does in does)


NO_RULES = RuleBook()

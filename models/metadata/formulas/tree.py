"""What a formula is once it was read: a small tree of constants, names and calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property


class FormulaError(Exception):
    """A formula that cannot be read, or whose parts do not fit; the message says what."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Named:
    """The value of an attribute of the record."""

    attribute: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator by its sign; "negative" is the minus of one number."""

    function: str
    arguments: "tuple[Node, ...]"


Node = Constant | Named | Call
ON_THE_DAY = frozenset({"today"})
"""Functions whose value is another one tomorrow."""


@dataclass(frozen=True)
class Formula:
    """A formula as it was stated, and what was read of it."""

    text: str
    root: Node

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The attributes that it names, each once, in order."""
        found = (node.attribute for node in _nodes(self.root) if isinstance(node, Named))
        return tuple(dict.fromkeys(found))

    @cached_property
    def asks_the_day(self) -> bool:
        calls = (node.function for node in _nodes(self.root) if isinstance(node, Call))
        return not ON_THE_DAY.isdisjoint(calls)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Call):
        for one in node.arguments:
            yield from _nodes(one)

"""A store of drawn things that never settles: what is costly to draw is drawn ahead and used
for a while, then drawn anew. It does not know what the things are.
"""

from collections.abc import Callable
from random import SystemRandom
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
chance = SystemRandom()  # The system's own: nothing to seed, and not copied when workers fork.


class Bank(Generic[Thing]):
    """Up to `size` things, each replaced after `uses` uses on average.

    Filled as it is used, so a process starts at once. Safe between threads: the worst that a
    race does is draw a thing twice.
    """

    def __init__(self, draw: Callable[[], Thing], *, size: int, uses: int) -> None:
        self._draw = draw
        self._uses = uses
        self._things: list[Thing | None] = [None] * size

    def take(self) -> Thing:
        place = chance.randrange(len(self._things))
        thing = self._things[place]
        if thing is None or chance.randrange(self._uses) == 0:
            thing = self._things[place] = self._draw()
        return thing

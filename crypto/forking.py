"""What must not be shared after a fork: database connections, and keys kept in reserve.

A worker forked from a parent that had already kept a reserve of record keys would hand out the
same keys as its siblings; two records would share a key, and erasing one would erase the other.
"""

import os
from typing import Protocol
from weakref import WeakSet


class ForkAware(Protocol):
    def after_fork(self) -> None:
        """Drop, in the child, whatever only the parent may go on using."""


_watched: "WeakSet[ForkAware]" = WeakSet()


def watch(subject: ForkAware) -> None:
    """Have `subject.after_fork()` called in every child process forked while it lives."""
    _watched.add(subject)


def _renew() -> None:
    for subject in list(_watched):
        subject.after_fork()


os.register_at_fork(after_in_child=_renew)

"""The queue before SQLite's single write lock, for all threads and processes of one machine.

SQLite has those who find its lock taken sleep and try again, up to a tenth of a second at a time;
the lock lies idle meanwhile, and who comes last may be served first. Here they wait for a file
lock instead, which the kernel hands over at once, and drops when its holder dies. SQLite's own
lock is taken as well: the gate makes waiting short, not writing safe.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteGate:
    """Entered before a write transaction begins, left when it has ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._inside: int | None = None
        self._file: int | None = None
        self._process = 0

    def enter(self) -> None:
        """Wait for one's turn. RuntimeError for a thread that is inside already: it would wait
        for itself."""
        if self._inside == threading.get_ident():
            raise RuntimeError("a write transaction was begun within another one")
        self._lock.acquire()
        try:
            fcntl.flock(self._descriptor(), fcntl.LOCK_EX)
        except BaseException:
            self._lock.release()
            raise
        self._inside = threading.get_ident()

    def leave(self) -> None:
        self._inside = None
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._lock.release()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Inside for the length of a block."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def _descriptor(self) -> int:
        """Opened by each process for itself: a forked child would share its parent's lock."""
        if self._file is None or self._process != os.getpid():
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._process = os.getpid()
        return self._file

"""Child processes that live and end together: none outlives the others, or the parent.

Each is the leader of a process group of its own, so that a Ctrl-C reaches the parent alone, which
then ends them in order, and so that what a child started itself is ended with it.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType, TracebackType
from typing import Self

PATIENCE = 15.0
"""Seconds for a child to end by itself; a worker may be in the middle of a job."""
GLANCE = 0.2


class Children:
    """A context: on its way out every child has ended, politely or not."""

    def __init__(self, environ: Mapping[str, str], *, patience: float = PATIENCE) -> None:
        self._environ = dict(environ)
        self._patience = patience
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._parent = os.getppid()
        self._signal = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)

    def start(self, name: str, command: Sequence[str]) -> None:
        process = subprocess.Popen(  # nosec B603  # noqa: S603 - commands of ours
            [*_tied_to_parent(), *command], env=self._environ, process_group=0
        )
        self._processes[name] = process

    @property
    def must_stop(self) -> bool:
        """Whether someone asked for the end, or left: a signal, a dead child, a dead parent."""
        return bool(self._signal) or bool(self.fallen) or os.getppid() != self._parent

    @property
    def fallen(self) -> dict[str, int]:
        """The children that ended, with their exit status."""
        found = {name: process.poll() for name, process in self._processes.items()}
        return {name: status for name, status in found.items() if status is not None}

    def wait(self) -> int:
        """Wait for the end of it all: 0 if someone asked for it, 1 if a child fell."""
        while not self.must_stop:
            time.sleep(GLANCE)
        for name, status in self.fallen.items():
            print(f"{name} ended with status {status}; stopping the rest.", file=sys.stderr)
        return 1 if self.fallen and not self._signal else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + self._patience
        while len(self.fallen) < len(self._processes) and time.monotonic() < deadline:
            time.sleep(GLANCE)
        self._signal_all(signal.SIGKILL)
        for process in self._processes.values():
            process.wait()

    def _signal_all(self, number: signal.Signals) -> None:
        """Signal the children; SIGKILL goes to whole groups, to what fallen ones left too."""
        for process in self._processes.values():
            try:
                if number == signal.SIGKILL:
                    os.killpg(process.pid, number)
                else:
                    process.send_signal(number)
            except ProcessLookupError:
                continue

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._signal = number


def _tied_to_parent() -> list[str]:
    """A prefix that has Linux end a child whose parent was killed without a chance to do so."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []

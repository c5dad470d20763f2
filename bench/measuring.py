"""Figures: how fast, how often, how much memory; and the table they are printed in."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MISSED = "MISSED"


@dataclass
class Latencies:
    """Seconds of single calls."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    def of(self, share: float) -> float:
        """The latency that `share` of the calls stayed below, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    @property
    def spread(self) -> str:
        return f"p50 {self.of(0.5):.1f} ms, p99 {self.of(0.99):.1f} ms"


def timed(work: Callable[[int], object], numbers: Iterable[int]) -> Latencies:
    """Call `work` with each number, one after the other."""
    found = Latencies()
    for number in numbers:
        started = time.perf_counter()
        work(number)
        found.seconds.append(time.perf_counter() - started)
    return found


def by_turns(ours: Iterator[bytes], other: Iterator[bytes]) -> tuple[tuple[float, float], int]:
    """Two streams, a chunk of each in turn, so that whatever else the machine does slows both.

    The seconds each took to its end, and the bytes of the first.
    """
    seconds, size = [0.0, 0.0], 0
    streams = {0: ours, 1: other}
    while streams:
        for number, stream in list(streams.items()):
            started = time.perf_counter()
            chunk = next(stream, None)
            seconds[number] += time.perf_counter() - started
            if chunk is None:
                del streams[number]
            elif number == 0:
                size += len(chunk)
    return (seconds[0], seconds[1]), size


def peak_megabytes(pids: Iterable[int]) -> float:
    """The largest resident set any of the processes ever had (VmHWM)."""
    return max(_status(pid, "VmHWM") for pid in pids) / 1024


def forget_peaks(pids: Iterable[int]) -> None:
    """Let the processes' peaks begin anew from what they hold now."""
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def children_of(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


class Table:
    """One table for all figures; printed line by line, as they come."""

    WIDTHS = (40, 32, 46, 36)

    def __init__(self) -> None:
        self.lines: list[Sequence[str]] = []

    def section(self, title: str) -> None:
        print(f"\n{title}", flush=True)
        self.lines.append((title,))

    def add(self, what: str, measured: str, beside: str = "", aim: str = "") -> None:
        cells = (what, measured, beside, aim)
        self.lines.append(cells)
        widths = zip(cells, self.WIDTHS, strict=True)
        print("  " + "  ".join(cell.ljust(width) for cell, width in widths).rstrip(), flush=True)

    @property
    def has_missed(self) -> bool:
        return any(MISSED in cell for line in self.lines for cell in line)


def verdict(aim: str, *, reached: bool) -> str:
    return f"{'reached' if reached else MISSED}: {aim}"

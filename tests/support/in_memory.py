"""A folder for all that a run of the tests writes, in memory where there is room: they commit some
ten thousand times, and a disk takes milliseconds for each. What `kill -9` may lose is the same.
"""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 6 * 1024**3
"""Bytes that have to be free: a run leaves about one gigabyte."""
PREFIX = "uketsuke-tests-"


def folder() -> Path | None:
    """This process's own; None where there is no room. What dead runs left goes."""
    if not os.access(MEMORY, os.W_OK):
        return None
    for left in MEMORY.glob(f"{PREFIX}*"):
        if not Path(f"/proc/{left.name.removeprefix(PREFIX)}").exists():
            shutil.rmtree(left, ignore_errors=True)
    has_room = shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY / f"{PREFIX}{os.getpid()}" if has_room else None

"""Files that hold a key: made for their owner alone, and refused where others may read them.

Knows neither what a key is for nor which variable names its file.
"""

import os
import stat
from pathlib import Path

KEY_BYTES = 32
MADE = "“flask setup” makes it"
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def create(path: Path) -> None:
    """Make a file of 32 random bytes in hexadecimal, 0400; FileExistsError if one is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(KEY_BYTES).hex().encode())


def problem(path: Path, *, least: int = KEY_BYTES, advice: str = MADE) -> str:
    """Why this file cannot be used, as the end of a sentence; empty if it can."""
    try:
        status = path.stat()
    except OSError as error:
        return f"names {path}, which cannot be read ({error.strerror}); {advice}"
    if not stat.S_ISREG(status.st_mode):
        return f"names {path}, which is not a file"
    if status.st_mode & OPEN_TO_OTHERS:
        mode = stat.S_IMODE(status.st_mode)
        return f"names {path}, which others may read (mode {mode:04o}); run “chmod 0400” on it"
    if status.st_size < least:
        return f"names {path}, which is too short to be a key"
    return ""

"""The second place: a file that is only appended to, and syslog where the settings name one.

It is as good as it is apart from the database: who can rewrite both can hide both. It knows lines,
not what they say.
"""

import fcntl
import logging
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import SysLogHandler
from pathlib import Path

from config.addresses import SyslogAddress

MESSAGE_ID = "audit-checkpoint"
TAIL = 8192
"""Longer than any line: where the last one is looked for."""


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """None at all where there is no file, as in tests that need none."""

    file: Path | None = None
    syslog: SyslogAddress = None

    def append(self, make: Callable[[str], str]) -> str:
        """Write the line that `make` gives for the one before it ("" before the first).

        One at a time, of whatever process; on the disk before this returns. OSError where it
        cannot be written.
        """
        if self.file is None:
            raise OSError("there is no second place for the audit's checkpoints")
        descriptor = _opened(self.file)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before, torn = _last_line(self.file)
            line = make(before)
            os.write(descriptor, f"{torn}{line}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return line

    def tell(self, line: str) -> None:
        """To syslog, where there is one. OSError where it was not taken; UDP never tells."""
        if self.syslog is not None:
            _send(self.syslog, line)

    def lines(self) -> Iterator[str]:
        """All that were written; none where there is no file."""
        if self.file is not None and self.file.exists():
            yield from lines_of(self.file)


def lines_of(file: Path) -> Iterator[str]:
    """The lines of a file, whatever bytes they are made of."""
    with file.open(encoding="utf-8", errors="replace", newline="\n") as opened:
        for line in opened:
            if line.strip():
                yield line.rstrip("\n")


def _opened(file: Path) -> int:
    """For appending, its owner's alone; the new name of a new file is on the disk as well."""
    is_new = not file.exists()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if is_new:
        directory = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    return descriptor


def _last_line(file: Path) -> tuple[str, str]:
    """The last whole line; and what ends one that a power cut left torn."""
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - TAIL))
        *whole, rest = opened.read().decode(errors="replace").split("\n")
    return (whole[-1] if whole else ""), ("\n" if rest else "")


class _Rfc5424(logging.Formatter):
    """The standard library's handler writes the priority; the rest of RFC 5424 is here."""

    def format(self, record: logging.LogRecord) -> str:
        on = datetime.fromtimestamp(record.created, UTC).isoformat()
        host = socket.gethostname() or "-"
        return f"1 {on} {host} uketsuke {os.getpid()} {MESSAGE_ID} - {record.getMessage()}"


class _Handler(SysLogHandler):
    """A line that syslog did not take is an error, not a note on a screen nobody sees."""

    def handleError(self, record: logging.LogRecord) -> None:
        raise


def _send(address: str | tuple[str, int], line: str) -> None:
    handler = _Handler(address=address, facility=SysLogHandler.LOG_SECURITY)
    try:
        handler.append_nul = handler.socktype == socket.SOCK_STREAM
        handler.setFormatter(_Rfc5424())
        record = logging.makeLogRecord({"msg": line, "levelno": logging.INFO, "levelname": "INFO"})
        handler.emit(record)
    finally:
        handler.close()

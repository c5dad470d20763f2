"""Real receivers of syslog: UDP, and Unix sockets of either kind; each message as it came."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 65536
Received = Callable[[], str]
"""Waits for the next message."""


@contextmanager
def udp() -> Iterator[tuple[tuple[str, int], Received]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(10)
        yield listening.getsockname(), lambda: listening.recv(LONGEST).decode()


@contextmanager
def unix_datagrams(path: Path) -> Iterator[tuple[str, Received]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(10)
        yield str(path), lambda: listening.recv(LONGEST).decode()


@contextmanager
def unix_stream(path: Path) -> Iterator[tuple[str, Received]]:
    """As some loggers listen: one connection after the other, messages ended by a NUL."""
    messages: list[str] = []
    came = threading.Semaphore(0)

    def listen() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                while data := connection.recv(LONGEST):
                    messages.append(data.decode())
                    came.release()

    def received() -> str:
        assert came.acquire(timeout=10)
        return messages.pop(0)

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(path))
        listening.listen()
        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        yield str(path), received
        listening.shutdown(socket.SHUT_RDWR)
    listener.join(10)

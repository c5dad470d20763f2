"""A web server as the service runs: gunicorn with two processes, and what memory they take."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import children_of

ROOT = Path(__file__).parents[1]
WORKERS, THREADS = 2, 4
PATIENCE = 30


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]

    @property
    def workers(self) -> list[int]:
        return children_of(self.process.pid)


@contextmanager
def serving(application: str, port: int, environ: Mapping[str, str]) -> Iterator[Server]:
    """The WSGI application on loopback, until the block ends."""
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS)),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ})
    try:
        _wait(port, process)
        yield Server(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(1)  # the second process, too
            return
    raise AssertionError("the server did not start")

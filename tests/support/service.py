"""The whole service as `make run` starts it: web, worker and set-up as real processes.

A test gives it a directory and, if it likes, a database, a mail server and more variables.
"""

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
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
CAPTCHA_CODE = "135790"
PATIENCE = 90
"""Seconds for a first start on a busy machine of two cores."""


@dataclass(frozen=True)
class Service:
    """A running service; `output` is all it printed, the demo's sign-ins among it."""

    base_url: str
    instance: Path
    environ: Mapping[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def flask(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a flask command in the service's environment; its output is captured."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT,
            env=dict(self.environ),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def stop(self) -> int:
        """Ask for the end as Ctrl-C does; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@contextmanager
def served(directory: Path, environ: Mapping[str, str] | None = None) -> Iterator[Service]:
    """A service on a free port whose instance lives in `directory`; stopped on the way out."""
    port = free_port()
    chosen = dict(os.environ) | {
        "UKETSUKE_ENV": "development",
        "UKETSUKE_INSTANCE_DIR": str(directory / "instance"),
        "UKETSUKE_CAPTCHA_FIXED_CODE": CAPTCHA_CODE,
        "UKETSUKE_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "INBOX_PORT": str(free_port()),
        **(environ or {}),
    }
    log = directory / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.development.supervisor"],
            cwd=ROOT,
            env=chosen,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    service = Service(
        base_url=chosen["UKETSUKE_BASE_URL"],
        instance=directory / "instance",
        environ=chosen,
        process=process,
        log=log,
    )
    try:
        _wait_until_it_answers(service)
        yield service
    finally:
        service.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_until_it_answers(service: Service) -> None:
    deadline = time.monotonic() + PATIENCE
    while "Ctrl-C" not in service.output:
        if service.process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the service did not start:\n{service.output}")
        time.sleep(0.1)
    urlopen(service.base_url, timeout=30).close()

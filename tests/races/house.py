"""A real server of several processes, and the same installation in this process to prepare and to
look behind: over whichever database."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from flask_security import hash_password
from sqlalchemy import func, select

from models.tables.base import Base
from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import PASSWORD, Office, create_users
from tests.public_views.citizens import COOKIE, Citizen
from tests.public_views.intake import Intake, build_intake
from tests.races.wire import Wire
from tests.support.service import ROOT, free_port

PROCESSES, THREADS = 2, 4
PATIENCE = 240
"""Seconds for a start on a machine that does much else."""


@dataclass(frozen=True)
class House:
    base_url: str
    intake: Intake
    office: Office

    def browsers(self, citizen: Citizen, number: int) -> list[Wire]:
        """The citizen's browser many times over, at the real server."""
        return [Wire(self.base_url, f"{COOKIE}={citizen.cookie}") for _ in range(number)]

    def desk(self, role: str) -> Desk:
        return sit_down(self.office, role)

    def windows(self, desk: Desk, number: int) -> list[Wire]:
        """One session of a member of staff, in many windows."""
        cookie = f"staff={self.office.sessions[desk.role]}"
        return [Wire(self.base_url, cookie) for _ in range(number)]

    def audited(self, action: str) -> int:
        """How many entries of that action the audit holds."""
        table: Any = Base.metadata.tables["audit"]
        statement = select(func.count()).select_from(table).where(table.c.action == action)
        with self.intake.engine.database.reading() as connection:
            return int(connection.scalar(statement) or 0)


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[House]:
    intake = build_intake(folder, database_url)
    with intake.app.app_context():
        hashed = hash_password(PASSWORD)
    users = create_users(intake.engine.database, hashed)
    office = Office(intake.app, intake.engine, users)
    with _served(folder, intake) as base_url:
        yield House(base_url, intake, office)
    intake.close()


@contextmanager
def _served(folder: Path, intake: Intake) -> Iterator[str]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "app:create_app()", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(PROCESSES), "--worker-class", "gthread", "--threads", str(THREADS)),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    environ = dict(os.environ) | intake.environ
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert "Error" not in log.read_text("utf-8")


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(address, timeout=PATIENCE).close()
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the server did not start:\n{log.read_text('utf-8')}")

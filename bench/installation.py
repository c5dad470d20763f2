"""A fresh installation in a folder of its own: Kobe's solution, an official, sample records."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from exchange.samples import sample_values
from extensions import engine
from models.metadata.query import Query
from models.records.engine import RecordEngine
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.principals import load_caller, owning
from models.tables.principals import SystemUser

ROOT = Path(__file__).parents[1]
SOLUTION = ROOT / "solutions" / "kobe_support"
ENTITY, VIEW, FORM = "kobe_application", "kobe_application_all", "kobe_application"
UNIT, ROLE = "運営事務局", "kobe_official"
OFFICIAL, MANAGER = "official@bench.example.jp", "manager@bench.example.jp"
PASSWORD = "受付の速さを測るための長い合言葉 2026"  # noqa: S105 - of an installation that is thrown away
CODE = "135790"
RECEIVED = 2
BATCH = 1000


@dataclass(frozen=True)
class Installation:
    """One instance; made once, then measured in process and through web workers."""

    folder: Path
    port: int
    key_bucket: str = "record"
    app: Flask = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._command("setup")
        self._command("solution", "import", str(self._solution()))
        for email, role in ((OFFICIAL, ROLE), (MANAGER, "kobe_manager")):
            person = ("--email", email, "--role", role, "--business-unit", UNIT)
            self._command("user", "create", *person, "--password-stdin", given=PASSWORD)
        object.__setattr__(self, "app", create_app(self.environ))

    @property
    def environ(self) -> dict[str, str]:
        return {
            "UKETSUKE_ENV": "testing",
            "UKETSUKE_INSTANCE_DIR": str(self.folder),
            "UKETSUKE_BASE_URL": f"http://127.0.0.1:{self.port}",
            "UKETSUKE_CAPTCHA_FIXED_CODE": CODE,
            "UKETSUKE_PROXY_HOPS": "1",
        }

    @cached_property
    def engine(self) -> RecordEngine:
        with self.app.app_context():
            return engine()

    @cached_property
    def official(self) -> Caller:
        return self.caller(OFFICIAL)

    def caller(self, email: str) -> Caller:
        with self.engine.database.reading() as connection:
            found = connection.scalar(select(SystemUser.id).where(SystemUser.email == email))
            caller = load_caller(connection, found)
        assert caller is not None
        return caller.for_purpose("to measure")

    @property
    def query(self) -> Query:
        return self.engine.catalog.views[VIEW].query

    def samples(self, count: int, *, seed: int) -> list[dict[str, Any]]:
        """Records of about 2 KB, received: each sends a mail, as one from the form does."""
        entity = self.engine.catalog.entity(ENTITY)
        return [
            {**values, "statuscode": RECEIVED}
            for values in sample_values(entity, count, seed=seed)
        ]

    def create(self, rows: Sequence[dict[str, Any]]) -> None:
        """By the one path, a thousand records a transaction."""
        with self.engine.database.reading() as connection:
            caller = owning(connection, Caller.system("measuring"), UNIT)
        for start in range(0, len(rows), BATCH):
            self.engine.run(partial(_create, caller=caller, rows=rows[start : start + BATCH]))

    def _solution(self) -> Path:
        """Kobe's, with keys as asked for, and an official who has nothing to pledge, and whose
        exports need no approval: what is measured are lists and exports, sealed values and all."""
        copy = self.folder.parent / f"{self.folder.name}-solution"
        shutil.copytree(SOLUTION, copy)
        _edit(copy / "entities" / f"{ENTITY}.yaml", "key_bucket: record", self.key_bucket_stated)
        _edit(copy / "roles.yaml", "[Reveal, Export,", "[Reveal, Export, ExportWithoutApproval,")
        owing = "must_pledge: true, training_months: 12"
        _edit(copy / "solution.yaml", owing, "must_pledge: false, training_months: 0")
        return copy

    @property
    def key_bucket_stated(self) -> str:
        return f"key_bucket: {self.key_bucket}"

    def _command(self, *words: str, given: str = "") -> None:
        environ = os.environ | self.environ
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        subprocess.run(
            command, cwd=ROOT, env=environ, input=given, text=True, check=True, capture_output=True
        )


def _edit(path: Path, stated: str, instead: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert stated in text
    path.write_text(text.replace(stated, instead), encoding="utf-8")


def _create(service: RecordService, *, caller: Caller, rows: Sequence[dict[str, Any]]) -> None:
    service.create_multiple(caller, ENTITY, rows)

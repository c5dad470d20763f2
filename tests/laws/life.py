"""A whole life of applications, through the real doors: form, mail, office, commands, erasure.

What it leaves behind is gathered at every stage; whether a personal value is in it is the tests'
to ask.
"""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import create_app
from extensions import ENGINE
from models.records.engine import RecordEngine
from models.tables.base import Base, utc_now
from models.tables.extracts import Extract
from models.tables.intake import FormSession
from tests.admin_views.office import let_all_work
from tests.jobs.applications import created_earlier
from tests.jobs.post import add_job, let_time_pass
from tests.laws.traces import Person, files_below, tables_of
from tests.support.post_office import PostOffice
from tests.support.service import CAPTCHA_CODE, ROOT, free_port

FORM, ENTITY = "/forms/kobe_application", "kobe_application"
NICKNAME = "公園を愛する花子"
PASSWORD = "ninety nine paper lanterns"
UNITS = {
    "kobe_operator": "運営事務局",
    "kobe_official": "企画調整局つなぐラボ",
    "kobe_manager": "企画調整局つなぐラボ",
}
TOKEN = re.compile(r'name="(?:form_token|csrf_token)"[^>]* value="([^"]+)"')
WITHDRAW = re.compile(r"/admin/extracts/([0-9a-f-]{36})/withdraw/")
LINK = re.compile(r"/confirm/[\w-]+")


class Life:
    """One installation, its citizens and its staff; `kept` is what lay about at each stage."""

    def __init__(self, instance: Path, database_url: str, post_office: PostOffice) -> None:
        self.instance, self.database_url, self.post_office = instance, database_url, post_office
        self.kept: dict[str, dict[str, bytes]] = {}
        self.printed: list[str] = []
        self.extracts: dict[str, UUID] = {}
        self.environ = {
            "UKETSUKE_ENV": "development",
            "UKETSUKE_INSTANCE_DIR": str(instance),
            "UKETSUKE_DATABASE_URL": database_url,
            "UKETSUKE_MAIL_SERVER": "127.0.0.1",
            "UKETSUKE_MAIL_PORT": str(post_office.port),
            "UKETSUKE_CAPTCHA_FIXED_CODE": CAPTCHA_CODE,
            "UKETSUKE_BASE_URL": "http://localhost",
        }
        self.flask("setup")
        self.app: Flask = create_app(self.environ)
        self.command("solution", "import", str(ROOT / "solutions" / "kobe_support"))
        self.engine: RecordEngine = self.app.extensions[ENGINE]
        for role, unit in UNITS.items():
            made = ("--email", f"{role}@city.example.jp", "--role", role, "--business-unit", unit)
            self.command("user", "create", *made, "--password-stdin", stdin=PASSWORD)
        let_all_work(self.engine.database)

    def flask(self, *arguments: str, status: int = 0, **changes: str) -> str:
        """A command as a process of its own."""
        temporary = self.instance / "temporary"
        temporary.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT,
            env=dict(os.environ) | self.environ | {"TMPDIR": str(temporary)} | changes,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        self.printed.append(done.stdout + done.stderr)
        assert done.returncode == status, self.printed[-1]
        return self.printed[-1]

    def command(self, *arguments: str, stdin: str = "", status: int = 0) -> str:
        """A command in this process."""
        result = self.app.test_cli_runner().invoke(args=arguments, input=stdin)
        self.printed.append(result.output)
        assert result.exit_code == status, result.output
        return result.output

    def note(self, stage: str) -> None:
        """Keep all bytes of this moment; the database's connections are still open."""
        self.kept[stage] = files_below(self.instance)
        if not self.database_url.startswith("sqlite"):
            self.kept[stage] |= tables_of(self.database_url)

    # What a citizen does.

    def enter(self, person: Person, **changes: str) -> FlaskClient:
        """Fill in the form, as far as the page to check the answers."""
        client = self.app.test_client()
        token = _token(client.get(FORM).text)
        earlier = update(FormSession).values(started_on=utc_now() - timedelta(minutes=1))
        self.engine.database.run(lambda transaction: transaction.write(earlier))
        answers = application(person) | {"form_token": token} | changes
        page = client.post(FORM, data=answers)
        if page.status_code == 303:
            assert person.local_part in client.get(f"{FORM}/check").text
        return client

    def send(self, client: FlaskClient) -> int:
        token = _token(client.get(f"{FORM}/check").text)
        return client.post(f"{FORM}/check", data={"form_token": token}).status_code

    def confirm(self, person: Person) -> None:
        """Press the button of the page that the mail's link opens."""
        mail = self.post_office.wait_for(lambda mail: person.email in mail.recipients)
        link = LINK.findall(mail.text)[0]
        client = self.app.test_client()
        assert client.get(link).status_code == 200
        assert client.post(link).status_code == 200

    # What the staff does, and the worker.

    def sign_in(self, email: str, password: str = PASSWORD) -> FlaskClient:
        client = self.app.test_client()
        form = {
            "email": email,
            "password": password,
            "csrf_token": _token(client.get("/login").text),
        }
        client.post("/login", data=form)
        return client

    def post(self, client: FlaskClient, path: str, page: str = "", **values: object) -> str:
        """Send a form of the back office; the page it answers with."""
        token = _token(client.get(page or f"/admin/t/{ENTITY}/").text)
        answer = client.post(path, data={"csrf_token": token, **values}, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def record_of(self, client: FlaskClient, person: Person) -> str:
        """The id of a person's record, by a search for the exact address."""
        values = {"attribute": "kobe_email", "value": person.email}
        found = self.post(client, f"/admin/t/{ENTITY}/search/", **values)
        return found.split("details/?id=")[1].split('"')[0]

    def work(self, later: timedelta = timedelta(0)) -> None:
        """Let time pass for the jobs, and do what is due."""
        let_time_pass(self.engine.database, later)
        self.command("worker", "--drain")

    def mail_server_is_down(self) -> None:
        self.flask("worker", "--drain", UKETSUKE_MAIL_PORT=str(free_port()))

    def extract(self, official: FlaskClient, manager: FlaskClient, **chosen: object) -> UUID:
        """Ask for an extract, have it approved and built; its id."""
        page = self.post(official, "/admin/export/request/", **chosen)
        extract_id = UUID(WITHDRAW.findall(page)[0])
        self.post(manager, f"/admin/extracts/{extract_id}/approve/")
        self.work()
        return extract_id

    def expire_extracts(self) -> None:
        """As if a day and an hour had gone by."""
        day = timedelta(hours=25)
        for extract in self.rows(Extract):
            if extract.ready_on is not None:
                older = update(Extract).where(Extract.id == extract.id)
                statement = older.values(ready_on=extract.ready_on - day)
                self.engine.database.run(lambda t, s=statement: t.write(s))
        add_job(self.engine.database, kind="expire_extracts")
        self.command("worker", "--drain")

    def rows(self, table: type[Base]) -> list[Any]:
        with self.engine.database.reading() as connection:
            return list(connection.execute(select(table.__table__)))

    def erase_unconfirmed(self) -> None:
        """As if 73 hours had gone by."""
        table = self.engine.catalog.tables.entities[ENTITY]
        with self.engine.database.reading() as connection:
            waiting = list(connection.scalars(select(table.c.id).where(table.c.statuscode == 1)))
        assert waiting
        created_earlier(self.engine, waiting, timedelta(hours=73))
        add_job(self.engine.database, kind="erase_unconfirmed")
        self.command("worker", "--drain")
        with self.engine.database.reading() as connection:
            assert not connection.scalars(select(table.c.id).where(table.c.statuscode == 1)).all()


def application(person: Person) -> dict[str, str]:
    return {
        "kobe_nickname": f"{NICKNAME} {person.pen_name}",
        "kobe_email": person.email,
        "kobe_phone": person.phone,
        "kobe_catchphrase": "公園を花でいっぱいに",
        "kobe_category": "927000005",
        "kobe_body": f"毎週土曜日に花の世話をします。{person.pen_name}" * 20,
        "privacy_confirmed": "1",
        "shown_purpose": "2026-04-01",
        "captcha": CAPTCHA_CODE,
    }


@contextmanager
def heard() -> Iterator[Callable[[], str]]:
    """Everything any part of this process logs, down to the last detail; but not what the tests'
    own mail server says, nor the event loop it runs in."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(pathname)s"))
    handler.addFilter(lambda record: not record.name.startswith(("mail.", "asyncio")))
    root, engine = logging.getLogger(), logging.getLogger("sqlalchemy.engine")
    before = root.level, engine.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    engine.setLevel(logging.INFO)
    try:
        yield said.getvalue
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        engine.setLevel(before[1])


def _token(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None, page[:2000]
    return unescape(found.group(1))

"""A city whose applicants follow their applications, and its people at their desks: the real
application, on either database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from forms.applicants.links import hashed
from jobs.applicants.acts import Own
from jobs.mail import Mail
from jobs.outbox import open_mail
from models.metadata.components import FormDefinition
from models.records.changes import Change
from models.records.engine import RecordEngine
from models.tables.applicants import SubjectRequest
from models.tables.record_data import SystemJob
from tests.admin_views.office import ENTITY, PASSWORD, Office, create_users
from tests.public_views.intake import READER, Intake, build_intake
from tests.public_views.reading import Page, read

STATUS_LINK = re.compile(r"http://localhost(/status/[\w-]+)")
ADDRESS_LINK = re.compile(r"http://localhost(/address/[\w-]+)")
NUMBERS = count(1)
RECEIVED, IN_PROGRESS, COMPLETED, WITHDRAWN = 2, 3, 4, 5


@dataclass(frozen=True)
class City(Office):
    intake: Intake = field(kw_only=True)

    @property
    def form(self) -> FormDefinition:
        return self.engine.catalog.forms[ENTITY]

    def mails_about(self, record: UUID) -> list[Mail]:
        """That wait, the oldest first."""
        statement = select(SystemJob.__table__).where(
            SystemJob.kind == "send_mail", SystemJob.record_id == record
        )
        with self.engine.database.reading() as connection:
            rows = connection.execute(statement.order_by(SystemJob.id)).all()
        return [open_mail(self.engine.keyring, row.id, row.payload) for row in rows if row.payload]

    def give(self, record: UUID, **values: object) -> None:
        """The platform changes it, past what holds an office up."""
        change = Change(record, values)
        self.engine.run(lambda s: s.update_multiple(READER, ENTITY, [change]))

    def requests(self, record: UUID) -> list[Any]:
        table = SubjectRequest.__table__
        statement = select(table).where(table.c.record_id == record).order_by(table.c.requested_on)
        with self.engine.database.reading() as connection:
            return list(connection.execute(statement))


@contextmanager
def city(folder: Path, url: str) -> Iterator[City]:
    running = build_intake(folder, url)
    with running.app.app_context():
        hashed_password = hash_password(PASSWORD)
    users = create_users(running.engine.database, hashed_password)
    yield City(running.app, running.engine, users, intake=running)
    running.close()


@dataclass
class Applicant:
    """One browser of somebody whose application was received; from an address of its own."""

    city: City
    record: UUID
    language: str = "ja"
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.city.app.test_client()
        self.client.set_cookie("lang", self.language)
        self.client.environ_base["REMOTE_ADDR"] = str(IPv4Address(0x0B000000 + next(NUMBERS)))

    @classmethod
    def of(cls, city: City, **values: object) -> "Applicant":
        number = next(NUMBERS)
        given = {"kobe_email": f"applicant{number}@example.jp", "kobe_language": "ja", **values}
        return cls(city, city.apply(**given))

    def link(self) -> str:
        """The path of the newest one in a mail."""
        mails = self.city.mails_about(self.record)
        found = [one for mail in mails for one in STATUS_LINK.findall(mail.body)]
        return str(found[-1])

    def enter(self) -> "Applicant":
        answer = self.client.post(self.link())
        assert (answer.status_code, answer.headers["Location"]) == (303, "/own")
        return self

    def page(self, path: str = "") -> Page:
        answer = self.client.get(f"/own{path}")
        assert answer.status_code == 200, answer.status
        return read(answer.text)

    def send(self, path: str, **values: object) -> TestResponse:
        """With what the page's forms hold, as a browser does."""
        held = self.page("" if path == "/end" else path).values
        return self.client.post(f"/own{path}", data={**held, **values})

    def correct(self, **values: object) -> TestResponse:
        """The form, the check, and sent."""
        checked = self.send("/correct", step="check", **values)
        if checked.status_code != 200:
            return checked
        return self.client.post("/own/correct", data={**read(checked.text).values, "step": "send"})

    def stored(self) -> dict[str, Any]:
        found = self.city.intake.record(self.record)
        assert found is not None
        return dict(found)

    @property
    def own(self) -> Own:
        return Own(self.city.form, self.record)


def said(answer: TestResponse) -> str:
    """Which notice the page says after it."""
    assert answer.status_code == 303, answer.status
    return str(answer.headers["Location"]).partition("said=")[2]


def age(engine: RecordEngine, table: Any, path: str, **moved: Any) -> None:
    """As if the token's row in the table were that old."""
    token = hashed(path.rpartition("/")[2])
    statement = update(table).where(table.token_hash == token).values(**moved)
    engine.database.run(lambda transaction: transaction.write(statement))

"""A citizen at the public form: opens pages, fills in, sends what the pages hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import IPv4Address
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from forms.sessions import FormSessions, Visit
from models.tables.intake import FormSession
from public_views.visits import captcha_code
from tests.public_views.intake import FORM, Intake
from tests.public_views.reading import Page, read

FORM_PATH = f"/forms/{FORM}"
COOKIE = f"form-{FORM}"
LINK = re.compile(r"http://localhost(/confirm/[\w-]+)")
TOKEN = re.compile(r'name="form_token" value="(\w+)"')
PURPOSE = re.compile(r'name="shown_purpose" value="([^"]*)"')
READING_TIME = timedelta(seconds=30)
ANSWERS = {
    "kobe_organizationname": "つなぐラボ",
    "kobe_nickname": "神戸 花子",
    "kobe_email": "hanako@example.jp",
    "kobe_phone": "078-331-8181",
    "kobe_websiteurl": "https://www.example.jp/花",
    "kobe_facebookurl": "",
    "kobe_twitteraccount": "@kobe_example",
    "kobe_catchphrase": "公園を花でいっぱいに",
    "kobe_category": "927000005",
    "kobe_body": "毎週土曜日に花の世話をします。\r\n雨の日は屋内で種を分けます。",
    "privacy_confirmed": "1",
}


NUMBERS = count(1)
"""Not by chance: Hypothesis begins its chances anew with every example."""


@dataclass
class Citizen:
    """One browser; each comes from an address of its own."""

    intake: Intake
    language: str = "ja"
    address: str = field(default_factory=lambda: str(IPv4Address(0x0A000000 + next(NUMBERS))))
    form_token: str = ""
    """As it stood in the page opened last."""
    shown_purpose: str = ""
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.intake.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = self.address
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = self.language

    def twin(self, intake: Intake | None = None) -> "Citizen":
        """The same browser with another connection, to send at the same time."""
        other = replace(self, intake=intake or self.intake)
        other.client.set_cookie(COOKIE, self.cookie)
        return other

    def get(self, path: str = "", **arguments: str) -> TestResponse:
        return self.client.get(FORM_PATH + path, query_string=arguments or None)

    def page(self, path: str = "", **arguments: str) -> Page:
        return read(self.get(path, **arguments).text)

    def begin(self) -> "Citizen":
        """Open the form and read it."""
        self.open().wait(READING_TIME)
        return self

    def open(self) -> "Citizen":
        opened = self.get()
        assert opened.status_code == 200
        self.form_token = TOKEN.findall(opened.text)[0]
        self.shown_purpose = PURPOSE.findall(opened.text)[0]
        return self

    def post(self, path: str = "", **values: object) -> TestResponse:
        """With what the page held hidden, unless something else is given."""
        return self.client.post(FORM_PATH + path, data={**self.hidden, **values})

    @property
    def hidden(self) -> dict[str, str]:
        """What the page opened last sends along unseen."""
        return {"form_token": self.form_token, "shown_purpose": self.shown_purpose}

    def enter(self, **changes: object) -> TestResponse:
        """Send a good form with these changes; None leaves a control out."""
        stated = {**ANSWERS, "captcha": self.code(), **changes}
        return self.post(**{name: value for name, value in stated.items() if value is not None})

    def refused(self, **changes: object) -> Page:
        """The page that says what is wrong with such a form."""
        response = self.enter(**changes)
        assert response.status_code == 422
        return read(response.text)

    def send(self) -> TestResponse:
        return self.post("/check")

    def apply(self, **changes: object) -> str:
        """From the first page to the mail; the path of the link in it."""
        self.begin()
        assert self.enter(**changes).status_code == 303
        assert self.send().headers["Location"].endswith("/sent")
        return link_in(self.intake)

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie(COOKIE)
        assert found is not None
        return found.value

    @property
    def sessions(self) -> FormSessions:
        return FormSessions(self.intake.engine.database, self.intake.engine.keyring)

    def visit(self) -> Visit:
        found = self.sessions.find(self.cookie, FORM)
        assert found is not None
        return found

    def record(self) -> Mapping[str, Any]:
        """What the submission of this visit made."""
        found = self.intake.record(self.visit().record_id)
        assert found is not None
        return found

    def code(self) -> str:
        """The six digits of the present image."""
        with self.intake.app.test_request_context():
            return captcha_code(self.visit())

    def wait(self, by: timedelta) -> None:
        """As if this visit, its image and its start were so much older."""
        visit = self.visit()
        statement = (
            update(FormSession)
            .where(FormSession.token_hash == visit.token_hash)
            .values(started_on=visit.started_on - by, captcha_since=visit.captcha_since - by)
        )
        self.intake.engine.database.run(lambda transaction: transaction.write(statement))


def link_in(intake: Intake) -> str:
    """The path of the newest confirmation link."""
    found = [LINK.search(mail.body) for mail in intake.mails()]
    return [one.group(1) for one in found if one is not None][-1]

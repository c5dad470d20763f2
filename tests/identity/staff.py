"""Members of staff with accounts of their own, and browsers without a screen at the door.

Accounts are made as the shell makes them; what the database holds of them can be read and aged.
"""

import json
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from flask_security.proxies import _security
from passlib.totp import TOTP
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from admin_views.identity import account_rights, accounts, step_up
from admin_views.identity.account_values import NewAccount
from admin_views.identity.credentials import Credentials
from admin_views.identity.second_factor import sealed_secret
from crypto.envelope import key_id_of
from jobs.letter_texts import NEW_DEVICE
from jobs.mail import Mail
from jobs.outbox import SEND_MAIL, open_mail
from models.records.engine import RecordEngine
from models.records.sealing import SESSION_PAYLOAD, open_payload, seal_payload
from models.security.caller import Caller
from models.security.principals import load_caller
from models.tables.base import new_id
from models.tables.principals import StaffSession, SystemUser
from models.tables.record_data import AuditEntry, SystemJob
from tests.admin_views.desk import TOKEN
from tests.admin_views.office import PASSWORD, PURPOSE, ROLES, ready

HIRING = Caller.system("tests")
ROLE = "kobe_operator"
SHORT_PASSWORD = "vq7-Zk2p"  # enough beside a second factor only
STEP = 30
COOKIE = "staff"
CHANGE, PLEDGE = "/account/password", "/admin/pledge/"


@dataclass(frozen=True)
class Person:
    id: UUID
    email: str
    password: str
    totp_key: str

    def code(self, step: int = 0) -> str:
        """What the authenticator shows now, or showed or will show `step` × 30 s from now."""
        return code_of(self.totp_key, step)


def hire(app: Flask, engine: RecordEngine, password: str = PASSWORD, key: str = "") -> Person:
    """Somebody new; with a second factor if `key` is given."""
    email = f"tanto-{new_id().hex[-12:]}@example.jp"
    unit = ROLES[ROLE]
    account = NewAccount(email=email, full_name="担当", roles=(ROLE,), business_unit=unit)
    with app.app_context():
        secret = sealed_secret(_security.totp_factory, key) if key else None
        credentials = Credentials(password=password, totp_secret=secret)
        user_id = engine.run(
            lambda service: accounts.add_account(service, HIRING, account, credentials=credentials)
        )
    person = Person(user_id, email, password, key)
    with engine.database.reading() as connection:
        pledged_and_trained = ready(connection)
    change_account(engine, person, **pledged_and_trained)
    return person


def code_of(key: str, step: int = 0) -> str:
    token = TOTP(key=key, format="base32").generate(time=int(time.time()) + step * STEP).token
    return str(token)


def early_in_the_step() -> None:
    """Wait for the next code if this one is nearly over: steps are counted from now."""
    left = STEP - time.time() % STEP
    if left < 4:
        time.sleep(left + 0.1)


@dataclass
class Browser:
    """Cookies and forms of one person's browser, in Japanese unless told otherwise."""

    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, **arguments: str) -> TestResponse:
        return self.client.get(path, query_string=arguments or None)

    def send(self, path: str, page: str = "", **values: str) -> TestResponse:
        """Post to `path` with the form token of `page`, or of `path` itself."""
        token = self.form_token(page or path)
        return self.client.post(path, data={"csrf_token": token, **values})

    def form_token(self, page: str) -> str:
        found = TOKEN.search(self.client.get(page).text)
        assert found is not None, page
        return found.group(1)

    def try_password(self, email: str, password: str, **more: str) -> TestResponse:
        return self.send("/login", email=email, password=password, **more)

    def sign_in(self, person: Person) -> "Browser":
        """All the way in."""
        self.try_password(person.email, person.password)
        if person.totp_key:
            self.enter(person.code())
        assert self.is_in()
        return self

    def enter(self, code: str) -> TestResponse:
        return self.send("/tf-validate", code=code)

    def sign_out(self) -> TestResponse:
        return self.send("/logout", page=CHANGE)

    def change_password(self, present: str, new: str) -> TestResponse:
        values = {"password": present, "new_password": new, "new_password_confirm": new}
        return self.send(CHANGE, **values)

    def is_in(self) -> bool:
        """Signed in, if only to choose a password or to give the pledge."""
        response = self.client.get("/admin/")
        return response.status_code == 200 or response.location in {CHANGE, PLEDGE}

    def must_choose(self) -> bool:
        return self.client.get("/admin/").location == CHANGE

    @property
    def token(self) -> str:
        """What the session cookie holds."""
        cookie = self.client.get_cookie(COOKIE)
        return "" if cookie is None else cookie.value


@dataclass(frozen=True)
class Administrator:
    """Helps others, as the page and the shell do; each act in a request of its own."""

    app: Flask

    def reissue(self, person: Person) -> Person:
        with self.app.app_context():
            return replace(person, password=accounts.reset_password(HIRING, person.id))

    def unlock(self, person: Person) -> None:
        with self.app.app_context():
            accounts.unlock(HIRING, person.id)

    def give(self, person: Person, role: str, unit: str | None = None) -> None:
        with self.app.app_context():
            stated = {"roles": (role,)} | ({"business_unit": (unit,)} if unit else {})
            account_rights.change_rights(HIRING, person.id, stated)


def account_of(engine: RecordEngine, person: Person) -> Any:
    """The account's row as it is now."""
    with engine.database.reading() as connection:
        table = SystemUser.__table__
        return connection.execute(select(table).where(table.c.id == person.id)).one()


def change_account(engine: RecordEngine, person: Person, **values: object) -> None:
    statement = update(SystemUser).where(SystemUser.id == person.id).values(**values)
    engine.database.run(lambda transaction: transaction.write(statement))


def sessions_of(engine: RecordEngine, person: Person) -> list[Any]:
    with engine.database.reading() as connection:
        table = StaffSession.__table__
        mine = select(table).where(table.c.systemuser_id == person.id)
        return list(connection.execute(mine))


def age_sessions(
    engine: RecordEngine, person: Person, *, seen: timedelta, made: timedelta
) -> None:
    """As if the person's sessions had last been used and begun that long ago."""
    for row in sessions_of(engine, person):
        statement = (
            update(StaffSession)
            .where(StaffSession.token_hash == row.token_hash)
            .values(
                last_seen_on=row.last_seen_on - seen,
                created_on=row.created_on - made,
                expires_on=row.expires_on - made,
            )
        )
        engine.database.run(lambda transaction, act=statement: transaction.write(act))


def age_proof(engine: RecordEngine, person: Person, *, by: timedelta) -> None:
    """As if the person had last shown who they are that much earlier."""
    for row in sessions_of(engine, person):
        place: dict[str, Any] = {"number": SESSION_PAYLOAD, "record_id": UUID(bytes=row[0][:16])}
        values = json.loads(open_payload(engine.keyring, envelope=row.payload, **place))
        values[step_up.PROVEN_AT] -= by.total_seconds()
        data, key_id = json.dumps(values).encode(), key_id_of(row.payload)
        payload = seal_payload(engine.keyring, key_id=key_id, data=data, **place)
        this = update(StaffSession).where(StaffSession.token_hash == row.token_hash)
        statement = this.values(payload=payload)
        engine.database.run(lambda transaction, act=statement: transaction.write(act))


def caller_of(engine: RecordEngine, person: Person) -> Caller:
    """What the person may do now."""
    with engine.database.snapshot() as connection:
        found = load_caller(connection, person.id)
    assert found is not None
    return found.for_purpose(PURPOSE)


def mails_to(engine: RecordEngine, person: Person) -> list[Mail]:
    """What waits in the outbox for the person, oldest first, opened as the worker opens it."""
    statement = (
        select(SystemJob.id, SystemJob.payload)
        .where(SystemJob.record_id == person.id, SystemJob.kind == SEND_MAIL)
        .order_by(SystemJob.created_on, SystemJob.id)
    )
    with engine.database.reading() as connection:
        rows = connection.execute(statement).all()
    return [open_mail(engine.keyring, row.id, row.payload) for row in rows]


def letters_to(engine: RecordEngine, person: Person) -> list[str]:
    """Their names, without the one of the first sign-in from a browser of the tests."""
    statement = (
        select(SystemJob.name)
        .where(SystemJob.record_id == person.id, SystemJob.kind == SEND_MAIL)
        .order_by(SystemJob.created_on, SystemJob.id)
    )
    with engine.database.reading() as connection:
        return [name for name in connection.scalars(statement) if name != NEW_DEVICE.name]


def acts_on(engine: RecordEngine, person: Person) -> list[dict[str, Any]]:
    """What was done to the account since it was made."""
    return [act for act in acts(engine) if act.get("record") == person.id.hex][1:]


def acts(engine: RecordEngine, person: Person | None = None) -> list[dict[str, Any]]:
    """What the audit holds, oldest first; of one person, or all of it."""
    statement = select(AuditEntry.body).order_by(AuditEntry.sequence)
    if person is not None:
        statement = statement.where(AuditEntry.caller_id == person.id)
    with engine.database.reading() as connection:
        return [json.loads(body) for body in connection.scalars(statement)]

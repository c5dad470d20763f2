"""Sessions of staff, kept on the server: the cookie holds a token, the database its hash.

A session ends when it is idle, when it is old, when its person has begun too many others, and at
once when the person signs out. Its content is sealed. Public pages have none: a citizen is never
given this cookie.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, insert, select, update
from werkzeug.datastructures import CallbackDict

from admin_views.identity.devices import device_name
from crypto.errors import SealingError
from crypto.keyring import Keyring
from models.records.sealing import SESSION_PAYLOAD, open_payload, seal_payload
from models.tables.base import new_id, utc_now
from models.tables.principals import StaffSession, SystemUser
from models.tables.session import Database, Transaction

MOST_SESSIONS = 5
"""Of one account at a time: one more ends the one unused for longest."""
SEEN_EVERY = timedelta(minutes=1)
STAFF_PATHS = ("/admin", "/login", "/logout", "/tf-", "/account", "/verify")
SIGNED_IN = "_user_id"
PROVEN_AT = "fs_paa"
"""Where the sign-in library keeps when the person was last authenticated, in seconds."""


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What a signed-in (or signing-in) browser's requests share."""

    def __init__(self, values: dict[str, Any], *, token: str | None, created: datetime) -> None:
        super().__init__(values, on_update=_mark_modified)
        self.token = token
        self.created = created
        self.known_user = values.get(SIGNED_IN)
        self.known_proof = values.get(PROVEN_AT)
        self.last_seen = created
        self.modified = False
        self.accessed = False


def _mark_modified(session: Any) -> None:
    session.modified = True


@dataclass(frozen=True, slots=True)
class Lifetime:
    idle: timedelta
    absolute: timedelta


class StaffSessions(SessionInterface):
    def __init__(
        self, database: Database, keyring: Keyring, lifetime: Lifetime, *, secure: bool
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._lifetime = lifetime
        self._secure = secure
        self._cookie = "__Host-staff" if secure else "staff"

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        token = request.cookies.get(self._cookie)
        if token and request.path.startswith(STAFF_PATHS):
            found = self._load(token)
            if found is not None:
                return found
        return ServerSession({}, token=None, created=utc_now())

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, ServerSession):
            return
        if session.modified:
            self._write(session, response)
        elif session.token and utc_now() - session.last_seen > SEEN_EVERY:
            self._touch(session.token)

    def _load(self, token: str) -> ServerSession | None:
        hashed, now = hash_of(token), utc_now()
        table = StaffSession.__table__
        with self._database.reading() as connection:
            row = connection.execute(select(table).where(table.c.token_hash == hashed)).first()
        if row is None or row.expires_on <= now or row.last_seen_on + self._lifetime.idle <= now:
            return None
        try:
            data = open_payload(
                self._keyring,
                number=SESSION_PAYLOAD,
                record_id=UUID(bytes=hashed[:16]),
                envelope=row.payload,
            )
        except SealingError:
            return None
        session = ServerSession(json.loads(data), token=token, created=row.created_on)
        session.last_seen = row.last_seen_on
        return session

    def _write(self, session: ServerSession, response: Response) -> None:
        """A new token whenever the person changes or is authenticated anew: at sign-in, at
        step-up, at sign-out (ASVS 7.2.4)."""
        old, user = session.token, session.get(SIGNED_IN)
        is_another = user != session.known_user or session.get(PROVEN_AT) != session.known_proof
        rotates = old is None or is_another
        if rotates and old is not None:
            statement = delete(StaffSession).where(StaffSession.token_hash == hash_of(old))
            self._database.run(lambda transaction: transaction.write(statement))
        if not session:
            response.delete_cookie(self._cookie, secure=self._secure, httponly=True)
            return
        token = old
        if token is None or rotates:
            token, session.created = secrets.token_urlsafe(32), utc_now()
            session.token = token
        self._store(session, token, is_new=rotates)
        response.set_cookie(
            self._cookie,
            token,
            secure=self._secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )

    def _store(self, session: ServerSession, token: str, *, is_new: bool) -> None:
        hashed, now = hash_of(token), utc_now()
        [key] = self._keyring.sealing_keys(0, "month", 1, on=now)
        payload = seal_payload(
            self._keyring,
            number=SESSION_PAYLOAD,
            record_id=UUID(bytes=hashed[:16]),
            key_id=key.id,
            data=json.dumps(dict(session)).encode(),
        )
        if not is_new:
            values = {"payload": payload, "last_seen_on": now}
            changed = update(StaffSession).where(StaffSession.token_hash == hashed)
            self._database.run(lambda transaction: transaction.write(changed.values(**values)))
            return
        row = {
            "token_hash": hashed,
            "id": new_id(),
            "systemuser_id": self._user_id(session.get(SIGNED_IN)),
            "device": device_name(),
            "payload": payload,
            "created_on": session.created,
            "last_seen_on": now,
            "expires_on": session.created + self._lifetime.absolute,
        }
        self._database.run(lambda transaction: _begin(transaction, row))

    def _user_id(self, uniquifier: str | None) -> UUID | None:
        if uniquifier is None:
            return None
        statement = select(SystemUser.id).where(SystemUser.fs_uniquifier == uniquifier)
        with self._database.reading() as connection:
            return connection.scalar(statement)

    def _touch(self, token: str) -> None:
        statement = (
            update(StaffSession)
            .where(StaffSession.token_hash == hash_of(token))
            .values(last_seen_on=utc_now())
        )
        self._database.run(lambda transaction: transaction.write(statement), durable=False)


def _begin(transaction: Transaction, row: Mapping[str, Any]) -> None:
    transaction.write(insert(StaffSession), row)
    user_id = row["systemuser_id"]
    if user_id is None:
        return
    mine = StaffSession.systemuser_id == user_id
    newest = select(StaffSession.token_hash).where(mine).order_by(StaffSession.last_seen_on.desc())
    kept = list(transaction.read(newest.limit(MOST_SESSIONS)).scalars())
    transaction.write(delete(StaffSession).where(mine, StaffSession.token_hash.not_in(kept)))


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

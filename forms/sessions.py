"""A citizen's visit to one form: kept on the server from the first page to the sent one.

The cookie holds a token, the row its hash. Answers wait here sealed with the key the record will
have; they reach no browser storage. It knows no request and no view.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import CursorResult, Update, bindparam, delete, insert, select, update

from crypto.envelope import key_id_of
from crypto.errors import DestroyedKey
from crypto.keyring import Keyring
from models.metadata.definitions import EntityDefinition
from models.metadata.errors import ConcurrencyConflict
from models.records.sealing import DRAFT_PAYLOAD, open_payload, seal_with
from models.tables.base import new_id, utc_now
from models.tables.intake import FormSession
from models.tables.session import Database, Transaction

LIFE = timedelta(hours=2)
CAPTCHA_LIFE = timedelta(minutes=20)
CAPTCHA_TRIES = 5
CAPTCHA_SOUNDS = 3
FIND = select(FormSession.__table__).where(
    FormSession.token_hash == bindparam("token_hash"),
    FormSession.form == bindparam("form"),
    FormSession.expires_on > bindparam("now"),
)
NOT_SENT = FormSession.submitted_on.is_(None)
CLAIM = update(FormSession).where(
    FormSession.token_hash == bindparam("of_visit"), NOT_SENT, FormSession.draft.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A form session as it was at the start of the request."""

    token: str
    token_hash: bytes
    form: str
    started_on: datetime
    record_id: UUID
    captcha_generation: int
    captcha_since: datetime
    captcha_failures: int
    captcha_passed: bool
    about: UUID | None
    draft: bytes | None
    is_submitted: bool

    @property
    def captcha_is_stale(self) -> bool:
        return self.captcha_since + CAPTCHA_LIFE <= utc_now()

    @property
    def captcha_is_spent(self) -> bool:
        return self.captcha_failures >= CAPTCHA_TRIES


STORED = {one.name for one in fields(Visit)} - {"token", "is_submitted"}
"""What a visit has of its row as it is."""


class FormSessions:
    """The visits of all forms; rows may be lost in a power cut, records never."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    def start(self, form: str) -> Visit:
        token, now = secrets.token_urlsafe(32), utc_now()
        row = {
            "token_hash": _hash(token),
            "form": form,
            "started_on": now,
            "expires_on": now + LIFE,
            "captcha_since": now,
            "record_id": new_id(),
            "captcha_generation": 0,
            "captcha_failures": 0,
            "captcha_sounds": 0,
            "captcha_passed": False,
        }
        self._run(lambda transaction: transaction.write(insert(FormSession), row))
        return _visit(token, {**row, "about": None, "draft": None, "submitted_on": None})

    def find(self, token: str | None, form: str) -> Visit | None:
        """The visit of that token to that form; None if there is none or it has ended."""
        if not token:
            return None
        with self._database.reading() as connection:
            asked = {"token_hash": _hash(token), "form": form, "now": utc_now()}
            row = connection.execute(FIND, asked).mappings().first()
        return None if row is None else _visit(token, dict(row))

    def save_draft(
        self, visit: Visit, entity: EntityDefinition, answers: Mapping[str, Any]
    ) -> bool:
        """Keep the answers, sealed with the future record's key; the CAPTCHA counts as passed.
        False, and nothing is kept, where the visit was submitted or ended meanwhile."""
        now = utc_now()
        try:
            key_id, cipher = self._key_for(visit, entity, on=now)
        except DestroyedKey:
            return False
        draft = seal_with(
            cipher,
            number=DRAFT_PAYLOAD,
            record_id=visit.record_id,
            key_id=key_id,
            data=json.dumps(answers, ensure_ascii=False).encode(),
        )
        kept = {"draft": draft, "captcha_passed": True, "expires_on": now + LIFE}
        statement = _of(visit).where(NOT_SENT).values(**kept)
        return self._run(lambda transaction: transaction.write(statement)) == 1

    def _key_for(
        self, visit: Visit, entity: EntityDefinition, *, on: datetime
    ) -> tuple[int, AESGCM]:
        """The draft's, or the future record's first one."""
        if visit.draft is not None:
            key_id = key_id_of(visit.draft)
            return key_id, self._keyring.opening_key(key_id)
        [key] = self._keyring.sealing_keys(entity.number, entity.key_bucket, 1, on=on)
        return key.id, key.cipher

    def answers(self, visit: Visit) -> dict[str, Any]:
        """What was entered so far."""
        if visit.draft is None:
            return {}
        data = open_payload(
            self._keyring,
            number=DRAFT_PAYLOAD,
            record_id=visit.record_id,
            envelope=visit.draft,
        )
        found: dict[str, Any] = json.loads(data)
        return found

    def note_subject(self, visit: Visit, about: UUID) -> Visit:
        self._change(visit, about=about)
        return replace(visit, about=about)

    def claim_submission(self, transaction: Transaction, visit: Visit) -> None:
        """Of many who submit one visit, the first passes, and the draft is gone with it; the
        others get ConcurrencyConflict, which takes back what they wrote."""
        claimed = {"of_visit": visit.token_hash, "submitted_on": utc_now(), "draft": None}
        if transaction.write(CLAIM, claimed).rowcount != 1:
            raise ConcurrencyConflict("this visit was submitted before, or has ended")

    def end(self, visit: Visit, entity: EntityDefinition) -> bool:
        """Forget the visit and what was entered, for good; False where it was submitted, or ended,
        before. A key that a month's records share is not the draft's to destroy."""
        of_visit = FormSession.token_hash == visit.token_hash
        statement = delete(FormSession).where(of_visit, NOT_SENT).returning(FormSession.draft)

        def work(transaction: Transaction) -> bool:
            ended = transaction.write(statement).first()
            if ended is not None and ended.draft is not None and entity.key_bucket == "record":
                self._keyring.destroy({key_id_of(ended.draft)})  # before the commit, as always
            return ended is not None

        return self._database.run(work)

    def renew_captcha(self, visit: Visit) -> None:
        self._change(
            visit,
            captcha_generation=FormSession.captcha_generation + 1,
            captcha_since=utc_now(),
            captcha_failures=0,
            captcha_sounds=0,
        )

    def answer_captcha(self, visit: Visit, *, is_right: bool) -> bool:
        """Take one of the tries and, if the answer is right, pass by the same statement: it is not
        asked again, whatever else has to be mended. False, and nothing may be told of the answer,
        when no try is left, or when another answer has passed before."""
        statement = (
            _of(visit)
            .where(FormSession.captcha_generation == visit.captcha_generation)
            .where(FormSession.captcha_failures < CAPTCHA_TRIES)
            .where(FormSession.captcha_passed.is_(False))
            .values(captcha_failures=FormSession.captcha_failures + 1, captcha_passed=is_right)
        )
        return self._run(lambda transaction: transaction.write(statement)) == 1

    def use_captcha_sound(self, visit: Visit) -> bool:
        statement = (
            _of(visit)
            .where(FormSession.captcha_sounds < CAPTCHA_SOUNDS)
            .values(captcha_sounds=FormSession.captcha_sounds + 1)
        )
        return self._run(lambda transaction: transaction.write(statement)) == 1

    def _change(self, visit: Visit, **values: Any) -> None:
        self._run(lambda transaction: transaction.write(_of(visit).values(**values)))

    def _run(self, work: Callable[[Transaction], CursorResult[Any]]) -> int:
        """How many rows it changed; the session may be lost in a power cut, no more."""
        return self._database.run(work, durable=False).rowcount


def form_token(secret: bytes, visit: Visit) -> str:
    """What a page's form carries to show that it came from us, for this visit."""
    return hmac.digest(secret, visit.token_hash, hashlib.sha256).hex()


def is_form_token(secret: bytes, visit: Visit, given: str) -> bool:
    return hmac.compare_digest(form_token(secret, visit).encode(), given.encode())


def key_of_draft(visit: Visit) -> int | None:
    return None if visit.draft is None else key_id_of(visit.draft)


def _of(visit: Visit) -> Update:
    return update(FormSession).where(FormSession.token_hash == visit.token_hash)


def _visit(token: str, row: Mapping[str, Any]) -> Visit:
    is_submitted = row["submitted_on"] is not None
    return Visit(token=token, is_submitted=is_submitted, **{name: row[name] for name in STORED})


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

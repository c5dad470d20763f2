"""The outbox: jobs written in the transaction of what they belong to; payloads are sealed.

A mail's payload is sealed with the record's own key: when the record is erased, so is its mail.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from crypto.keyring import Keyring
from jobs.mail import Mail
from models.records.sealing import (
    ASKED_PAYLOAD,
    MAIL_PAYLOAD,
    PLATFORM,
    open_payload,
    seal_for_month,
    seal_with,
)
from models.tables.base import new_id, table_of, utc_now
from models.tables.record_data import SystemJob
from models.tables.session import Transaction

SEND_MAIL = "send_mail"
JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail to be, about one record; `key_id` is the record's data key, None if it has none."""

    entity: str
    record_id: UUID
    key_id: int | None
    template: str
    to: str
    subject: str
    body: str
    sender_name: str = ""
    token: str = ""
    """By which an answer finds the record; "" for a mail that is not answered."""

    def __repr__(self) -> str:
        return f"OutgoingMail({self.template}, {self.record_id})"


def enqueue_mails(
    transaction: Transaction, keyring: Keyring, mails: Sequence[OutgoingMail]
) -> None:
    """Write a send_mail job for each, in one statement."""
    if not mails:
        return
    now = utc_now()
    key_ids = _key_ids(keyring, mails, on=now)
    ciphers = keyring.opening_keys(set(key_ids))
    rows = []
    for mail, key_id in zip(mails, key_ids, strict=True):
        job_id = new_id()
        payload = seal_with(
            ciphers[key_id],
            number=MAIL_PAYLOAD,
            record_id=job_id,
            key_id=key_id,
            data=_packed(mail),
        )
        about = {"entity": mail.entity, "record_id": mail.record_id, "payload": payload}
        rows.append(_row(job_id, kind=SEND_MAIL, name=mail.template, due_on=now, on=now) | about)
    transaction.insert(table_of(SystemJob), rows)


def open_mail(keyring: Keyring, job_id: UUID, envelope: bytes) -> Mail:
    """The mail of a job; raises crypto's DestroyedKey once the record was erased."""
    data = open_payload(keyring, number=MAIL_PAYLOAD, record_id=job_id, envelope=envelope)
    to, sender_name, subject, body, *rest = json.loads(data)  # older ones have no token
    [token] = rest or [""]
    return Mail(
        to=to,
        sender_name=sender_name,
        subject=subject,
        body=body,
        identity=job_id.hex,
        token=token,
    )


def enqueue(
    transaction: Transaction,
    *,
    kind: str,
    name: str,
    due_on: datetime,
    recurrence: str | None = None,
) -> UUID:
    """Write a job without a payload: one of the recurring ones, say."""
    job_id = new_id()
    row = _row(job_id, kind=kind, name=name, due_on=due_on, on=utc_now())
    transaction.write(insert(SystemJob), row | {"recurrence": recurrence})
    return job_id


def ask_for(transaction: Transaction, kind: str) -> bool:
    """Have the job done now, unless it is being done or about to be; whether it was asked for."""
    waiting = SystemJob.kind == kind, SystemJob.state != "COMPLETED", SystemJob.due_on <= utc_now()
    if transaction.lock().execute(select(SystemJob.id).where(*waiting)).first():
        return False
    enqueue(transaction, kind=kind, name=kind, due_on=utc_now())
    return True


def enqueue_about(transaction: Transaction, *, kind: str, about: UUID) -> None:
    """Write a job about one thing, due at once; what it needs it finds by that id."""
    now = utc_now()
    row = _row(new_id(), kind=kind, name=kind, due_on=now, on=now)
    transaction.write(insert(SystemJob), row | {"record_id": about})


def enqueue_sealed(
    transaction: Transaction, keyring: Keyring, *, kind: str, data: Sequence[str]
) -> None:
    """Write a job due at once with a payload that belongs to no record."""
    now, job_id = utc_now(), new_id()
    text = JSON.encode(list(data)).encode()
    payload = seal_for_month(keyring, number=ASKED_PAYLOAD, record_id=job_id, data=text)
    about = {"entity": None, "record_id": None, "payload": payload}
    row = _row(job_id, kind=kind, name=kind, due_on=now, on=now) | about
    transaction.insert(table_of(SystemJob), [row])


def open_sealed(keyring: Keyring, job_id: UUID, envelope: bytes) -> list[str]:
    data = open_payload(keyring, number=ASKED_PAYLOAD, record_id=job_id, envelope=envelope)
    found: list[str] = json.loads(data)
    return found


def _key_ids(keyring: Keyring, mails: Sequence[OutgoingMail], *, on: datetime) -> list[int]:
    """The records' keys; for a record without a sealed value, the month's key of the platform."""
    if all(mail.key_id is not None for mail in mails):
        return [mail.key_id for mail in mails if mail.key_id is not None]
    common = keyring.sealing_keys(PLATFORM, "month", 1, on=on)[0].id
    return [common if mail.key_id is None else mail.key_id for mail in mails]


def _packed(mail: OutgoingMail) -> bytes:
    said = [mail.to, mail.sender_name, mail.subject, mail.body, mail.token]
    return JSON.encode(said).encode()


def _row(
    job_id: UUID, *, kind: str, name: str, due_on: datetime, on: datetime
) -> dict[str, object]:
    return {
        "id": job_id,
        "kind": kind,
        "name": name,
        "state": "READY",
        "status": "WAITING",
        "due_on": due_on,
        "attempts": 0,
        "message": "",
        "created_on": on,
    }

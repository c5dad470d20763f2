"""The audit: who did what to which record, chained by HMAC, in the record's own transaction.

Entries name attributes and never hold a value of one. They are gathered while a unit of work
goes on and written at its end, so that the head of the chain is locked as briefly as can be.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from models.records.audit_subjects import Subjects, subject_id
from models.security.caller import Caller
from models.tables.audit import AuditListed
from models.tables.base import table_of, utc_now
from models.tables.record_data import AuditEntry, AuditHead
from models.tables.session import Transaction

HEAD = 1
LAST = select(AuditHead.sequence, AuditHead.mac).where(AuditHead.id == HEAD).with_for_update()
MOVE_HEAD = update(AuditHead).where(AuditHead.id == HEAD)
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
OF_THE_ENTRY = ("attributes", "purpose")
"""What every door states in the same place, beside the details of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act that changes no record: a reveal, an export, a sign-in, a refusal.

    `details` hold no personal value. `attributes` (names), `purpose` and `records` (ids of a
    list that was seen, in hexadecimal) are known by these names.
    """

    action: str
    entity: str | None = None
    record_id: UUID | None = None
    outcome: str = "ok"
    details: Mapping[str, Any] = field(default_factory=dict)


class Auditing:
    """The entries of one unit of work."""

    def __init__(self, secret: bytes, subjects: Subjects) -> None:
        self._secret = secret
        self._subjects = subjects
        self._entries: list[dict[str, Any]] = []

    def records(
        self,
        action: str,
        caller: Caller,
        *,
        entity: str,
        changes: Iterable[tuple[UUID, Sequence[str]]],
    ) -> None:
        """One entry a record: the act, and the names of the attributes it touched."""
        base = _of_caller(action, caller, entity=entity, outcome="ok")
        for record_id, attributes in changes:
            self._entries.append({**base, "record": record_id.hex, "attributes": list(attributes)})

    def act(self, caller: Caller, act: Act) -> None:
        entry = _of_caller(act.action, caller, entity=act.entity, outcome=act.outcome)
        if act.record_id is not None:
            entry["record"] = act.record_id.hex
        details = dict(act.details)
        entry |= {name: details.pop(name) for name in OF_THE_ENTRY if name in details}
        self._entries.append(entry | ({"details": details} if details else {}))

    def gathered(self, record_id: UUID) -> list[dict[str, Any]]:
        """The entries about a record that are not written yet, the latest first."""
        return [one for one in reversed(self._entries) if one.get("record") == record_id.hex]

    def write(self, transaction: Transaction) -> None:
        """Append what was gathered to the chain; the last thing before the commit."""
        if not self._entries:
            return
        connection = transaction.lock()
        head = connection.execute(LAST).one()
        self._subjects.keep(connection, self._entries)
        sequence, mac, rows, now = head.sequence, head.mac, [], utc_now()
        for entry in self._entries:
            sequence += 1
            body = _body(entry, sequence=sequence, on=now)
            mac = chained(self._secret, mac, body)
            rows.append(columns(entry) | {"sequence": sequence, "created_on": now})
            rows[-1] |= {"body": body, "mac": mac}
        transaction.insert(table_of(AuditEntry), rows)
        transaction.insert(table_of(AuditListed), self._listed(rows[0]["sequence"]))
        seal = head_seal(self._secret, sequence=sequence, mac=mac)
        connection.execute(MOVE_HEAD, {"sequence": sequence, "mac": mac, "seal": seal})
        self._entries.clear()

    def _listed(self, first: int) -> list[dict[str, Any]]:
        return [
            {"sequence": sequence, "record_id": record_id}
            for sequence, entry in enumerate(self._entries, start=first)
            for record_id in listed(entry)
        ]


def chained(secret: bytes, before: bytes, body: str) -> bytes:
    """The link of an entry: HMAC-SHA256 over the link before it and its body."""
    return hmac.digest(secret, before + body.encode(), hashlib.sha256)


def head_seal(secret: bytes, *, sequence: int, mac: bytes) -> bytes:
    """What says that this entry is the last: without the secret nobody can cut the chain."""
    return hmac.digest(secret, b"head" + sequence.to_bytes(8, "big") + mac, hashlib.sha256)


def columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What of an entry's body is repeated in columns, by which entries are found."""
    return {
        "action": entry["action"],
        "outcome": entry["outcome"],
        "caller_id": _id(entry.get("caller")),
        "supporter_id": _id(entry.get("supporter")),
        "subject_id": subject_id(entry),
        "entity": entry.get("entity"),
        "record_id": _id(entry.get("record")),
    }


def listed(entry: Mapping[str, Any]) -> list[UUID]:
    """The records of a list that the entry names, each once, in order."""
    named = entry.get("details", {}).get("records", ())
    return sorted({UUID(one) for one in named}) if isinstance(named, list) else []


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _of_caller(action: str, caller: Caller, *, entity: str | None, outcome: str) -> dict[str, Any]:
    """Who, under which roles, of which organization, for whom as support; in which request."""
    entry: dict[str, Any] = {
        "action": action,
        "by": caller.name,
        "kind": caller.kind,
        "organization": caller.organization,
        "request": caller.request_id,
        "outcome": outcome,
        **({"purpose": caller.purpose} if caller.purpose else {}),
    }
    if caller.id is not None:
        entry |= {"caller": caller.id.hex, "roles": sorted(caller.roles)}
    if caller.supporter is not None and caller.supporter.id is not None:
        entry |= {"supporter": caller.supporter.id.hex, "supporter_name": caller.supporter.name}
    if entity is not None:
        entry["entity"] = entity
    return entry


def _body(entry: dict[str, Any], *, sequence: int, on: datetime) -> str:
    """Canonical JSON: one spelling for one entry."""
    stamped = {**entry, "sequence": sequence, "on": on.isoformat()}
    return CANONICAL.encode(stamped)

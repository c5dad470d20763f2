"""The audit log as the auditor reads it: newest first, filtered, in keyset pages.

Entries hold names of attributes and never a value; only the parts named here are shown.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from admin_views.language import start_of_day
from models.tables.base import sought
from models.tables.principals import SystemUser
from models.tables.record_data import AuditEntry
from models.tables.session import Transaction

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What was asked for; texts as they stand in the address. Wrong ones find nothing."""

    person: str = ""
    record: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    before: int | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "AuditFilter":
        before = arguments.get("before", "")
        names = ("person", "record", "action", "since", "until")
        return cls(
            **{name: arguments.get(name, "").strip() for name in names},
            before=int(before) if re.fullmatch(r"[0-9]{1,18}", before) else None,
        )

    def url_arguments(self, *, before: int | None = None) -> dict[str, str]:
        named = {
            "person": self.person,
            "record": self.record,
            "action": self.action,
            "since": self.since,
            "until": self.until,
            "before": str(before or ""),
        }
        return {key: value for key, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Entry:
    sequence: int
    on: datetime
    action: str
    by: str
    kind: str
    outcome: str
    entity: str
    record: str
    attributes: tuple[str, ...]
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    entries: tuple[Entry, ...]
    older: int | None
    """Ask with `before` set to this for the page after; None at the end."""


def read_audit(transaction: Transaction, wanted: AuditFilter) -> AuditPage:
    statement = _narrowed(select(AuditEntry.__table__), wanted)
    statement = statement.order_by(AuditEntry.sequence.desc()).limit(PAGE_SIZE + 1)
    rows = transaction.read(statement).all()
    entries = tuple(_entry(row) for row in rows[:PAGE_SIZE])
    return AuditPage(entries, entries[-1].sequence if len(rows) > PAGE_SIZE else None)


def people(transaction: Transaction) -> list[tuple[str, str]]:
    """Accounts to choose from: id and name, the inactive ones too."""
    statement = select(SystemUser.id, SystemUser.full_name, SystemUser.email)
    rows = transaction.read(statement.order_by(SystemUser.email))
    return [(str(row.id), f"{row.email} {row.full_name}".strip()) for row in rows]


def _narrowed(statement: Select[Any], wanted: AuditFilter) -> Select[Any]:
    if wanted.person:
        statement = statement.where(AuditEntry.caller_id == _uuid(wanted.person))
    if wanted.record:
        statement = statement.where(_concerns(_uuid(wanted.record)))
    if wanted.action:
        statement = statement.where(AuditEntry.action == sought(wanted.action))
    since, until = start_of_day(wanted.since), start_of_day(wanted.until)
    if since is not None:
        statement = statement.where(AuditEntry.created_on >= since)
    if until is not None:
        statement = statement.where(AuditEntry.created_on < until + timedelta(days=1))
    if wanted.before is not None:
        statement = statement.where(AuditEntry.sequence < wanted.before)
    return statement


def _concerns(record: UUID) -> ColumnElement[bool]:
    """Entries of the record, and of lists it was seen on: those name their records in the body.

    No index leads to a list: all that were read within the days asked for are looked through,
    some hundred thousand in a second.
    """
    on_a_list = and_(
        AuditEntry.action == "read",
        AuditEntry.record_id.is_(None),
        AuditEntry.body.like(f'%"records":[%"{record.hex}"%'),
    )
    return or_(AuditEntry.record_id == record, on_a_list)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _entry(row: Any) -> Entry:
    body = json.loads(row.body)
    details = dict(body.get("details", {}))
    details |= {"purpose": body["purpose"]} if "purpose" in body else {}
    attributes = body.get("attributes", ())
    if isinstance(details.get("records"), list):
        details["records"] = len(details["records"])
    return Entry(
        row.sequence,
        row.created_on,
        row.action,
        str(body.get("by", "")),
        str(body.get("kind", "")),
        str(body.get("outcome", "")),
        row.entity or "",
        str(row.record_id or ""),
        tuple(str(name) for name in attributes),
        tuple((str(key), _plain(value)) for key, value in sorted(details.items())),
    )


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

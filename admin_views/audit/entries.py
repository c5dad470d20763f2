"""Entries as auditors read them: in words, by the office's clock.

Only what is named here is shown; none of it is a value of a record.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from admin_views.audit import words
from admin_views.audit.details import Teller
from admin_views.audit.names import attribute_name, entity_name
from admin_views.language import language
from models.metadata.attribute_types import LOCAL_ZONE
from models.tables.principals import Role, SystemUser, Team
from models.tables.session import Transaction

GOOD_OUTCOMES = {"ok", "started"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    sequence: int
    when: str
    by: str
    kind: str
    """Of whoever has no account; "" for those who have."""
    roles: tuple[str, ...]
    organization: str
    supporter: str
    act: str
    outcome: str
    is_bad: bool
    entity: str
    entity_name: str
    record: UUID | None
    attributes: tuple[str, ...]
    purpose: str
    request: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Words:
    acts: Mapping[str, str]
    outcomes: Mapping[str, str]
    kinds: Mapping[str, str]
    teller: Teller


def show(transaction: Transaction, rows: Iterable[Any]) -> tuple[Entry, ...]:
    teller = Teller.of(principals(transaction), _roles(transaction))
    said = _Words(words.acts(), words.outcomes(), words.kinds(), teller)
    return tuple(_entry(row, json.loads(row.body), said) for row in rows)


def principals(transaction: Transaction) -> dict[UUID, str]:
    """What accounts and teams are called."""
    accounts = transaction.read(select(SystemUser.id, SystemUser.email))
    teams = transaction.read(select(Team.id, Team.name))
    return {row[0]: row[1] for row in (*accounts, *teams)}


def _roles(transaction: Transaction) -> dict[str, str]:
    rows, speaks = transaction.read(select(Role.__table__)).mappings(), language()
    return {row["name"]: row[f"display_name_{speaks}"] or row["name"] for row in rows}


def moment(on: datetime) -> str:
    """To the second."""
    return on.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _entry(row: Any, body: Mapping[str, Any], said: _Words) -> Entry:
    entity, kind = row.entity or "", str(body.get("kind", ""))
    return Entry(
        sequence=row.sequence,
        when=moment(row.created_on),
        by=str(body.get("by", "")),
        kind=said.kinds.get(kind, "") if kind != "user" else "",
        roles=tuple(said.teller.roles.get(one, one) for one in body.get("roles", ())),
        organization=str(body.get("organization", "")),
        supporter=str(body.get("supporter_name", "")),
        act=said.acts.get(row.action, row.action),
        outcome=said.outcomes.get(row.outcome, row.outcome),
        is_bad=row.outcome not in GOOD_OUTCOMES,
        entity=entity,
        entity_name=entity_name(entity),
        record=row.record_id,
        attributes=tuple(attribute_name(entity, one) for one in body.get("attributes", ())),
        purpose=str(body.get("purpose", "")),
        request=str(body.get("request", "")),
        details=said.teller.told(entity, body.get("details", {})),
    )

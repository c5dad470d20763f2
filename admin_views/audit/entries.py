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
from admin_views.audit.details import Known, told
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


def show(transaction: Transaction, rows: Iterable[Any]) -> tuple[Entry, ...]:
    known = read_known(transaction)
    acts, outcomes, kinds = words.acts(), words.outcomes(), words.kinds()
    return tuple(
        _entry(row, json.loads(row.body), known, said=(acts, outcomes, kinds)) for row in rows
    )


def read_known(transaction: Transaction) -> Known:
    accounts = transaction.read(select(SystemUser.id, SystemUser.email))
    teams = transaction.read(select(Team.id, Team.name))
    roles = transaction.read(select(Role.__table__)).mappings()
    speaks = language()
    return Known(
        {row[0]: row[1] for row in (*accounts, *teams)},
        {row["name"]: row[f"display_name_{speaks}"] or row["name"] for row in roles},
    )


def moment(on: datetime) -> str:
    """To the second."""
    return on.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _entry(
    row: Any, body: Mapping[str, Any], known: Known, *, said: tuple[Mapping[str, str], ...]
) -> Entry:
    acts, outcomes, kinds = said
    entity, kind = row.entity or "", str(body.get("kind", ""))
    return Entry(
        sequence=row.sequence,
        when=moment(row.created_on),
        by=str(body.get("by", "")),
        kind=kinds.get(kind, "") if kind != "user" else "",
        roles=tuple(known.roles.get(one, one) for one in body.get("roles", ())),
        organization=str(body.get("organization", "")),
        supporter=str(body.get("supporter_name", "")),
        act=acts.get(row.action, row.action),
        outcome=outcomes.get(row.outcome, row.outcome),
        is_bad=row.outcome not in GOOD_OUTCOMES,
        entity=entity,
        entity_name=entity_name(entity),
        record=row.record_id,
        attributes=tuple(attribute_name(entity, one) for one in body.get("attributes", ())),
        purpose=str(body.get("purpose", "")),
        request=str(body.get("request", "")),
        details=told(entity, body.get("details", {}), known),
    )

"""Does the audit's chain hold? Walks it from the first entry to the head.

It finds an edited, a removed and an added entry, and a tail that was cut without moving the head.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.records.auditing import chained
from models.tables.installation import CHAIN_START
from models.tables.record_data import AuditEntry, AuditHead

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Verification:
    """`entries` were read; `broken_at` is where the chain fails, if it does."""

    entries: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def verify(connection: Connection, secret: bytes) -> Verification:
    """Reads the whole chain, in batches; call it on a snapshot."""
    expected, mac = 1, CHAIN_START
    table = AuditEntry.__table__
    statement = select(table).order_by(table.c.sequence).execution_options(yield_per=BATCH)
    with connection.execute(statement) as rows:
        for row in rows:
            reason = _fault(row, expected=expected, link=chained(secret, mac, row.body))
            if reason:
                return Verification(expected - 1, expected, reason)
            expected, mac = expected + 1, row.mac
    head = connection.execute(select(AuditHead.sequence, AuditHead.mac)).one()
    if (head.sequence, head.mac) != (expected - 1, mac):
        return Verification(expected - 1, expected, "the end of the chain is missing")
    return Verification(expected - 1)


def _fault(row: Any, *, expected: int, link: bytes) -> str:
    """What is wrong with an entry, given its place and the link it must have; "" for nothing."""
    if row.sequence != expected:
        return "an entry is missing"
    if row.mac != link:
        return "an entry was altered"
    return "" if _columns_agree(row.body, row) else "the columns differ from the entry"


def _columns_agree(body: str, row: Any) -> bool:
    """The columns are for finding entries; the body is what is sealed by the chain."""
    entry = json.loads(body)
    record, caller = row.record_id, row.caller_id
    return bool(
        entry["action"] == row.action
        and entry.get("entity") == row.entity
        and entry.get("record") == (record.hex if record else None)
        and entry.get("caller") == (caller.hex if caller else None)
        and entry["on"] == row.created_on.isoformat()
    )

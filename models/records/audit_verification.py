"""Does the audit's chain hold? Walks it from the first entry to the head.

It finds an edited, a removed and an added entry, and a tail that was cut without moving the head.
"""

import json
from dataclasses import dataclass

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
    for row in connection.execute(statement):
        if row.sequence != expected:
            return Verification(expected - 1, expected, "an entry is missing")
        mac_here = chained(secret, mac, row.body)
        if mac_here != row.mac:
            return Verification(expected - 1, expected, "an entry was altered")
        if not _columns_agree(row.body, row):
            return Verification(expected - 1, expected, "the columns differ from the entry")
        expected, mac = expected + 1, mac_here
    head = connection.execute(select(AuditHead.sequence, AuditHead.mac)).one()
    if (head.sequence, head.mac) != (expected - 1, mac):
        return Verification(expected - 1, expected, "the end of the chain is missing")
    return Verification(expected - 1)


def _columns_agree(body: str, row: object) -> bool:
    """The columns are for finding entries; the body is what is sealed by the chain."""
    entry = json.loads(body)
    record, caller = getattr(row, "record_id", None), getattr(row, "caller_id", None)
    return bool(
        entry["action"] == getattr(row, "action", None)
        and entry.get("entity") == getattr(row, "entity", None)
        and entry.get("record") == (record.hex if record else None)
        and entry.get("caller") == (caller.hex if caller else None)
    )

"""Does the audit's chain hold? Walks it from the first entry to the head.

It finds an edited, a removed and an added entry, a tail that was cut off, and a log that was
emptied: setting up writes the first entry. It cannot find that the log, or the whole database, was
put back to a state it once had, head and all: compare the number of entries with an earlier one,
noted elsewhere.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.records.auditing import chained, head_seal
from models.tables.installation import CHAIN_START
from models.tables.record_data import AuditEntry, AuditHead

BATCH = 5000
TOLD_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Verification:
    """`entries` were read; `broken_at` is where the chain fails, if it does."""

    entries: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def entry_count(connection: Connection) -> int:
    """How many entries the head says there are."""
    return connection.scalar(select(AuditHead.sequence)) or 0


def verify(
    connection: Connection, secret: bytes, *, progress: Callable[[int], None] | None = None
) -> Verification:
    """Reads the whole chain, in batches, and tells `progress` how many entries held so far;
    call it on a snapshot."""
    expected, mac = 1, CHAIN_START
    table = AuditEntry.__table__
    statement = select(table).order_by(table.c.sequence).execution_options(yield_per=BATCH)
    with connection.execute(statement) as rows:
        for row in rows:
            reason = _fault(row, expected=expected, link=chained(secret, mac, row.body))
            if reason:
                return Verification(expected - 1, expected, reason)
            if progress is not None and expected % TOLD_EVERY == 0:
                progress(expected)
            expected, mac = expected + 1, row.mac
    head = connection.execute(select(AuditHead.__table__)).one()
    sealed = head_seal(secret, sequence=expected - 1, mac=mac)
    if (head.sequence, head.mac, head.seal) != (expected - 1, mac, sealed):
        return Verification(expected - 1, expected, "the end of the chain is missing")
    return Verification(expected - 1)


def _fault(row: Any, *, expected: int, link: bytes) -> str:
    """What is wrong with an entry, given its place and the link it must have; "" for nothing."""
    if row.sequence != expected:
        return "an entry is missing"
    if not hmac.compare_digest(row.mac, link):
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

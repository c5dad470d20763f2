"""Does the audit's chain hold? Walks it from the first entry to the head, past every fault.

It finds an edited, a removed and an added entry, a tail that was cut off, and a log that was
emptied: setting up writes the first entry. Alone it cannot find that the log, or the whole
database, was put back to a state it once had, head and all: for that there are checkpoints in a
second place.
"""

import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.records.audit_finding_aids import FindingAids
from models.records.auditing import chained, head_seal
from models.tables.base import table_of
from models.tables.installation import CHAIN_START
from models.tables.record_data import AuditEntry, AuditHead

ENTRY = table_of(AuditEntry)
BATCH = 5000
TOLD_EVERY = 1000
MOST_FAULTS = 20
"""More are not told one by one: who finds twenty looks into all of it."""

ALTERED = "an entry was altered"
MISSING = "an entry is missing"
COLUMNS = "the columns differ from the entry"
CUT = "the end of the chain is missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, at the entry `sequence`, or from there to `last`.

    `after` and `before` are the times between which these entries were made, where it is known.
    """

    sequence: int
    reason: str
    after: datetime | None = None
    before: datetime | None = None
    last: int | None = None
    line: int | None = None
    """Of a fault in the checkpoints' lines: which one."""


@dataclass(frozen=True, slots=True)
class Verification:
    """`entries` were read, the newest of them with this number and of this time."""

    entries: int
    faults: tuple[Fault, ...] = ()
    newest: int = 0
    newest_on: datetime | None = None
    macs: Mapping[int, bytes] = field(default_factory=dict)
    """The links of those entries that were asked for, as they stand in the log."""
    untold: int = 0
    """Faults beyond MOST_FAULTS."""

    @property
    def holds(self) -> bool:
        return not self.faults

    @property
    def held(self) -> int:
        """How many entries before the first fault hold."""
        return self.faults[0].sequence - 1 if self.faults else self.entries


def entry_count(connection: Connection) -> int:
    """How many entries the head says there are."""
    return connection.scalar(select(AuditHead.sequence)) or 0


def verify(
    connection: Connection,
    secret: bytes,
    *,
    wanted: Collection[int] = (),
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Reads the whole chain, in batches, and tells `progress` how many entries were read so far;
    call it on a snapshot."""
    walk = _Walk(secret, wanted, FindingAids.read(connection))
    statement = select(ENTRY).order_by(ENTRY.c.sequence).execution_options(yield_per=BATCH)
    with connection.execute(statement) as rows:
        for row in rows:
            walk.step(row)
            if progress is not None and walk.entries % TOLD_EVERY == 0:
                progress(walk.entries)
    walk.end(connection.execute(select(AuditHead.__table__)).one())
    return walk.verification()


class _Walk:
    """Where one stands on the chain: what the next entry must be, and what was wrong so far."""

    def __init__(self, secret: bytes, wanted: Collection[int], aids: FindingAids) -> None:
        self._secret = secret
        self._aids = aids
        self._wanted = frozenset(wanted)
        self._macs: dict[int, bytes] = {}
        self._faults: list[Fault] = []
        self._untold = 0
        self._expected, self._mac = 1, CHAIN_START
        self._newest_on: datetime | None = None
        self.entries = 0

    def step(self, row: Any) -> None:
        self._date_faults(row.created_on)
        is_linked = row.sequence == self._expected
        if not is_linked:
            self._fault(MISSING, last=row.sequence - 1)
            self._date_faults(row.created_on)
            self._aids.skip_to(row.sequence)
            self._expected = row.sequence
        agree = self._aids.agree(row)
        is_whole = hmac.compare_digest(row.mac, chained(self._secret, self._mac, row.body))
        if is_linked and not is_whole:
            self._fault(ALTERED)
        elif not agree:
            self._fault(COLUMNS)
        if row.sequence in self._wanted:
            self._macs[row.sequence] = row.mac
        self._mac, self._newest_on = row.mac, row.created_on
        self._expected += 1
        self.entries += 1

    def end(self, head: Any) -> None:
        last = self._expected - 1
        sealed = head_seal(self._secret, sequence=last, mac=self._mac)
        if (head.sequence, head.mac, head.seal) != (last, self._mac, sealed):
            self._fault(CUT, last=head.sequence if head.sequence > last else None)
        elif self._aids.has_more():
            self._fault(COLUMNS)

    def verification(self) -> Verification:
        return Verification(
            entries=self.entries,
            faults=tuple(self._faults),
            newest=self._expected - 1,
            newest_on=self._newest_on,
            macs=self._macs,
            untold=self._untold,
        )

    def _fault(self, reason: str, *, last: int | None = None) -> None:
        if len(self._faults) == MOST_FAULTS:
            self._untold += 1
            return
        self._faults.append(Fault(self._expected, reason, after=self._newest_on, last=last))

    def _date_faults(self, on: datetime) -> None:
        """What was wrong just now came before this entry."""
        if self._faults and self._faults[-1].before is None:
            self._faults[-1] = replace(self._faults[-1], before=on)

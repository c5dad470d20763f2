"""The whole log examined: its chain, the checkpoints' lines, and the one held against the other.

A checkpoint's entry must be in the log, with the link that the line states. Where it is not, the
log was cut, or put back to an older state with its head, the whole database with it perhaps.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from crypto.keyring import Keyring
from models.records.audit_verification import Fault, Verification, verify
from models.records.checkpoints.ledger import Ledger, read_all
from models.records.checkpoints.lines import Checkpoint
from models.records.checkpoints.making import signer_of
from models.tables.audit import AuditCheckpoint
from models.tables.session import Database

CUT_OR_PUT_BACK = "entries that a checkpoint names are missing: the log was cut, or put back"
PUT_BACK = "entries are not those that a checkpoint names: the log was put back to an older state"
LINES_GONE = "checkpoints that were written are not there"


@dataclass(frozen=True, slots=True)
class Examination:
    """What was read, and everything that is wrong with it."""

    chain: Verification
    checkpoints: int
    covered: Checkpoint | None
    """The last checkpoint that the log bears out: what came later has none yet."""
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def examine(
    database: Database,
    keyring: Keyring,
    lines: Callable[[], Iterable[str]],
    *,
    progress: Callable[[int], None] | None = None,
) -> Examination:
    """Reads what the database knows of its checkpoints, then the lines, then the log, so that
    what is written meanwhile is missed nowhere."""
    with database.reading() as connection:
        written = connection.execute(select(AuditCheckpoint.__table__)).all()
    ledger = read_all(lines(), signer_of(keyring).verifier)
    wanted = {one.sequence for one in ledger.checkpoints}
    with database.snapshot() as connection:
        secret = keyring.secret("audit")
        chain = verify(connection, secret, wanted=wanted, progress=progress)
    faults = [*chain.faults, *ledger.faults, *_gone(written, ledger), *_unborne(chain, ledger)]
    borne = [one for one in ledger.checkpoints if _is_borne(chain, one)]
    return Examination(chain, len(ledger.checkpoints), borne[-1] if borne else None, tuple(faults))


def _is_borne(chain: Verification, checkpoint: Checkpoint) -> bool:
    return hmac.compare_digest(chain.macs.get(checkpoint.sequence, b""), checkpoint.mac)


def _gone(written: Iterable[Any], ledger: Ledger) -> Iterator[Fault]:
    """What the database remembers to have written, and is not among the lines."""
    there = {one.digest for one in ledger.checkpoints}
    gone = [row for row in written if row.line_hash not in there]
    if gone:
        first, last = (choose(gone, key=lambda row: row.created_on) for choose in (min, max))
        yield Fault(
            first.sequence,
            LINES_GONE,
            after=first.created_on,
            before=last.created_on,
            last=last.sequence,
        )


def _unborne(chain: Verification, ledger: Ledger) -> Iterator[Fault]:
    """One fault for each run of checkpoints that the log does not bear out."""
    good: Checkpoint | None = None
    for is_borne, run in groupby(ledger.checkpoints, key=lambda one: _is_borne(chain, one)):
        checkpoints = list(run)
        if is_borne:
            good = checkpoints[-1]
        else:
            yield _put_back(chain, good, checkpoints)


def _put_back(
    chain: Verification, good: Checkpoint | None, checkpoints: list[Checkpoint]
) -> Fault:
    """Where the log stops being the one of the checkpoints: behind its own end, or somewhere
    between the last of them that is borne out and the first that is not."""
    numbers = [one.sequence for one in checkpoints]
    reason = PUT_BACK if any(one in chain.macs for one in numbers) else CUT_OR_PUT_BACK
    first, after = (good.sequence, good.on) if good else (0, None)
    if min(numbers) > chain.newest:
        first, after = chain.newest, chain.newest_on
    return Fault(first + 1, reason, after=after, before=checkpoints[0].on, last=max(numbers))

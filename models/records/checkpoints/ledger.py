"""All lines of the second place, read one after the other: the checkpoints, and what is wrong with
the lines themselves. It does not know the log.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from crypto.signing import Verifier
from models.records.audit_verification import Fault
from models.records.checkpoints.lines import (
    FIRST,
    Checkpoint,
    NoCheckpoint,
    bare,
    digest_of,
    read,
)

LINES_MISSING = "lines before this one are missing, or not in their order"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The checkpoints as they were signed, in order, each once."""

    checkpoints: tuple[Checkpoint, ...]
    faults: tuple[Fault, ...]


def read_all(texts: Iterable[str], verifier: Verifier) -> Ledger:
    """Lines that stand there twice, as in a file and in syslog's, count once."""
    faults: list[Fault] = []
    found = list(_good(texts, verifier, faults))
    return Ledger(tuple(found), tuple(faults))


def _good(texts: Iterable[str], verifier: Verifier, faults: list[Fault]) -> Iterator[Checkpoint]:
    seen: set[bytes] = set()
    before: bytes | None = FIRST
    """The hash that the next line must name; None after a line that is not what it was."""
    newest = None
    for number, text in enumerate(texts, start=1):
        digest = digest_of(bare(text))
        if digest in seen:
            continue
        seen.add(digest)
        try:
            checkpoint = read(text, verifier)
        except NoCheckpoint as error:
            faults.append(Fault(0, str(error), after=newest, line=number))
            before = None
            continue
        if before not in (None, checkpoint.previous):
            fault = Fault(checkpoint.sequence, LINES_MISSING, after=newest, line=number)
            faults.append(replace(fault, before=checkpoint.on))
        before, newest = digest, checkpoint.on
        yield checkpoint

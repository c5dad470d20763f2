"""One line of the acts: how a row came to stand, or that it is gone; signed.

Canonical JSON, each line with the hash of the line before it, and with how far the audit had come.
It knows neither tables nor where lines are kept.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crypto.signing import Signer, Verifier
from models.records.checkpoints.lines import CANONICAL, FIRST, digest_of

Row = Mapping[str, Any]
"""In the words of JSON, by column."""


@dataclass(frozen=True, slots=True)
class Act:
    table: str
    id: str
    row: Row | None
    """None where it is gone."""
    sequence: int
    """Of the audit's last entry when the line was written."""


@dataclass(slots=True)
class Book:
    """All acts as they were signed, the last of each row; and how many lines are not as they were
    written, or not in their order."""

    standing: dict[tuple[str, str], Act] = field(default_factory=dict)
    """In the order in which they came to stand so."""
    faults: int = 0
    sequence: int = 0
    digest: bytes = FIRST


def made(signer: Signer, act: Act, *, on: datetime, previous: bytes) -> str:
    stated = {
        "id": act.id,
        "key": signer.verifier.key_id,
        "on": on.isoformat(),
        "previous": previous.hex(),
        "row": act.row,
        "sequence": act.sequence,
        "table": act.table,
    }
    signature = signer.sign(CANONICAL.encode(stated).encode())
    return CANONICAL.encode({**stated, "signature": signature.hex()})


def read_all(texts: Iterable[str], verifier: Verifier) -> Book:
    book = Book()
    for text in texts:
        found = _read(text, verifier)
        if found is None:
            book.faults += 1
        else:
            act, previous = found
            # nosemgrep: secret-compared - a digest the file tells itself, no secret
            book.faults += previous != book.digest
            book.standing.pop((act.table, act.id), None)
            book.standing[act.table, act.id] = act
            book.sequence = act.sequence
        book.digest = digest_of(text)
    return book


def _read(text: str, verifier: Verifier) -> tuple[Act, bytes] | None:
    """None where any of it is not as it was signed."""
    try:
        stated = json.loads(text)
        signature = bytes.fromhex(stated.pop("signature"))
        previous = bytes.fromhex(stated["previous"])
        act = Act(stated["table"], stated["id"], stated["row"], int(stated["sequence"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    is_ours = stated.get("key") == verifier.key_id
    is_signed = is_ours and verifier.accepts(signature, CANONICAL.encode(stated).encode())
    return (act, previous) if is_signed else None

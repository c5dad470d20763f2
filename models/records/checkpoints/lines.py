"""One line of the checkpoints: up to which entry the log had come at a time, signed.

Canonical JSON, so that whoever has the public key can check it without this program. Each line
holds the hash of the line before it. It knows neither where lines are kept nor the log.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crypto.signing import Signer, Verifier

CANONICAL = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))
FIRST = bytes(32)
"""What stands for the hash of the line before the first."""
LONGEST = 2000
NONE_OF_OURS = "a line is no checkpoint"
OTHER_KEY = "a line was signed with another key"
REWRITTEN = "a line was altered"


class NoCheckpoint(ValueError):
    """A line that is not one of ours, or not as it was written."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """“At `on` the log's last entry was `sequence`, its link `mac`.”"""

    sequence: int
    mac: bytes
    on: datetime
    previous: bytes
    """The hash of the line before."""
    key: str
    line: str

    @property
    def digest(self) -> bytes:
        return digest_of(self.line)


def digest_of(line: str) -> bytes:
    """By which the next line names this one, whatever it is."""
    return hashlib.sha256(line.encode()).digest()


def bare(text: str) -> str:
    """Without what stands before it, as syslog puts there."""
    return text[max(0, text.find("{")) :].strip()


def made(
    signer: Signer, *, sequence: int, mac: bytes, on: datetime, previous: bytes
) -> Checkpoint:
    key = signer.verifier.key_id
    stated = {
        "key": key,
        "mac": mac.hex(),
        "on": on.isoformat(),
        "previous": previous.hex(),
        "sequence": sequence,
    }
    signature = signer.sign(CANONICAL.encode(stated).encode())
    line = CANONICAL.encode({**stated, "signature": signature.hex()})
    return Checkpoint(sequence, mac, on, previous, key, line)


def read(text: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint of a line. Raises NoCheckpoint where any of it is not as it was signed."""
    line = bare(text)
    if len(line) > LONGEST:
        raise NoCheckpoint(NONE_OF_OURS)
    try:
        stated = json.loads(line)
        found = _checkpoint(stated, line)
        signature = bytes.fromhex(stated.pop("signature"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoCheckpoint(NONE_OF_OURS) from error
    if found.key != verifier.key_id:
        raise NoCheckpoint(OTHER_KEY)
    is_canonical = CANONICAL.encode({**stated, "signature": signature.hex()}) == line
    if not is_canonical or not verifier.accepts(signature, CANONICAL.encode(stated).encode()):
        raise NoCheckpoint(REWRITTEN)
    return found


def _checkpoint(stated: dict[str, Any], line: str) -> Checkpoint:
    return Checkpoint(
        sequence=int(stated["sequence"]),
        mac=bytes.fromhex(stated["mac"]),
        on=datetime.fromisoformat(stated["on"]),
        previous=bytes.fromhex(stated["previous"]),
        key=str(stated["key"]),
        line=line,
    )

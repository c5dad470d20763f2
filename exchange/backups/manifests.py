"""What a backup says of itself: one JSON file beside its content, with a MAC under its own key.

    {"mac": …, "manifest": {…}}

It can be read by anybody and holds no value of a record; whoever alters it, or puts another
content beside it, is found out with the root key. It knows neither folders nor databases.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from crypto.providers import KeyProvider
from exchange.backups.keys import BackupKey, unwrapped
from exchange.backups.refusing import BackupRefused

FORMAT = 1
CANONICAL = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))
NONE_OF_OURS = "its manifest is none of ours"


class Kind(StrEnum):
    """The records without their keys, and the keys without the records: never in one backup."""

    RECORDS = "records"
    KEYSTORE = "keystore"


@dataclass(frozen=True, slots=True)
class Measured:
    """A file's length in bytes, and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One backup. `facts` are numbers: of records the audit's last entry, the version of the
    metadata and the highest data key; of a keystore its generation and its highest data key."""

    id: UUID
    kind: Kind
    created_on: datetime
    database: str
    """sqlite or postgresql: a backup comes back to the sort of database that it was taken of."""
    schema: str
    """Of PostgreSQL; "" of SQLite."""
    keystore: str
    """By what a keystore and the records it belongs to know each other."""
    facts: Mapping[str, int]
    rows: Mapping[str, int]
    """By table; those that were left out have none."""
    left_out: tuple[str, ...]
    plain: Measured
    sealed: Measured
    wrapped_key: bytes = field(repr=False)
    half: int
    """Of the records: the key in the keystore that is one half of its key; 0 of a keystore."""
    halves: bytes = field(repr=False)
    """Of a keystore: all such halves, sealed; none of the records."""

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())


def written(manifest: Manifest, key: BackupKey) -> bytes:
    stated = {one.name: _stated(getattr(manifest, one.name)) for one in fields(manifest)}
    stated |= {"format": FORMAT}
    mac = key.mac(CANONICAL.encode(stated).encode())
    return json.dumps({"mac": mac.hex(), "manifest": stated}, indent=1, sort_keys=True).encode()


def read(text: bytes, provider: KeyProvider) -> tuple[Manifest, BackupKey]:
    """BackupRefused where it is not as it was written; WrongRootKey where another root key made
    the backup, or the key in it was altered."""
    try:
        told = json.loads(text)
        stated, mac = told["manifest"], bytes.fromhex(told["mac"])
        manifest = _manifest(stated)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupRefused(NONE_OF_OURS) from error
    key = unwrapped(provider, manifest.wrapped_key, kind=manifest.kind, backup_id=manifest.id)
    if not hmac.compare_digest(mac, key.mac(CANONICAL.encode(stated).encode())):
        raise BackupRefused("its manifest was altered")
    if stated["format"] != FORMAT:
        raise BackupRefused(f"its format is {stated['format']}; this program reads {FORMAT}")
    return manifest, key


def _stated(value: object) -> object:
    """As JSON has it."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Measured(size, sha256):
            return {"size": size, "sha256": sha256}
        case tuple():
            return list(value)
    return value


def _manifest(stated: dict[str, Any]) -> Manifest:
    return Manifest(
        id=UUID(stated["id"]),
        kind=Kind(stated["kind"]),
        created_on=datetime.fromisoformat(stated["created_on"]),
        database=str(stated["database"]),
        schema=str(stated["schema"]),
        keystore=str(stated["keystore"]),
        facts={str(name): int(number) for name, number in stated["facts"].items()},
        rows={str(name): int(number) for name, number in stated["rows"].items()},
        left_out=tuple(stated["left_out"]),
        plain=_measured(stated["plain"]),
        sealed=_measured(stated["sealed"]),
        wrapped_key=bytes.fromhex(stated["wrapped_key"]),
        half=int(stated["half"]),
        halves=bytes.fromhex(stated["halves"]),
    )


def _measured(stated: dict[str, Any]) -> Measured:
    return Measured(int(stated["size"]), str(stated["sha256"]))

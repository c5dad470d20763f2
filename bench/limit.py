"""The limit: what plain `sqlite3`, AESGCM and `csv` do when nothing is checked or looked up.

The same rows as the service keeps: the record with two sealed attributes, its wrapped key, two
blind-index rows, a code by which likely duplicates are found, an audit entry in the chain, a
sealed mail and the digest of its link. Tables and indexes are the service's own, copied from its
file. One loop, one process, no layer. It is what Python can do at all on this machine, not
something one could use.
"""

import csv
import hashlib
import hmac
import io
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from models.tables.base import new_id

BATCH, READ = 1000, 500
NUMBERS = {"kobe_email": 1, "kobe_phone": 2}
BUCKETS = {"kobe_email": 32, "kobe_phone": 16}
MAIL_LENGTH = 1024
ENTITY, FORM, OWNER = "kobe_application", "kobe_application", bytes(16).hex()
CONTENT = (
    *("kobe_organizationname", "kobe_nickname", "kobe_email", "kobe_phone", "kobe_websiteurl"),
    *("kobe_catchphrase", "kobe_category", "kobe_body", "kobe_language"),
)
COLUMNS = {
    ENTITY: (
        *("id", "createdon", "modifiedon", "kobe_stagesince", "statecode", "statuscode"),
        *("versionnumber", "kobe_stage", "ownerid", "owningbusinessunit", "kobe_receiptnumber"),
        *("data_key_id", *CONTENT),
    ),
    "blindindex": ("attribute_number", "digest", "record_id", "key_id"),
    "matchcode": ("rule", "code", "record_id"),
    "audit": (
        *("sequence", "created_on", "action", "outcome", "subject_id", "entity", "record_id"),
        *("body", "mac"),
    ),
    "applicantlink": ("token_hash", "form", "entity", "record_id", "expires_on"),
    "systemjob": (
        *("id", "kind", "name", "state", "status", "due_on", "attempts", "message"),
        *("created_on", "entity", "record_id", "payload"),
    ),
}
WRITE = {
    table: f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    for table, names in COLUMNS.items()
}
KEY = ("id", "purpose", "entity_number", "period", "wrapped", "state", "created_on")
WRITE_KEY = f"INSERT INTO data_key ({', '.join(KEY)}) VALUES (?, 2, 1, 0, ?, 'active', ?)"
ENTRY = {
    **{"action": "create", "by": "measuring", "entity": ENTITY, "kind": "system"},
    **{"outcome": "ok", "attributes": [*CONTENT, *CONTENT]},
}
SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-2048;"


class Limit:
    """The raw writer and the raw exporter over one pair of files, made like the service's."""

    def __init__(self, folder: Path, *, service: Path) -> None:
        folder.mkdir(parents=True)
        self._records = _made_like(service / "uketsuke.db", folder / "records.db", COLUMNS)
        self._keys = _made_like(service / "keystore.db", folder / "keys.db", ("data_key",))
        self._wrapper = AESGCMSIV(os.urandom(32))
        self._secret = os.urandom(32)
        self._sequence, self._mac = 0, b""

    def write(self, rows: Sequence[dict[str, Any]]) -> float:
        """Write the rows, a thousand a transaction; records per second."""
        started = time.perf_counter()
        for start in range(0, len(rows), BATCH):
            self._write_batch(rows[start : start + BATCH])
        return len(rows) / (time.perf_counter() - started)

    def export(self, *, month_key: bool = False) -> Iterator[bytes]:
        """Every record to CSV, opened, in chunks."""
        shared = AESGCM(bytes(32)) if month_key else None
        for rows in self._chunks():
            ciphers = self._ciphers({row[0] for row in rows}) if shared is None else {}
            text = io.StringIO(newline="")
            writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            writer.writerows(_opened(row, shared or ciphers[row[0]]) for row in rows)
            yield text.getvalue().encode()

    def seal_with_one_key(self) -> None:
        """Seal all records anew with one key, as the month's bucket does."""
        cipher = AESGCM(bytes(32))
        write = "UPDATE kobe_application SET kobe_email = ?, kobe_phone = ? WHERE id = ?"
        self._records.execute("BEGIN IMMEDIATE")
        for rows in self._chunks(columns="data_key_id, id, kobe_email, kobe_phone"):
            ciphers = self._ciphers({row[0] for row in rows})
            changed = []
            for key_id, record, email, phone in rows:
                identity = bytes.fromhex(record)
                opened = _open_two(ciphers[key_id], identity, email, phone)
                values = dict(zip(NUMBERS, opened, strict=True))
                sealed = _sealed(cipher, key_id, identity, values)
                changed.append((*sealed.values(), record))
            self._records.executemany(write, changed)
        self._records.execute("COMMIT")

    def close(self) -> None:
        self._records.close()
        self._keys.close()

    def _write_batch(self, rows: Sequence[dict[str, Any]]) -> None:
        first = self._sequence + 1
        secrets = [os.urandom(32) for _ in rows]
        self._write_keys(first, secrets)
        written: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        now = time.strftime("%Y-%m-%d %H:%M:%S.000000")
        for key_id, (row, secret) in enumerate(zip(rows, secrets, strict=True), first):
            identity, cipher = new_id(), AESGCM(secret)
            record = identity.hex
            values = {**row, **_sealed(cipher, key_id, identity.bytes, row)}
            receipt = os.urandom(8).hex()
            kept = [values.get(name) for name in CONTENT]
            state = (now, now, now, 0, 2, 1, 2, OWNER, OWNER)
            written[ENTITY].append((record, *state, receipt, key_id, *kept))
            for name, number in NUMBERS.items():
                written["blindindex"].append((number, self._digest(row[name]), record, 1))
            alike = self._digest(row["kobe_catchphrase"] + row["kobe_nickname"])
            written["matchcode"].append((1, alike, record))
            written["audit"].append(self._entry(record, now))
            link = hashlib.sha256(token_urlsafe(32).encode()).digest()
            written["applicantlink"].append((link, FORM, ENTITY, record, now))
            mail = _seal(cipher, 9, key_id, identity.bytes, _mail(row, receipt))
            job = (new_id().hex, "send_mail", "kobe_received", "READY", "WAITING", now, 0, "", now)
            written["systemjob"].append((*job, ENTITY, record, mail))
        self._records.execute("BEGIN IMMEDIATE")
        for table, statement in WRITE.items():
            self._records.executemany(statement, written[table])
        self._records.execute("COMMIT")

    def _write_keys(self, first: int, secrets: Sequence[bytes]) -> None:
        wrapped, now = [], time.strftime("%Y-%m-%d %H:%M:%S.000000")
        for key_id, secret in enumerate(secrets, first):
            nonce = os.urandom(12)
            sealed = nonce + self._wrapper.encrypt(nonce, secret, _id(key_id))
            wrapped.append((key_id, sealed, now))
        self._keys.execute("BEGIN IMMEDIATE")
        self._keys.executemany(WRITE_KEY, wrapped)
        self._keys.execute("COMMIT")

    def _entry(self, record: str, now: str) -> tuple[Any, ...]:
        self._sequence += 1
        entry = {"sequence": self._sequence, "on": now, "record": record, **ENTRY}
        body = json.dumps(entry)
        self._mac = hmac.digest(self._secret, self._mac + body.encode(), hashlib.sha256)
        subject = int.from_bytes(bytes.fromhex(record[-12:]))
        return self._sequence, now, "create", "ok", subject, ENTITY, record, body, self._mac

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._secret, text.encode(), hashlib.sha256)[:16]

    def _chunks(self, columns: str = "") -> Iterator[list[tuple[Any, ...]]]:
        chosen = columns or ", ".join(
            ["data_key_id", "id", "kobe_receiptnumber", "createdon", *CONTENT]
        )
        cursor = self._records.execute(f"SELECT {chosen} FROM kobe_application ORDER BY id DESC")
        while rows := cursor.fetchmany(READ):
            yield rows

    def _ciphers(self, ids: set[int]) -> dict[int, AESGCM]:
        found = self._keys.execute(
            "SELECT id, wrapped FROM data_key WHERE id BETWEEN ? AND ?", (min(ids), max(ids))
        )
        unwrap = self._wrapper.decrypt
        return {
            key_id: AESGCM(unwrap(wrapped[:12], wrapped[12:], _id(key_id)))
            for key_id, wrapped in found
        }


def _made_like(source: Path, place: Path, tables: Iterable[str]) -> sqlite3.Connection:
    """An empty file with those tables and all their indexes as another file has them."""
    connection = sqlite3.connect(place, isolation_level=None)
    connection.executescript(SETTINGS)
    chosen = "tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC"
    with closing(sqlite3.connect(source)) as like:
        for table in tables:
            for (statement,) in like.execute(
                f"SELECT sql FROM sqlite_master WHERE {chosen}",
                (table,),
            ):
                connection.execute(statement)
    return connection


def _id(key_id: int) -> bytes:
    return key_id.to_bytes(8, "big")


def _seal(cipher: AESGCM, number: int, key_id: int, record: bytes, padded: bytes) -> bytes:
    nonce, header = os.urandom(12), b"\x01" + _id(key_id)
    context = header + number.to_bytes(4, "big") + record
    return header + nonce + cipher.encrypt(nonce, padded, context)


def _sealed(cipher: AESGCM, key_id: int, record: bytes, row: dict[str, Any]) -> dict[str, bytes]:
    return {
        name: _seal(cipher, number, key_id, record, row[name].encode().ljust(BUCKETS[name], b"\0"))
        for name, number in NUMBERS.items()
    }


def _open_two(cipher: AESGCM, record: bytes, email: bytes, phone: bytes) -> tuple[str, str]:
    open_one = cipher.decrypt
    return (
        open_one(email[9:21], email[21:], email[:9] + b"\0\0\0\1" + record).rstrip(b"\0").decode(),
        open_one(phone[9:21], phone[21:], phone[:9] + b"\0\0\0\2" + record).rstrip(b"\0").decode(),
    )


def _opened(row: tuple[Any, ...], cipher: AESGCM) -> tuple[Any, ...]:
    _, record, receipt, created, organization, nickname, email, phone, *rest = row
    personal = _open_two(cipher, bytes.fromhex(record), email, phone)
    return (receipt, created, organization, nickname, *personal, *rest)


def _mail(row: dict[str, Any], receipt: str) -> bytes:
    text = f"{row['kobe_email']}\n{row['kobe_nickname']} 様\n受付番号 {receipt}\n"
    return text.encode().ljust(MAIL_LENGTH, b"\0")

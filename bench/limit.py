"""The limit: what plain `sqlite3`, AESGCM and `csv` do when nothing is checked or looked up.

The same rows and indexes as the service keeps: the record with two sealed attributes, its wrapped
key, two blind-index rows, an audit entry in the chain and a sealed mail. One loop, one process, no
layer. It is what Python can do at all on this machine, not something one could use.
"""

import csv
import hashlib
import hmac
import io
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from models.tables.base import new_id

BATCH, READ = 1000, 500
NUMBERS = {"kobe_email": 1, "kobe_phone": 2}
BUCKETS = {"kobe_email": 32, "kobe_phone": 16}
MAIL_LENGTH = 1024
COLUMNS = (
    *("kobe_organizationname", "kobe_nickname", "kobe_email", "kobe_phone", "kobe_websiteurl"),
    *("kobe_catchphrase", "kobe_category", "kobe_body"),
)
TABLES = """
CREATE TABLE record (id TEXT PRIMARY KEY, created TEXT, modified TEXT, state INTEGER,
  status INTEGER, version INTEGER, owner TEXT, unit TEXT, receipt TEXT, key_id INTEGER, {columns});
CREATE INDEX record_receipt ON record (receipt);
CREATE INDEX record_created ON record (created, id);
CREATE INDEX record_status ON record (status, created, id);
CREATE INDEX record_owner ON record (owner, created, id, state, status);
CREATE INDEX record_unit ON record (unit, created, id, state, status);
CREATE TABLE blindindex (attribute INTEGER, digest BLOB, record TEXT, key_id INTEGER,
  PRIMARY KEY (attribute, digest, record));
CREATE INDEX blindindex_record ON blindindex (record);
CREATE TABLE audit (sequence INTEGER PRIMARY KEY, created TEXT, action TEXT, caller TEXT,
  entity TEXT, record TEXT, body TEXT, mac BLOB);
CREATE INDEX audit_record ON audit (record);
CREATE TABLE job (id TEXT PRIMARY KEY, kind TEXT, name TEXT, state TEXT, status TEXT, due TEXT,
  entity TEXT, record TEXT, payload BLOB);
CREATE INDEX job_due ON job (state, due);
CREATE INDEX job_record ON job (record);
"""
ENTITY, OWNER = "kobe_application", bytes(16).hex()
ENTRY = {
    **{"action": "create", "by": "measuring", "entity": ENTITY, "kind": "system"},
    **{"outcome": "ok", "attributes": [*COLUMNS, *COLUMNS]},
}
SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4096;"


class Limit:
    """The raw writer and the raw exporter over one pair of files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._records = sqlite3.connect(folder / "records.db", isolation_level=None)
        self._keys = sqlite3.connect(folder / "keys.db", isolation_level=None)
        for connection in (self._records, self._keys):
            connection.executescript(SETTINGS)
        self._records.executescript(TABLES.format(columns=", ".join(COLUMNS)))
        self._keys.execute("CREATE TABLE data_key (id INTEGER PRIMARY KEY, wrapped BLOB)")
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
        write = "UPDATE record SET kobe_email = ?, kobe_phone = ? WHERE id = ?"
        self._records.execute("BEGIN IMMEDIATE")
        for rows in self._chunks(columns="key_id, id, kobe_email, kobe_phone"):
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
        records, index, audit, jobs = [], [], [], []
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        for key_id, (row, secret) in enumerate(zip(rows, secrets, strict=True), first):
            identity, cipher = new_id(), AESGCM(secret)
            record = identity.hex
            sealed = _sealed(cipher, key_id, identity.bytes, row)
            values = {**row, **sealed}
            receipt = os.urandom(8).hex()
            kept = [values.get(name) for name in COLUMNS]
            records.append((record, now, now, 0, 2, 1, OWNER, OWNER, receipt, key_id, *kept))
            for name, number in NUMBERS.items():
                digest = hmac.digest(self._secret, row[name].encode(), hashlib.sha256)[:16]
                index.append((number, digest, record, 1))
            audit.append(self._entry(record, now))
            mail = _seal(cipher, 9, key_id, identity.bytes, _mail(row, receipt))
            job = (new_id().hex, "send_mail", "kobe_received", "READY", "WAITING", now)
            jobs.append((*job, ENTITY, record, mail))
        self._records.execute("BEGIN IMMEDIATE")
        for table, written in (
            ("record", records),
            ("blindindex", index),
            ("audit", audit),
            ("job", jobs),
        ):
            marks = ",".join("?" * len(written[0]))
            self._records.executemany(f"INSERT INTO {table} VALUES ({marks})", written)
        self._records.execute("COMMIT")

    def _write_keys(self, first: int, secrets: Sequence[bytes]) -> None:
        wrapped = []
        for key_id, secret in enumerate(secrets, first):
            nonce = os.urandom(12)
            wrapped.append((key_id, nonce + self._wrapper.encrypt(nonce, secret, _id(key_id))))
        self._keys.execute("BEGIN IMMEDIATE")
        self._keys.executemany("INSERT INTO data_key VALUES (?, ?)", wrapped)
        self._keys.execute("COMMIT")

    def _entry(self, record: str, now: str) -> tuple[Any, ...]:
        self._sequence += 1
        entry = {"sequence": self._sequence, "on": now, "record": record, **ENTRY}
        body = json.dumps(entry)
        self._mac = hmac.digest(self._secret, self._mac + body.encode(), hashlib.sha256)
        return self._sequence, now, "create", None, ENTITY, record, body, self._mac

    def _chunks(self, columns: str = "") -> Iterator[list[tuple[Any, ...]]]:
        chosen = columns or ", ".join(["key_id", "id", "receipt", "created", *COLUMNS])
        cursor = self._records.execute(f"SELECT {chosen} FROM record ORDER BY id DESC")
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

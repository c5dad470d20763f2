"""New keys for all that is sealed: rows a second, beside what plain `sqlite3` and AESGCM do.

The wait for other processes' caches, a minute after the last row, is left out: it costs nothing
and is the same for ten rows and for a million.
"""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from bench.installation import ENTITY, Installation
from bench.measuring import Table, verdict
from models.records.rekeying import data_keys, reindexing
from models.records.rekeying.patience import Patience
from models.security.caller import Caller

BATCH = 1000
AIM = 0.15
"""Of the limit, which reads each row once and believes what it wrote. The service goes over all
rows four times: it moves them, finds nothing left, opens everything with the old keys withheld,
and finds nothing left once more while nobody writes."""
AT_ONCE = Patience(0.0)
ROTATOR = Caller.system("measuring")
VALUES = (b"m" * 32, b"p" * 16)
SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
TABLES = """
CREATE TABLE record (id CHAR(32) PRIMARY KEY, key INTEGER, email BLOB, phone BLOB);
CREATE TABLE data_key (id INTEGER PRIMARY KEY, wrapped BLOB);
"""
READ = "SELECT * FROM record WHERE id > ? ORDER BY id LIMIT ?"
WRITE = (
    "UPDATE record SET key = ?, email = ?, phone = ? "
    "WHERE id = ? AND key IS ? AND email IS ? AND phone IS ?"
)


def rotations(table: Table, installation: Installation, folder: Path) -> None:
    table.section("New keys: each row opened, sealed anew, proved; then the old keys destroyed")
    engine = installation.engine
    started = time.perf_counter()
    [done] = data_keys.rotate(engine, ROTATOR, [ENTITY], patience=AT_ONCE)
    ours = done.moved / (time.perf_counter() - started)
    limit = done.moved / _raw(folder / "rotation.db", done.moved)
    table.add(
        f"{done.moved:,} rows, a key for each record",
        f"{ours:,.0f} rows/s",
        f"limit {limit:,.0f}",
        verdict(f"{ours / limit:.2f} of the limit (≥ {AIM})", reached=ours / limit >= AIM),
    )
    started = time.perf_counter()
    records = reindexing.rebuild_index(engine)
    spent = time.perf_counter() - started
    table.add("blind index made anew, two values each", f"{records / spent:,.0f} records/s")


def _raw(place: Path, rows: int) -> float:
    """Seconds for as many rows with two values each, a new key for every row, a thousand a
    commit."""
    wrapper = AESGCMSIV(os.urandom(32))
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.executescript(SETTINGS + TABLES)
        keys = [AESGCM(os.urandom(32)) for _ in range(rows)]
        made = [_row(number, keys[number]) for number in range(rows)]
        _commit(connection, "INSERT INTO record VALUES (?, ?, ?, ?)", made)
        started, last = time.perf_counter(), ""
        while read := connection.execute(READ, (last, BATCH)).fetchall():
            changes, wrapped = [], []
            for identity, key, *envelopes in read:
                secret, nonce, record = os.urandom(32), os.urandom(12), bytes.fromhex(identity)
                new, cipher = key + rows, AESGCM(secret)
                wrapped.append((new, nonce + wrapper.encrypt(nonce, secret, _id(new))))
                values = [_opened(keys[key], one, record) for one in envelopes]
                sealed = [_sealed(cipher, new, one, record) for one in values]
                changes.append((new, *sealed, identity, key, *envelopes))
            _commit(connection, "INSERT INTO data_key VALUES (?, ?)", wrapped)
            _commit(connection, WRITE, changes)
            last = read[-1][0]
        return time.perf_counter() - started


def _row(number: int, key: AESGCM) -> tuple[object, ...]:
    record = os.urandom(16)
    return (record.hex(), number, *(_sealed(key, number, one, record) for one in VALUES))


def _sealed(cipher: AESGCM, key: int, value: bytes, record: bytes) -> bytes:
    nonce, header = os.urandom(12), b"\x01" + _id(key)
    return header + nonce + cipher.encrypt(nonce, value, header + record)


def _opened(cipher: AESGCM, envelope: bytes, record: bytes) -> bytes:
    return cipher.decrypt(envelope[9:21], envelope[21:], envelope[:9] + record)


def _commit(
    connection: sqlite3.Connection, statement: str, rows: list[tuple[object, ...]]
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(statement, rows)
    connection.execute("COMMIT")


def _id(key: int) -> bytes:
    return key.to_bytes(8, "big")

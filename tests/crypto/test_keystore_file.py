"""What a thief of the keystore's SQLite files finds: no key, and of destroyed ones no trace."""

import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.errors import DestroyedKey
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose
from crypto.providers import FileKeyProvider


def files_of(path: Path) -> bytes:
    """The database and all its side files, in one."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def wrapped_key(path: Path, key_id: int) -> bytes:
    connection = sqlite3.connect(path)
    try:
        query = "SELECT wrapped FROM data_key WHERE id = ?"
        wrapped: bytes = connection.execute(query, (key_id,)).fetchone()[0]
        return wrapped
    finally:
        connection.close()


def test_no_key_lies_in_the_files(
    sqlite_keystore: Keystore, sqlite_path: Path, root_key_path: Path
) -> None:
    keys = sqlite_keystore.new_keys(Purpose.RECORD, entity_number=3, period=202611, count=50)
    wrapped = wrapped_key(sqlite_path, keys[0].id)
    content = files_of(sqlite_path)
    assert wrapped in content  # the search itself works
    assert not any(key.secret in content for key in keys)
    assert root_key_path.read_bytes() not in content


@pytest.mark.parametrize("count", [1, 40])
def test_a_destroyed_key_is_gone_from_database_and_log(
    sqlite_keystore: Keystore, sqlite_path: Path, count: int
) -> None:
    keys = sqlite_keystore.new_keys(Purpose.RECORD, entity_number=3, period=202611, count=80)
    doomed = keys[:count]
    wrapped = [wrapped_key(sqlite_path, key.id) for key in doomed]
    kept = wrapped_key(sqlite_path, keys[-1].id)
    sqlite_keystore.destroy([key.id for key in doomed])
    content = files_of(sqlite_path)
    assert kept in content
    # Not even a part of one: the nonce alone would tell that pages are left as they were.
    assert not any(blob in content or blob[:12] in content for blob in wrapped)


def test_a_busy_log_is_reported_and_emptied_later(
    sqlite_keystore: Keystore, sqlite_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = sqlite_keystore.active_key(Purpose.MONTH, entity_number=3, period=202611)
    wrapped = wrapped_key(sqlite_path, key.id)
    reader = sqlite3.connect(sqlite_path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM data_key").fetchone()
    engine = sqlite_keystore._engine
    with engine.begin() as connection:  # the pool's one connection, so that waiting is short
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    sqlite_keystore.destroy([key.id])
    assert "log was in use" in caplog.text
    assert wrapped in files_of(sqlite_path)
    reader.execute("COMMIT")
    reader.close()
    assert sqlite_keystore.empty_log()
    assert wrapped not in files_of(sqlite_path)


def test_the_files_are_readable_by_their_owner_only(
    sqlite_keystore: Keystore, sqlite_path: Path
) -> None:
    sqlite_keystore.generation()
    files = list(sqlite_path.parent.glob(sqlite_path.name + "*"))
    assert len(files) >= 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_file_found_open_to_others_is_closed(tmp_path: Path, provider: FileKeyProvider) -> None:
    path = tmp_path / "found.db"
    path.touch(mode=0o666)
    path.chmod(0o666)
    keystore = Keystore(f"sqlite:///{path}", provider)
    keystore.create()
    keystore.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sqlite_is_opened_durable_and_deletes_securely(sqlite_keystore: Keystore) -> None:
    with sqlite_keystore._engine.begin() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "busy_timeout")
        }
    assert read["journal_mode"] == "wal"
    assert read["synchronous"] == 2
    assert read["secure_delete"] == 1
    assert read["busy_timeout"] >= 5000


def test_a_value_from_an_old_backup_stays_shut(
    sqlite_keystore: Keystore, sqlite_path: Path, tmp_path: Path, provider: FileKeyProvider
) -> None:
    """The data's backup comes back, the keystore does not: that is why it is a database apart."""
    key = sqlite_keystore.active_key(Purpose.MONTH, entity_number=3, period=202611)
    backup = AESGCM(key.secret).encrypt(bytes(12), b"value", None)
    older = tmp_path / "older"
    older.mkdir()
    sqlite_keystore.empty_log()
    shutil.copy(sqlite_path, older / sqlite_path.name)
    sqlite_keystore.destroy([key.id])
    assert isinstance(sqlite_keystore.fetch([key.id])[key.id], DestroyedKey)
    # The contrast, and the reason for a short archive: an older keystore would still open it.
    restored = Keystore(f"sqlite:///{older / sqlite_path.name}", provider)
    cipher = restored.fetch([key.id])[key.id]
    restored.dispose()
    assert isinstance(cipher, AESGCM)
    assert cipher.decrypt(bytes(12), backup, None) == b"value"

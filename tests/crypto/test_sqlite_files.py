"""How both of the house's databases begin on SQLite, when several processes start together."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from crypto.sqlite_files import write_ahead


def test_a_log_is_begun_once_others_let_go(tmp_path: Path) -> None:
    """SQLite does not wait here by itself."""
    path = tmp_path / "new.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        closing(sqlite3.connect(path, timeout=0, check_same_thread=False)) as ours,
        ThreadPoolExecutor() as pool,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            ours.execute("PRAGMA journal_mode = WAL")
        begun = pool.submit(write_ahead, ours)
        time.sleep(0.2)
        assert not begun.done()
        other.execute("COMMIT")
        begun.result(timeout=10)
        assert ours.execute("PRAGMA journal_mode").fetchone() == ("wal",)

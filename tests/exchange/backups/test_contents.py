"""The law of a backup's bytes: what was sealed comes back, and nothing else ever does."""

import itertools
import os
import tracemalloc
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.pieces import OVERHEAD
from exchange.backups.contents import PIECE, opened_from, seal_into
from exchange.backups.keys import BackupKey
from exchange.backups.manifests import Measured
from exchange.backups.refusing import BackupRefused

KEY = BackupKey(bytes(range(32)))
ID = UUID(int=7)


def seal(file: Path, *chunks: bytes) -> tuple[Measured, Measured]:
    return seal_into(file, chunks, key=KEY, backup_id=ID)


def opened(
    file: Path, told: tuple[Measured, Measured], *, key: BackupKey = KEY, backup_id: UUID = ID
) -> bytes:
    plain, sealed = told
    return b"".join(opened_from(file, key=key, backup_id=backup_id, sealed=sealed, plain=plain))


@given(lengths=st.lists(st.sampled_from((0, 1, 100, PIECE - 1, PIECE, PIECE + 1)), max_size=4))
def test_however_it_comes_it_comes_back(
    lengths: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("content") / "content"
    chunks = [os.urandom(length) for length in lengths]
    told = seal(file, *chunks)
    assert opened(file, told) == b"".join(chunks)
    assert told[0].size == sum(lengths)
    assert told[1].size == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600


def test_memory_is_flat(tmp_path: Path) -> None:
    """Sixty-four megabytes pass through eight."""
    file, chunk = tmp_path / "content", os.urandom(PIECE)
    tracemalloc.start()
    try:
        told = seal(file, *itertools.repeat(chunk, 64))
        opening = opened_from(file, key=KEY, backup_id=ID, sealed=told[1], plain=told[0])
        assert sum(len(one) for one in opening) == 64 * PIECE
        assert tracemalloc.get_traced_memory()[1] < 8 * PIECE
    finally:
        tracemalloc.stop()


@pytest.fixture
def content(tmp_path: Path) -> tuple[Path, tuple[Measured, Measured]]:
    """Three pieces: two whole ones and the end."""
    file = tmp_path / "content"
    return file, seal(file, os.urandom(2 * PIECE + 500))


def spoil(file: Path, place: int) -> None:
    altered = bytearray(file.read_bytes())
    altered[place] ^= 1
    file.write_bytes(altered)


@pytest.mark.parametrize("place", [0, 8, 9, 20, 21, PIECE, PIECE + OVERHEAD, -1, -16, -17])
def test_no_bit_may_differ(content: tuple[Path, tuple[Measured, Measured]], place: int) -> None:
    file, told = content
    spoil(file, place)
    with pytest.raises(BackupRefused, match="altered, or cut short"):
        opened(file, told)


def test_a_piece_may_be_neither_missing_nor_elsewhere(
    content: tuple[Path, tuple[Measured, Measured]],
) -> None:
    file, told = content
    whole, length = file.read_bytes(), PIECE + OVERHEAD
    first, second, end = whole[:length], whole[length : 2 * length], whole[2 * length :]
    for spoilt in (second + first + end, first + end, first + second, first, b"", whole + end):
        file.write_bytes(spoilt)
        with pytest.raises(BackupRefused):
            opened(file, told)


def test_of_another_backup_or_under_another_key_nothing_opens(
    content: tuple[Path, tuple[Measured, Measured]],
) -> None:
    file, told = content
    for key, backup_id in ((BackupKey(bytes(32)), ID), (KEY, uuid4())):
        with pytest.raises(BackupRefused):
            opened(file, told, key=key, backup_id=backup_id)


def test_what_a_manifest_says_of_another_content_is_refused(
    content: tuple[Path, tuple[Measured, Measured]], tmp_path: Path
) -> None:
    """An older content of the same backup does not exist; a manifest of another does."""
    file, _ = content
    with pytest.raises(BackupRefused, match="not the one its manifest speaks of"):
        opened(file, seal(tmp_path / "another", b"something else"))

"""The root key's keepers: what they refuse, and that a context binds."""

import os
import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import InsecureKeyFile, WrongRootKey
from crypto.providers import EnvironmentKeyProvider, FileKeyProvider, KeyProvider

PROVIDER: KeyProvider = EnvironmentKeyProvider(b64encode(bytes(range(32))).decode())


@given(key=st.binary(min_size=32, max_size=32), context=st.binary(max_size=40))
def test_unwrap_gives_back_what_was_wrapped(key: bytes, context: bytes) -> None:
    blob = PROVIDER.wrap(key, context)
    assert key not in blob
    assert PROVIDER.unwrap(blob, context) == key


@given(context=st.binary(max_size=40), other=st.binary(max_size=40))
def test_another_context_does_not_unwrap(context: bytes, other: bytes) -> None:
    blob = PROVIDER.wrap(bytes(32), context)
    if context != other:
        with pytest.raises(WrongRootKey):
            PROVIDER.unwrap(blob, other)


@given(noise=st.binary(max_size=80))
def test_noise_does_not_unwrap(noise: bytes) -> None:
    with pytest.raises(WrongRootKey):
        PROVIDER.unwrap(noise, b"context")


def test_a_new_file_is_private_whole_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    made = FileKeyProvider.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert path.stat().st_size == 32
    assert [entry.name for entry in tmp_path.iterdir()] == ["root.key"]
    blob = made.wrap(bytes(32), b"context")
    assert FileKeyProvider(path).unwrap(blob, b"context") == bytes(32)


def test_create_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    path.write_bytes(b"x" * 32)
    with pytest.raises(FileExistsError):
        FileKeyProvider.create(path)
    assert path.read_bytes() == b"x" * 32
    assert len(list(tmp_path.iterdir())) == 1


def test_of_many_set_ups_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "root.key"

    def create(_: int) -> bool:
        try:
            FileKeyProvider.create(path)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(create, range(16))) == 1


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o700])
def test_modes_that_only_the_owner_has(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "root.key"
    path.write_bytes(os.urandom(32))
    path.chmod(mode)
    FileKeyProvider(path)


@pytest.mark.parametrize("mode", [0o404, 0o440, 0o444, 0o420, 0o402, 0o410, 0o401, 0o644, 0o777])
def test_modes_that_let_others_in_are_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "root.key"
    path.write_bytes(os.urandom(32))
    path.chmod(mode)
    with pytest.raises(InsecureKeyFile):
        FileKeyProvider(path)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_file_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "root.key"
    path.write_bytes(os.urandom(length))
    path.chmod(0o400)
    with pytest.raises(InsecureKeyFile):
        FileKeyProvider(path)


def test_a_link_is_judged_by_its_file(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "root.key"
    target.write_bytes(os.urandom(32))
    target.chmod(0o644)
    link.symlink_to(target)
    with pytest.raises(InsecureKeyFile):
        FileKeyProvider(link)
    target.chmod(0o400)
    FileKeyProvider(link)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_an_environment_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(WrongRootKey):
        EnvironmentKeyProvider(b64encode(bytes(length)).decode())


@pytest.mark.parametrize("text", ["", "no base64!", "あ" * 44, "A" * 43])
def test_an_environment_key_that_is_no_base64_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(WrongRootKey) as refusal:
        EnvironmentKeyProvider(text)
    assert not text or text not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_provider_does_not_show_its_key() -> None:
    key = os.urandom(32)
    provider = EnvironmentKeyProvider(b64encode(key).decode() + "\n")
    assert repr(key)[2:-1] not in repr(provider) + repr(vars(provider))

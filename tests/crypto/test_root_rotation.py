"""Another root key: both open the keystore in between, and whatever breaks it off, it goes on."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crypto.errors import WrongRootKey
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose
from crypto.providers import FileKeyProvider, LocalKeyProvider
from crypto.root_files import rotate_file
from crypto.root_rotation import RootRotation

OTHER, THIRD = LocalKeyProvider(os.urandom(32)), LocalKeyProvider(os.urandom(32))


@pytest.fixture
def rotation(keystore: Keystore) -> RootRotation:
    return RootRotation(keystore)


@contextmanager
def opened(url: str, provider: LocalKeyProvider) -> Iterator[Keystore]:
    """As by a process that starts now."""
    keystore = Keystore(url, provider)
    yield keystore
    keystore.dispose()


def opens(url: str, provider: LocalKeyProvider) -> bool:
    with opened(url, provider) as keystore:
        try:
            keystore.check()
        except WrongRootKey:
            return False
    return True


def test_between_offer_and_settling_both_open_it(
    rotation: RootRotation, keystore_url: str, provider: FileKeyProvider
) -> None:
    rotation.offer(OTHER)
    assert opens(keystore_url, provider)
    assert opens(keystore_url, OTHER)
    assert rotation.is_offered(OTHER)
    assert not rotation.is_offered(provider)
    rotation.settle(OTHER)
    assert not opens(keystore_url, provider)
    assert opens(keystore_url, OTHER)
    assert not rotation.has_offer()
    assert rotation.is_present(OTHER)


def test_another_offer_takes_the_place_of_the_first(
    rotation: RootRotation, keystore_url: str
) -> None:
    rotation.offer(OTHER)
    rotation.offer(THIRD)
    assert not opens(keystore_url, OTHER)
    assert opens(keystore_url, THIRD)


def test_only_the_offered_key_is_settled(rotation: RootRotation, keystore_url: str) -> None:
    with pytest.raises(WrongRootKey):
        rotation.settle(OTHER)
    rotation.offer(OTHER)
    with pytest.raises(WrongRootKey):
        rotation.settle(THIRD)
    assert opens(keystore_url, OTHER)


def test_no_data_key_changes(
    keystore: Keystore, rotation: RootRotation, keystore_url: str
) -> None:
    [key] = keystore.new_keys(Purpose.RECORD, entity_number=3, period=202611, count=1)
    rotation.offer(OTHER)
    rotation.settle(OTHER)
    with opened(keystore_url, OTHER) as again:
        [same] = again.live_keys(Purpose.RECORD, entity_number=3)
    assert same == key


class Files:
    """The file of the root key and those beside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.new, self.old = (root.with_name(f"{root.name}.{end}") for end in ("new", "old"))

    def beside(self) -> list[str]:
        return sorted(file.name for file in self.root.parent.glob(f"{self.root.name}.*"))


@pytest.fixture
def files(root_key_path: Path) -> Files:
    return Files(root_key_path)


def made(files: Files, rotation: RootRotation) -> None:
    FileKeyProvider.create(files.new)


def offered(files: Files, rotation: RootRotation) -> None:
    made(files, rotation)
    rotation.offer(FileKeyProvider(files.new))


def put_aside(files: Files, rotation: RootRotation) -> None:
    offered(files, rotation)
    os.link(files.root, files.old)


def swapped(files: Files, rotation: RootRotation) -> None:
    put_aside(files, rotation)
    os.replace(files.new, files.root)


def settled(files: Files, rotation: RootRotation) -> None:
    swapped(files, rotation)
    rotation.settle(FileKeyProvider(files.root))


@pytest.mark.parametrize(
    "state", [None, made, offered, put_aside, swapped, settled], ids=lambda one: str(one)[10:20]
)
def test_broken_off_anywhere_it_opens_and_is_gone_on_with(
    files: Files, rotation: RootRotation, keystore_url: str, state: object
) -> None:
    """Each state that a killed process may leave; the service starts in all of them."""
    before = files.root.read_bytes()
    if callable(state):
        state(files, rotation)
    provider = FileKeyProvider(files.root)
    assert opens(keystore_url, provider)
    with opened(keystore_url, provider) as keystore:
        rotate_file(keystore, files.root)
    assert files.beside() == []
    assert files.root.read_bytes() != before
    assert stat.S_IMODE(files.root.stat().st_mode) == 0o400
    assert opens(keystore_url, FileKeyProvider(files.root))
    assert not opens(keystore_url, LocalKeyProvider(before))


def test_an_offered_key_whose_file_is_lost_is_replaced_by_another(
    files: Files, rotation: RootRotation, keystore: Keystore, keystore_url: str
) -> None:
    offered(files, rotation)
    files.new.unlink()
    rotate_file(keystore, files.root)
    assert opens(keystore_url, FileKeyProvider(files.root))


def test_a_copy_of_the_present_key_under_that_name_is_not_removed(
    files: Files, keystore: Keystore
) -> None:
    files.old.write_bytes(files.root.read_bytes())
    files.old.chmod(0o400)
    with pytest.raises(WrongRootKey, match="move that copy"):
        rotate_file(keystore, files.root)
    assert files.old.exists()

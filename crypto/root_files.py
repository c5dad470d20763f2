"""Another root key in the file where the root key lives, whatever breaks it off.

    root.key.new   made whole; the keystore opens by both keys from then on
    root.key.old   the old key, beside the new one that has its name now
    root.key       proved to open the keystore, before the old one is removed

Called again, it goes on where it ended. Knows neither settings nor who asked for it.
"""

import os
from pathlib import Path

from crypto.errors import WrongRootKey
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider, sync_directory
from crypto.root_rotation import RootRotation


def rotate_file(keystore: Keystore, path: Path) -> None:
    """Put a new root key into the file and the keystore under it alone; WrongRootKey where a copy
    of the present one stands in the way."""
    rotation = RootRotation(keystore)
    fresh, aside = (path.with_name(f"{path.name}.{end}") for end in ("new", "old"))
    if not rotation.is_offered(FileKeyProvider(path)):
        if aside.exists() and not rotation.has_offer():
            _remove_left_over(rotation, aside)
            return
        _offer(rotation, path, fresh)
        _swap(path, fresh, aside)
    new = FileKeyProvider(path)
    rotation.settle(new)
    keystore.check()
    aside.unlink(missing_ok=True)
    sync_directory(path.parent)


def _offer(rotation: RootRotation, path: Path, fresh: Path) -> None:
    if not fresh.exists():
        FileKeyProvider.create(fresh)
        _give_to_owner_of(path, fresh)
    provider = FileKeyProvider(fresh)
    if not rotation.is_offered(provider):
        rotation.offer(provider)


def _swap(path: Path, fresh: Path, aside: Path) -> None:
    if not aside.exists():
        os.link(path, aside)
    os.replace(fresh, path)
    sync_directory(path.parent)


def _remove_left_over(rotation: RootRotation, aside: Path) -> None:
    """All was done but the last step of an earlier call: the old key opens nothing."""
    if rotation.is_present(FileKeyProvider(aside)):
        raise WrongRootKey(f"{aside} holds the present root key: move that copy elsewhere")
    aside.unlink()
    sync_directory(aside.parent)


def _give_to_owner_of(path: Path, fresh: Path) -> None:
    """The machine's administrator may do so; the service reads the file as somebody else."""
    owner = path.stat()
    if os.geteuid() == 0:
        os.chown(fresh, owner.st_uid, owner.st_gid)

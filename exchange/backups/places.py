"""Where backups lie: a folder for those of the records, another one for those of the keystore.

Each backup is a folder of its own with two files, which gets its name when it is whole. It knows
neither databases nor what is in a backup.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crypto.errors import SealingError
from crypto.providers import KeyProvider
from exchange.backups import contents, manifests
from exchange.backups.keys import BackupKey
from exchange.backups.manifests import Kind, Manifest
from exchange.backups.refusing import BackupRefused

MANIFEST, CONTENT = "manifest.json", "content.sealed"
LARGEST_MANIFEST = 1024 * 1024
PARTIAL, COPY, UNSEALED = ".partial-", ".backup-", ".restore-"
"""How folders begin that are there for a moment only: a draft, a copy, an unsealed one."""
ENDED = (
    "the keystore does not have its key: its days are over and the key was destroyed, or the "
    "keystore is older than the backup"
)
LEFT_AFTER = 24 * 3600  # seconds
_MADE_ON = re.compile(r"[a-z]+-(\d{8}T\d{6}\.\d{3})Z-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Backup:
    """One that is as it was written, as far as its manifest tells."""

    folder: Path
    manifest: Manifest
    key: BackupKey = field(repr=False, compare=False)
    is_complete: bool = field(default=True, compare=False)
    """Whether its key is: of the records one half comes from the keystore (see `halves`)."""

    def content(self) -> Iterator[bytes]:
        """What was sealed, in chunks; BackupRefused where it is not as it was."""
        if not self.is_complete:
            raise BackupRefused(ENDED)
        told = self.manifest
        return contents.opened_from(
            self.folder / CONTENT,
            key=self.key,
            backup_id=told.id,
            sealed=told.sealed,
            plain=told.plain,
        )


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A folder that should be a backup, and why it is none."""

    folder: Path
    reason: str


def name_of(manifest: Manifest) -> str:
    """By which those of a kind stand in the order in which they were made."""
    made_on = f"{manifest.created_on:%Y%m%dT%H%M%S.%f}"[:-3]
    return f"{manifest.kind}-{made_on}Z-{manifest.id.hex[-8:]}"


def made_on(folder: Path) -> datetime | None:
    """By its name; None where it has another."""
    found = _MADE_ON.fullmatch(folder.name)
    if found is None:
        return None
    return datetime.strptime(f"{found[1]}+0000", "%Y%m%dT%H%M%S.%f%z")


def put_away(folder: Path) -> None:
    """What was there for a moment only and is there since yesterday: whoever made it was ended by
    force, and what lies there unsealed is as readable as the database."""
    oldest = time.time() - LEFT_AFTER
    for one in folder.glob(".*"):
        if one.name.startswith((PARTIAL, COPY, UNSEALED)) and one.stat().st_mtime < oldest:
            shutil.rmtree(one)


@contextmanager
def draft(place: Path) -> Iterator[Path]:
    """A folder to fill, for its owner alone; what is left of it at the end goes."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = place / f"{PARTIAL}{os.urandom(8).hex()}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settled(drafted: Path, manifest: Manifest, key: BackupKey) -> Backup:
    """The manifest written, and the draft given its name; on the disk before this returns."""
    with (drafted / MANIFEST).open("xb") as opened:
        opened.write(manifests.written(manifest, key))
        opened.flush()
        os.fsync(opened.fileno())
    sync_folder(drafted)
    folder = drafted.with_name(name_of(manifest))
    drafted.rename(folder)
    sync_folder(folder.parent)
    return Backup(folder, manifest, key)


def opened(folder: Path, provider: KeyProvider) -> Backup:
    """The backup in a folder; BackupRefused where there is none, or not as it was written."""
    try:
        with (folder / MANIFEST).open("rb") as manifest_file:
            text = manifest_file.read(LARGEST_MANIFEST)
        size = (folder / CONTENT).stat().st_size
    except OSError as error:
        raise BackupRefused(f"{folder} is no backup ({error.strerror})") from error
    try:
        manifest, key = manifests.read(text, provider)
    except SealingError:
        raise BackupRefused(f"{folder}: another root key made it, or it was altered") from None
    except BackupRefused as error:
        raise BackupRefused(f"{folder}: {error}") from error
    if size != manifest.sealed.size:
        raise BackupRefused(f"{folder}: its content has {size} bytes, not {manifest.sealed.size}")
    return Backup(folder, manifest, key, is_complete=not manifest.half)


def found_in(place: Path, kind: Kind, provider: KeyProvider) -> list[Backup | Spoilt]:
    """All of a kind, the newest first; those that are spoilt stand by their name."""
    folders = sorted(place.glob(f"{kind}-*"), key=lambda one: one.name, reverse=True)
    return [_found(folder, provider) for folder in folders if folder.is_dir()]


def remove(folder: Path) -> None:
    """Its content first: what is left of one that is half removed opens nothing."""
    (folder / CONTENT).unlink(missing_ok=True)
    shutil.rmtree(folder)


def _found(folder: Path, provider: KeyProvider) -> Backup | Spoilt:
    try:
        return opened(folder, provider)
    except BackupRefused as error:
        return Spoilt(folder, str(error))


def sync_folder(folder: Path) -> None:
    """So that a name in it outlasts a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What the commands of `flask backup` share: the root key at hand, and where backups lie."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from config import PREFIX, Settings, SettingsError, key_files
from config.addresses import overlap
from crypto.errors import SealingError
from crypto.keystore import Keystore
from crypto.providers import EnvironmentKeyProvider, FileKeyProvider, KeyProvider
from exchange.backups import halves, landing, places
from exchange.backups.halves import Halves
from exchange.backups.manifests import Kind
from exchange.backups.places import Backup
from exchange.backups.refusing import BackupRefused
from extensions import settings

OLD_ROOT_KEY = click.option(
    "--root-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The root key that the backups were made with, if it was changed since.",
)
FOLDER = click.Path(file_okay=False, path_type=Path)
NOWHERE = "where are backups of the {kind}? Name a folder with {option}, or set {variable}"
TOGETHER = (
    "the keystore's backups would lie in the same folder as the records', or one in the other: "
    "who has both can read what was erased. Name two places"
)
NO_ROOT_KEY = (
    "this installation is not set up yet; run: flask setup. Or, to read a backup: put the root "
    "key that it was made with into {file}, mode 0400"
)
VARIABLES = {Kind.RECORDS: "BACKUP_DIR", Kind.KEYSTORE: "KEYSTORE_BACKUP_DIR"}


@contextmanager
def refused_plainly() -> Iterator[None]:
    try:
        yield
    except BackupRefused as error:
        raise click.ClickException(str(error)) from error


def key_at_hand(file: Path | None = None) -> KeyProvider:
    """The one in a file; else by the settings. Backups are opened with it when there is nothing
    else yet."""
    if file is not None:
        return FileKeyProvider(file)
    chosen = settings()
    if chosen.root_key:
        return EnvironmentKeyProvider(chosen.root_key)
    if not chosen.root_key_file.exists():
        raise click.ClickException(NO_ROOT_KEY.format(file=chosen.root_key_file))
    if problem := key_files.problem(chosen.root_key_file):
        raise SettingsError([f"{PREFIX}ROOT_KEY_FILE {problem}."])
    return FileKeyProvider(chosen.root_key_file)


def known_halves(opener: KeyProvider) -> Halves:
    """By the keystore that is there; else by all of its backups that can be read."""
    found: dict[int, bytes] = {}
    if not landing.is_free(settings().keystore_url):
        keystore = Keystore(settings().keystore_url, key_at_hand())
        with suppress(SealingError):
            found |= halves.in_keystore(keystore)
        keystore.dispose()
        return found
    place = known_place(Kind.KEYSTORE, None)
    for one in backups_in(place, Kind.KEYSTORE, opener) if place else ():
        found |= halves.in_backup(one)
    return found


def workplace(chosen: Settings) -> Path:
    """Where copies lie unsealed for a moment: as safe as the database itself."""
    chosen.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return chosen.instance_dir


def place_of(kind: Kind, given: Path | None, *, option: str) -> Path:
    """The folder that was given, or the settings'."""
    if (found := known_place(kind, given)) is None:
        variable = PREFIX + VARIABLES[kind]
        raise click.ClickException(NOWHERE.format(kind=kind, option=option, variable=variable))
    return found


def known_place(kind: Kind, given: Path | None) -> Path | None:
    chosen = settings()
    kept = chosen.backup_dir if kind is Kind.RECORDS else chosen.keystore_backup_dir
    return given.absolute() if given is not None else kept


def require_apart(records: Path, keystore: Path) -> None:
    if overlap(records, keystore):
        raise click.ClickException(TOGETHER)


def backups_in(place: Path, kind: Kind, provider: KeyProvider) -> list[Backup]:
    """Those that can be read, the newest first."""
    found = places.found_in(place, kind, provider)
    return [one for one in found if isinstance(one, Backup)]

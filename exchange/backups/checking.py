"""A backup read to its end: does it open, is it what its manifest says, would it come back?

A SQLite copy is unsealed into a folder of the installation's own, looked through by SQLite and
thrown away; a dump of PostgreSQL is read by pg_restore, which no server is needed for.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from exchange.backups import facts, places, postgresql, sqlite
from exchange.backups.manifests import Manifest
from exchange.backups.places import Backup
from exchange.backups.refusing import BackupRefused


def verify(backup: Backup, workplace: Path) -> None:
    """BackupRefused with the first reason why it would not come back."""
    try:
        if backup.manifest.database == "sqlite":
            with unsealed(backup, workplace):
                return
        require_whole_dump(backup)
    except BackupRefused as error:
        raise BackupRefused(f"{backup.folder}: {error}") from error


def require_whole_dump(backup: Backup) -> None:
    """Of PostgreSQL: all of it is read, every row counted."""
    found = postgresql.counted(backup.content())
    require_rows(backup.manifest, found)


@contextmanager
def unsealed(backup: Backup, workplace: Path) -> Iterator[Path]:
    """The database of a backup of SQLite as a file, verified; in a folder that goes again."""
    with tempfile.TemporaryDirectory(dir=workplace, prefix=places.UNSEALED) as folder:
        file = Path(folder) / "unsealed.db"
        sqlite.written(file, backup.content())
        try:
            with sqlite.connected(file) as connection:
                sqlite.require_sound(connection)
                require_rows(backup.manifest, facts.row_counts(connection))
                _require_facts(backup.manifest, facts.facts_of(backup.manifest.kind, connection))
        except DBAPIError as error:
            raise BackupRefused("SQLite cannot read it") from error
        yield file


def require_rows(manifest: Manifest, found: Mapping[str, int]) -> None:
    for name in sorted(manifest.rows.keys() | found.keys()):
        told, there = manifest.rows.get(name, 0), found.get(name, 0)
        if told != there:
            raise BackupRefused(f"{name} has {there} rows, not {told} as the manifest says")


def _require_facts(manifest: Manifest, found: Mapping[str, int]) -> None:
    for name, told in manifest.facts.items():
        if found.get(name) != told:
            raise BackupRefused(f"{name} is {found.get(name)}, not {told} as the manifest says")

"""`flask backup create|list|verify`: made while the service runs, and looked through.

What a backup is, is the business of `exchange/backups`.
"""

from pathlib import Path
from typing import Any

import click

from cli.backup_places import (
    FOLDER,
    OLD_ROOT_KEY,
    backups_in,
    key_at_hand,
    known_halves,
    known_place,
    place_of,
    refused_plainly,
    require_apart,
    workplace,
)
from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from crypto.providers import KeyProvider
from exchange.backups import belonging, checking, halves, making, places
from exchange.backups.halves import KEYSTORE_DAYS
from exchange.backups.making import Source
from exchange.backups.manifests import Kind
from exchange.backups.places import Backup, Spoilt
from extensions import engine, settings
from models.tables.base import utc_now

MEGABYTE = 1_000_000
ACTION = "back_up"

backup_commands = PlainGroup("backup", help="Back up, restore and move this installation.")


@backup_commands.command("create")
@click.option(
    "--to", type=FOLDER, help="Folder of the records' backups; else UKETSUKE_BACKUP_DIR."
)
@click.option(
    "--keystore-to",
    type=FOLDER,
    help="Folder of the keystore's backups, elsewhere; else UKETSUKE_KEYSTORE_BACKUP_DIR.",
)
@click.option("--without-keystore", is_flag=True, help="Back up the records alone.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="Of the records' backups, too: remove all but so many of the newest.",
)
@click.option(
    "--keystore-days",
    type=click.IntRange(min=1),
    default=KEYSTORE_DAYS,
    show_default=True,
    help="Remove backups of the keystore that are older, but never the newest.",
)
def create(
    to: Path | None, *, keystore_to: Path | None, without_keystore: bool, **kept: int | None
) -> None:
    """Back up the records, then their keystore, each sealed and in a folder of its own; then end
    backups whose days are over (UKETSUKE_BACKUP_DAYS). The service may run meanwhile."""
    require_set_up()
    catalog_version = engine().catalog.version  # a database that is not set up says so here
    wanted = {Kind.RECORDS: place_of(Kind.RECORDS, to, option="--to")}
    if not without_keystore:
        keystore = place_of(Kind.KEYSTORE, keystore_to, option="--keystore-to")
        require_apart(wanted[Kind.RECORDS], keystore)
        wanted[Kind.KEYSTORE] = keystore
    provider = key_at_hand()
    with refused_plainly():
        made = [making.make(_source(Kind.RECORDS, provider), wanted[Kind.RECORDS])]
        removed, ended = _ended(wanted[Kind.RECORDS], provider, keep=kept["keep"])
        # the keystore last: its backup knows the new key, and none of those that went
        if not without_keystore:
            place = wanted[Kind.KEYSTORE]
            made.append(making.make(_source(Kind.KEYSTORE, provider), place))
            found = places.found_in(place, Kind.KEYSTORE, provider)
            days = kept["keystore_days"] or KEYSTORE_DAYS
            removed += making.expire(found, days=days, now=utc_now())
    _note(made, removed, catalog_version=catalog_version, ended=ended)
    for one in made:
        click.echo(_line(one))
    for folder in removed:
        click.echo(f"removed   {folder}")


@backup_commands.command("list")
@click.option("--in", "place", type=FOLDER, help="Folder of the records' backups.")
@click.option("--keystore-in", type=FOLDER, help="Folder of the keystore's backups.")
@OLD_ROOT_KEY
def list_backups(place: Path | None, *, keystore_in: Path | None, root_key: Path | None) -> None:
    """Show all backups, the newest first; whether their content is whole “verify” tells."""
    provider = key_at_hand(root_key)
    wanted = {
        Kind.RECORDS: place_of(Kind.RECORDS, place, option="--in"),
        Kind.KEYSTORE: known_place(Kind.KEYSTORE, keystore_in),
    }
    for kind, folder in wanted.items():
        for one in places.found_in(folder, kind, provider) if folder else ():
            click.echo(_line(one))


@backup_commands.command("verify")
@click.argument("folders", nargs=-1, type=FOLDER)
@OLD_ROOT_KEY
def verify(folders: tuple[Path, ...], *, root_key: Path | None) -> None:
    """Open backups to their end and look through what is in them; exit status 1 and why if one
    would not come back. Without a folder: the newest of the records and of the keystore."""
    provider = key_at_hand(root_key)
    known = known_halves(provider)
    with refused_plainly():
        for backup in [places.opened(one, provider) for one in folders] or _newest(provider):
            checking.verify(halves.completed(backup, known), workplace(settings()))
            click.echo(f"{_line(backup)}: whole")


def _source(kind: Kind, provider: KeyProvider) -> Source:
    chosen = settings()
    return Source(
        kind=kind,
        url=chosen.database_url if kind is Kind.RECORDS else chosen.keystore_url,
        keystore=belonging.name_of(engine().keyring),
        provider=provider,
        keys=engine().keyring.keystore,
        workplace=workplace(chosen),
    )


def _ended(place: Path, provider: KeyProvider, *, keep: int | None) -> tuple[list[Path], int]:
    """Backups of the records that are too many, or too old: the folders that went, and how many
    keys, with which every copy went."""
    now, days, keystore = utc_now(), settings().backup_days, engine().keyring.keystore
    found = places.found_in(place, Kind.RECORDS, provider)
    removed = making.tidy(found, keep=keep) if keep is not None else []
    going = [one for one in found if isinstance(one, Backup) and one.folder in removed]
    keys = keystore.destroy([one.manifest.half for one in going])
    left = [one for one in found if one.folder not in removed]
    removed += making.expire(left, days=days, now=now)
    keys += halves.end_old(keystore, days=days, now=now)
    return removed, len(keys)


def _note(made: list[Backup], removed: list[Path], *, catalog_version: int, ended: int) -> None:
    details: dict[str, Any] = {
        "made": [one.folder.name for one in made],
        "removed": [one.name for one in removed],
        "metadata_version": catalog_version,
        "ended": ended,
    }
    caller = shell_caller("backup create")
    engine().run(lambda service: service.audit(caller, ACTION, **details))


def _newest(provider: KeyProvider) -> list[Backup]:
    place = place_of(Kind.RECORDS, None, option="the backup's own folder")
    keystore = known_place(Kind.KEYSTORE, None)
    found = backups_in(place, Kind.RECORDS, provider)[:1]
    if keystore is not None:
        found += backups_in(keystore, Kind.KEYSTORE, provider)[:1]
    if not found:
        raise click.ClickException(f"there is no backup in {place}")
    return found


def _line(one: Backup | Spoilt) -> str:
    if isinstance(one, Spoilt):
        return f"SPOILT    {one.reason}"
    told = one.manifest
    size = f"{told.sealed.size / MEGABYTE:,.1f} MB"
    return (
        f"{told.kind:9} {told.created_on:%Y-%m-%d %H:%M:%S} UTC {size:>12} "
        f"{told.row_count:>12,} rows  {one.folder}"
    )

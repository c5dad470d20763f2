"""`flask backup restore|move`: an installation brought back after a loss, or to another database.

Both want web and worker stopped; what they do is the business of `exchange/backups`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from cli.backup_places import (
    FOLDER,
    OLD_ROOT_KEY,
    backups_in,
    key_at_hand,
    known_place,
    place_of,
    refused_plainly,
)
from cli.callers import shell_caller
from cli.errors import require_set_up
from config.addresses import place_of as place_of_database
from config.addresses import shared_database
from crypto.providers import KeyProvider
from exchange.backups import halves, landing, moving, places, restoring
from exchange.backups.facts import HIGHEST_KEY
from exchange.backups.manifests import Kind
from exchange.backups.moving import Sums
from exchange.backups.places import Backup
from exchange.backups.restoring import Place, Steps
from extensions import engine, settings
from jobs.workflows import mail_step
from models.metadata.loading import CatalogSource
from models.records.checkpoints.second_place import SecondPlace
from models.records.engine import RecordEngine
from models.records.erasing.replaying import NotReplayed, replay_erasures
from models.records.legal_acts import keeping
from models.records.legal_acts.reentering import Reentered
from models.records.rekeying.reindexing import rebuild_index
from models.records.steps import Steps as RecordSteps
from models.tables.session import Database

LOST = (
    "The keystore is lost and comes back as it was on {keystore}. Erasures up to then are done "
    "again now. Those after it are known to no keystore any more: what they erased can be read "
    "again. Look for them in the certificates of erasure and in the register of requests, and "
    "erase them anew before anybody is let in."
)
UNREADABLE = (
    "{count:,} sealed values open no more: their keys went after the backup, with an anonymised "
    "record, or by flask keys rotate-data. Where it was a rotation, a later backup has them."
)
ACTS: Mapping[str, str] = {
    "erasure": "certificates of erasure",
    "legalhold": "holds",
    "personrequest": "requests",
    "frozenrecord": "suspensions of use",
}
ACTS_UNKNOWN = (
    "There is no {file}, which is kept beside the audit's checkpoints: certificates of erasure, "
    "holds, people's requests and suspensions of use that came after the backup are not known "
    "here. Enter them by hand before anybody is let in."
)
ACTS_LEFT = "These could not be entered: the record, a key or who decided came after the backup:"
ACTS_ALTERED = "{count:,} of its lines are missing or not as they were written."
TOGETHER = "records and keystore must not be in one database: they would be in the same backups"
NEXT = "Next: flask setup, flask audit verify; then start web and worker."
OTHER_DATABASE = "Next: set UKETSUKE_{variable} to the new database, then start web and worker."


@click.command("restore")
@click.argument("folder", required=False, type=FOLDER)
@click.option(
    "--keystore",
    "keystore_folder",
    type=FOLDER,
    help="The keystore's backup, where the keystore is lost; else the newest one that fits.",
)
@OLD_ROOT_KEY
@with_appcontext
def restore(folder: Path | None, *, keystore_folder: Path | None, root_key: Path | None) -> None:
    """Bring the records back into an empty place, and the keystore if it is lost. FOLDER is the
    records' backup; without it the newest one. Web and worker are stopped."""
    chosen = settings()
    place = Place(
        database_url=chosen.database_url,
        keystore_url=chosen.keystore_url,
        provider=key_at_hand(),
        second_place=SecondPlace(chosen.audit_checkpoint_file),
    )
    opener = key_at_hand(root_key)
    with refused_plainly(), _replayed_plainly():
        records = _records(folder, opener)
        keystore = _keystore(records, keystore_folder, place=place, opener=opener)
        of_keystore = keystore.manifest if keystore else None
        restoring.require_place(place, records.manifest, of_keystore)
        if keystore is not None:
            click.echo(LOST.format(keystore=_time(keystore.manifest.created_on)))
        caller = shell_caller("backup restore")
        done = restoring.restore(place, records, keystore, steps=_steps(), caller=caller)
    click.echo(
        f"Restored {records.manifest.row_count:,} rows of {_time(records.manifest.created_on)}; "
        f"{done.erased:,} records erased again, {done.indexed:,} indexed."
    )
    _tell_acts(place.second_place, done.acts)
    if done.unreadable:
        click.echo(UNREADABLE.format(count=done.unreadable))
    click.echo(NEXT)


def _tell_acts(checkpoints: SecondPlace, acts: Reentered) -> None:
    file = keeping.file_beside(checkpoints)
    if not acts.is_known:
        click.echo(ACTS_UNKNOWN.format(file=file))
        return
    counts = ", ".join(f"{ACTS[name]} {count:,}" for name, count in acts.entered.items())
    click.echo(f"Since the backup, by {file}: {counts}.")
    if acts.left:
        click.echo(ACTS_LEFT)
    for one in acts.left:
        click.echo(f"  {one}")
    if acts.faults:
        click.echo(ACTS_ALTERED.format(count=acts.faults))


@click.command("move")
@click.option("--to", "target", required=True, help="The new database, as its setting's URL.")
@click.option("--keystore-to", help="A new database for the keystore, too; else it stays.")
@with_appcontext
def move(target: str, *, keystore_to: str | None) -> None:
    """Copy everything into an empty database, of PostgreSQL or SQLite, and compare counts and
    checksums. Web and worker are stopped; what is here stays as it is."""
    require_set_up()
    url, keystore_url = _database(target), keystore_to and _database(keystore_to)
    current = engine()
    if place_of_database(url) == place_of_database(keystore_url or settings().keystore_url):
        raise click.ClickException(TOGETHER)
    with refused_plainly():
        moving.require_free(url, keystore_url)
        sums = moving.move_records(current.database, url, current.catalog)
        if keystore_url:
            _tell(moving.move_keystore(settings().keystore_url, keystore_url))
    _tell(sums)
    _note(current, url, sums)
    click.echo(OTHER_DATABASE.format(variable="DATABASE_URL"))
    if keystore_url:
        click.echo(OTHER_DATABASE.format(variable="KEYSTORE_URL"))
        click.echo("Then destroy the old keystore: who keeps it keeps what will be erased.")


def _steps() -> Steps:
    return Steps(
        replay_erasures=replay_erasures,
        rebuild_index=rebuild_index,
        operations=RecordSteps(post_operation=(mail_step(settings()),)),
    )


@contextmanager
def _replayed_plainly() -> Iterator[None]:
    try:
        yield
    except NotReplayed as error:
        raise click.ClickException(str(error)) from error


def _records(folder: Path | None, provider: KeyProvider) -> Backup:
    if folder is not None:
        return places.opened(folder, provider)
    place = place_of(Kind.RECORDS, None, option="the backup's own folder")
    found = backups_in(place, Kind.RECORDS, provider)
    if not found:
        raise click.ClickException(f"there is no backup in {place}")
    return found[0]


def _keystore(
    records: Backup, folder: Path | None, *, place: Place, opener: KeyProvider
) -> Backup | None:
    """The one that was named; else, where the keystore is lost, the newest that fits."""
    if folder is not None:
        return places.opened(folder, opener)
    kept = known_place(Kind.KEYSTORE, None)
    if kept is None or not landing.is_free(place.keystore_url):
        return None
    found = backups_in(kept, Kind.KEYSTORE, opener)
    needed = records.manifest
    fitting = (
        one
        for one in found
        if one.manifest.keystore == needed.keystore
        and one.manifest.facts[HIGHEST_KEY] >= needed.facts[HIGHEST_KEY]
        and needed.half in halves.in_backup(one)
    )
    return next(fitting, None)


def _database(text: str) -> str:
    try:
        return shared_database(text).render_as_string(hide_password=False)
    except ValueError as error:
        raise click.ClickException(f"the new database's URL {error}") from None


def _note(current: RecordEngine, url: str, sums: Sums) -> None:
    """In the new database, whose log goes on; the old one stays as it was copied."""
    database = Database(url)
    try:
        there = RecordEngine(database, current.keyring, CatalogSource(database))
        caller, rows = shell_caller("backup move"), sum(one.rows for one in sums.values())
        there.run(lambda service: service.audit(caller, "move_database", moved_rows=rows))
    finally:
        database.dispose()


def _tell(sums: Sums) -> None:
    for name, one in sums.items():
        click.echo(f"{name:24} {one}")


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


return_commands = (restore, move)

"""`flask setup`: everything a fresh machine needs before the first start. Harmless if repeated."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from cli.errors import PlainCommand
from config import Settings
from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import EnvironmentKeyProvider, FileKeyProvider
from extensions import settings
from models.metadata.loading import CatalogSource
from models.records.audit_verification import entry_count
from models.records.engine import RecordEngine
from models.records.rekeying.belonging import forget
from models.security.caller import Caller
from models.tables.installation import create_platform
from models.tables.session import Database

ONLY_SET_UP = 1
"""So many entries the audit has when nothing happened yet but the set-up."""
SETTER_UP = Caller.system("setting up")


@click.command("setup", cls=PlainCommand)
@with_appcontext
def setup_command() -> None:
    """Make the keys, the keystore and the database of this installation."""
    chosen = settings()
    _make_keys(chosen)
    database, keystore = Database(chosen.database_url), _keystore(chosen)
    is_new = create_platform(database)
    _refuse_lost_keystore(database, keystore)
    keystore.create()
    if is_new:
        _begin_audit(database, keystore)
    click.echo(f"Set up in {chosen.instance_dir}.")


def _refuse_lost_keystore(database: Database, keystore: Keystore) -> None:
    """A new keystore beside data of another one would open none of it, and seal more."""
    if not keystore.is_lost():
        return
    with database.reading() as connection:
        if entry_count(connection) > ONLY_SET_UP:
            raise click.ClickException(
                "the keystore is missing although there is data: restore the keystore; a new one "
                "could not open what is sealed"
            )
    database.run(forget)


def _begin_audit(database: Database, keystore: Keystore) -> None:
    """A log without this entry is not one that nothing happened in: it was emptied."""
    records = RecordEngine(database, Keyring(keystore), CatalogSource(database))
    records.run(lambda service: service.audit(SETTER_UP, "set_up"))


def _make_keys(chosen: Settings) -> None:
    chosen.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not chosen.secret_key_file.exists():
        chosen.create_secret_key()
    if not chosen.root_key and not chosen.root_key_file.exists():
        if _has_keystore(chosen):
            raise click.ClickException(
                "the root key is missing although there is a keystore: restore the key's file"
            )
        FileKeyProvider.create(chosen.root_key_file)


def _has_keystore(chosen: Settings) -> bool:
    path = chosen.keystore_url.removeprefix("sqlite:///")
    return path != chosen.keystore_url and Path(path).exists()


def _keystore(chosen: Settings) -> Keystore:
    if chosen.root_key:
        return Keystore(chosen.keystore_url, EnvironmentKeyProvider(chosen.root_key))
    return Keystore(chosen.keystore_url, FileKeyProvider(chosen.root_key_file))

"""`flask keys rotate-root|escrow|recover`: the one key under which all others lie."""

import sys
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import click
from flask.cli import with_appcontext

from cli.callers import shell_caller
from cli.errors import require_set_up
from config import Settings
from crypto import shares
from crypto.errors import WrongRootKey
from crypto.keystore import Keystore
from crypto.providers import (
    EnvironmentKeyProvider,
    LocalKeyProvider,
    decode_root_key,
    read_root_key,
    write_private,
)
from crypto.root_files import rotate_file
from crypto.root_rotation import RootRotation
from extensions import engine, settings
from models.records.auditing import Act

NOTHING: Mapping[str, object] = {}
VARIABLE = "UKETSUKE_ROOT_KEY"
NEXT_STEPS = (
    f"Two root keys open the keystore now. Put the new one into {VARIABLE}, restart every process "
    "of the service, and run: flask keys rotate-root"
)


@click.command("rotate-root")
@click.option(
    "--new-key",
    type=click.File("r"),
    metavar="FILE",
    help=f"Where {VARIABLE} is set: the new key in base64, - for standard input.",
)
@with_appcontext
def rotate_root(new_key: TextIO | None) -> None:
    """Put the keystore under a new root key; no value is sealed anew. If it is broken off, the
    same command goes on."""
    require_set_up()
    chosen = settings()
    if not chosen.root_key:
        if new_key is not None:
            raise click.UsageError("The root key is in a file, where the new one is made.")
        _note("begin_root_key_change", command="rotate-root")
        rotate_file(engine().keyring.keystore, chosen.root_key_file)
        _note("end_root_key_change", command="rotate-root")
        click.echo(f"{chosen.root_key_file} holds a new root key. Make new shares of it now.")
        return
    rotation = RootRotation(engine().keyring.keystore)
    if new_key is not None:
        provider = EnvironmentKeyProvider(new_key.read())
        _note("begin_root_key_change", command="rotate-root")
        rotation.offer(provider)
        click.echo(NEXT_STEPS)
        return
    _settle(rotation, EnvironmentKeyProvider(chosen.root_key))


@click.command("escrow")
@click.option("--shares", "count", type=int, required=True, help="How many shares to make.")
@click.option("--threshold", type=int, required=True, help="How many of them are needed.")
@with_appcontext
def make_shares(count: int, threshold: int) -> None:
    """Print the root key in shares, for as many people; fewer than the threshold tell nothing."""
    require_set_up()
    if RootRotation(engine().keyring.keystore).has_offer():
        raise click.ClickException("end the change of the root key first: flask keys rotate-root")
    try:
        made = shares.split(_root_key(settings()), shares=count, threshold=threshold)
    except shares.ShareError as error:
        raise click.UsageError(str(error)) from error
    details = {"shares": count, "threshold": threshold, "share_set": made[0].set_name.hex()}
    _note("share_root_key", details, command="escrow")
    for share in made:
        click.echo(f"{share}\n")


@click.command("recover")
@click.option(
    "--to",
    "place",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to be made; the root key's own if none is named.",
)
@click.option("--text", is_flag=True, help=f"Write base64, as {VARIABLE} holds it.")
@with_appcontext
def recover(place: Path | None, *, text: bool) -> None:
    """Put the root key together from shares, a line each on standard input, and write its file."""
    chosen = settings()
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()]
    try:
        root_key = shares.combine([shares.parse(line) for line in lines])
    except shares.ShareError as error:
        raise click.ClickException(str(error)) from error
    is_proved = _proved(chosen, root_key)
    file = place or chosen.root_key_file
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, b64encode(root_key) + b"\n" if text else root_key)
    proved = "it opens the keystore" if is_proved else "there is no keystore to try it on"
    click.echo(f"{file} holds the root key; {proved}.")


def _settle(rotation: RootRotation, present: EnvironmentKeyProvider) -> None:
    if not rotation.has_offer():
        raise click.UsageError(
            f"{VARIABLE} holds the root key. Make a new one (openssl rand -base64 32) in a file "
            "that only you may read, and name it: --new-key FILE"
        )
    if not rotation.is_offered(present):
        raise click.ClickException(f"{VARIABLE} still holds the old root key. {NEXT_STEPS}")
    rotation.settle(present)
    _note("end_root_key_change", command="rotate-root")
    click.echo("The new root key alone opens the keystore. Make new shares of it now.")


def _root_key(chosen: Settings) -> bytes:
    if chosen.root_key:
        return decode_root_key(chosen.root_key)
    return read_root_key(chosen.root_key_file)


def _proved(chosen: Settings, root_key: bytes) -> bool:
    """Whether there was a keystore that it opens; WrongRootKey if it does not open the one that
    there is."""
    keystore = Keystore(chosen.keystore_url, LocalKeyProvider(root_key))
    try:
        if keystore.is_lost():
            return False
        keystore.check()
    except WrongRootKey:
        raise WrongRootKey(
            "these shares give a root key that does not open this keystore: they are of another "
            "one, an older one perhaps. Nothing was written"
        ) from None
    finally:
        keystore.dispose()
    return True


def _note(action: str, details: Mapping[str, object] = NOTHING, *, command: str) -> None:
    caller, act = shell_caller(f"keys {command}"), Act(action=action, details=details)
    engine().run(lambda service: service.unit.auditing.act(caller, act))


root_key_commands = (rotate_root, make_shares, recover)

"""`flask audit verify|checkpoint|key`: does the log hold, and who outside can tell?"""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from pathlib import Path

import click

from cli.errors import PlainGroup, require_set_up
from cli.progress import progress_bar, reached
from extensions import engine, settings
from models.records.audit_verification import Fault, entry_count
from models.records.checkpoints import results
from models.records.checkpoints.examining import Examination, examine
from models.records.checkpoints.making import (
    AuditTampered,
    CheckpointNotWritten,
    make_checkpoint,
    signer_of,
)
from models.records.checkpoints.second_place import lines_of

audit_commands = PlainGroup("audit", help="Look after the audit log.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@audit_commands.command("verify")
@click.option(
    "--checkpoints",
    "files",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Checkpoints kept elsewhere; may be given again, the oldest first.",
)
def verify_audit(files: tuple[Path, ...]) -> None:
    """Walk the whole chain and hold the checkpoints against it; exit status 1, where and between
    which times if it does not hold. The result is kept for the monthly inspection."""
    require_set_up()
    records = engine()
    with records.database.reading() as connection:
        count = entry_count(connection)
    with progress_bar(count, "Verifying") as bar:
        progress = partial(reached, bar)
        lines = _lines(files)
        found = examine(records.database, records.keyring, lines, progress=progress)
        reached(bar, found.chain.entries)
    records.database.run(lambda transaction: results.keep(transaction, found))
    if not found.holds:
        raise click.ClickException("\n".join(_said(found)))
    click.echo(f"{found.chain.entries} entries: the chain holds.")
    click.echo(_about_checkpoints(found, files))


@audit_commands.command("checkpoint")
def checkpoint_audit() -> None:
    """Write a signed checkpoint to the second place now; the worker does so every hour."""
    require_set_up()
    records = engine()
    try:
        made = make_checkpoint(records.database, records.keyring, records.second_place)
    except (AuditTampered, CheckpointNotWritten) as error:
        raise click.ClickException(str(error)) from error
    click.echo(made.line)


@audit_commands.command("key")
def show_key() -> None:
    """The public key that checkpoints are signed with, for whoever verifies them elsewhere."""
    require_set_up()
    verifier = signer_of(engine().keyring).verifier
    click.echo(f"{verifier.pem}# key {verifier.key_id}, Ed25519")


def _lines(files: tuple[Path, ...]) -> Callable[[], Iterable[str]]:
    if files:
        return lambda: chain.from_iterable(map(lines_of, files))
    return engine().second_place.lines


def _said(found: Examination) -> list[str]:
    """The first fault as a headline, the others below it."""
    first, *others = found.faults
    held = f"({found.chain.held} entries before it hold)"
    headline = f"the log fails at {_place(first)}: {first.reason}{_times(first)} {held}"
    untold = [f"and {found.chain.untold} more"] if found.chain.untold else []
    return [headline, *(f"- {_place(one)}: {one.reason}{_times(one)}" for one in others), *untold]


def _place(fault: Fault) -> str:
    if fault.line is not None:
        return f"line {fault.line} of the checkpoints"
    if fault.last is None or fault.last <= fault.sequence:
        return f"entry {fault.sequence}"
    return f"entries {fault.sequence} to {fault.last}"


def _times(fault: Fault) -> str:
    after, before = (one and f"{one:%Y-%m-%d %H:%M:%S} UTC" for one in (fault.after, fault.before))
    if after and before:
        return f", made between {after} and {before}"
    if after:
        return f", made after {after}"
    return f", made before {before}" if before else ""


def _about_checkpoints(found: Examination, files: tuple[Path, ...]) -> str:
    """What they show, and what remains untold without them."""
    if found.covered is None:
        where = ", ".join(map(str, files or [settings().audit_checkpoint_file]))
        return (
            f"No checkpoint in {where}: whether the end of the log was cut together with its "
            "head, or the whole database put back to an older state, cannot be told."
        )
    newer = found.chain.newest - found.covered.sequence
    return (
        f"{found.checkpoints} checkpoints, the last of {found.covered.on:%Y-%m-%d %H:%M:%S} UTC: "
        f"the log bears out all of them. {newer} entries are newer; for these only the chain "
        "speaks until the next checkpoint."
    )

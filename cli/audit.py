"""`flask audit verify`: does the chain hold?"""

from functools import partial

import click

from cli.errors import PlainGroup, require_set_up
from cli.progress import progress_bar, reached
from extensions import engine
from models.records.audit_verification import entry_count, verify

audit_commands = PlainGroup("audit", help="Look after the audit log.")


@audit_commands.command("verify")
def verify_audit() -> None:
    """Walk the whole chain; exit status 1 and the place if it does not hold."""
    require_set_up()
    records = engine()
    with (
        records.database.snapshot() as connection,
        progress_bar(entry_count(connection), "Verifying") as bar,
    ):
        secret = records.keyring.secret("audit")
        found = verify(connection, secret, progress=partial(reached, bar))
        reached(bar, found.entries)
    if not found.holds:
        raise click.ClickException(
            f"the chain fails at entry {found.broken_at}: {found.reason} "
            f"({found.entries} entries before it hold)"
        )
    click.echo(f"{found.entries} entries: the chain holds.")

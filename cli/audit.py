"""`flask audit verify`: does the chain hold?"""

import click

from cli.errors import PlainGroup, require_set_up
from extensions import engine
from models.records.audit_verification import verify

audit_commands = PlainGroup("audit", help="Look after the audit log.")


@audit_commands.command("verify")
def verify_audit() -> None:
    """Walk the whole chain; exit status 1 and the place if it does not hold."""
    require_set_up()
    records = engine()
    with records.database.snapshot() as connection:
        found = verify(connection, records.keyring.secret("audit"))
    if not found.holds:
        raise click.ClickException(
            f"the chain fails at entry {found.broken_at}: {found.reason} "
            f"({found.entries} entries before it hold)"
        )
    click.echo(f"{found.entries} entries: the chain holds.")

"""`flask user training`: who took the training in data protection, and when."""

import click
from flask.cli import with_appcontext

from admin_views.identity.account import as_written
from admin_views.people import duties
from cli.callers import shell_caller
from cli.errors import PlainCommand, require_set_up
from cli.users import account_id


@click.command("training", cls=PlainCommand)
@click.option("--email", "emails", required=True, multiple=True, help="Whose; may be repeated.")
@click.option("--on", "trained_on", required=True, help="The day, like 2026-04-01.")
@click.option("--training", "name", required=True, help="What it is called.")
@with_appcontext
def training_command(emails: tuple[str, ...], *, trained_on: str, name: str) -> None:
    """Enter the training in data protection that people took on one day."""
    require_set_up()
    caller, ids = shell_caller("user training"), [account_id(one) for one in emails]
    duties.enter_training(caller, ids, trained_on=trained_on, name=name)
    click.echo(f"Entered the training of {trained_on} for {', '.join(map(as_written, emails))}.")

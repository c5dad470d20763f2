"""`flask user create|list|deactivate`: accounts of staff, from the shell."""

import sys

import click
from flask_security.proxies import _security
from sqlalchemy import select

from admin_views.identity import accounts
from admin_views.identity.accounts import NewAccount
from admin_views.identity.second_factor import sealed_secret
from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up, said_plainly
from extensions import engine
from models.metadata.errors import RecordNotFound
from models.tables.principals import SystemUser

user_commands = PlainGroup("user", help="Make, list and end accounts of staff.")


@user_commands.command("create")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", default="", help="The person's name; the e-mail address if left out.")
@click.option("--role", required=True, help="The role's name, as the solution gives it.")
@click.option("--business-unit", required=True, help="Where the person works.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read it from the input.")
@click.option("--second-factor", is_flag=True, help="Make a TOTP secret and print it.")
def create(password_stdin: bool, second_factor: bool, **stated: str) -> None:  # noqa: FBT001 - click's way with flags
    """Make an account; its password comes from the standard input, never from the command."""
    require_set_up()
    password = sys.stdin.readline().rstrip("\r\n")
    account = NewAccount(
        email=stated["email"],
        full_name=stated["name"] or stated["email"],
        role=stated["role"],
        business_unit=stated["business_unit"],
    )
    key = accounts.new_totp_key() if second_factor else None
    secret = sealed_secret(_security.totp_factory, key) if key else None
    with said_plainly():
        engine().run(
            lambda service: accounts.add_account(
                service,
                shell_caller("user create"),
                account,
                password=password,
                totp_secret=secret,
            )
        )
    click.echo(f"Made the account {account.email.strip().lower()} with the role {account.role}.")
    if key:
        click.echo(f"Second factor (TOTP secret): {key}")


@user_commands.command("list")
def list_accounts() -> None:
    """All accounts, with what state they are in."""
    require_set_up()
    statement = select(
        SystemUser.email, SystemUser.full_name, SystemUser.active, SystemUser.tf_totp_secret
    ).order_by(SystemUser.email)
    with engine().database.reading() as connection:
        for row in connection.execute(statement):
            state = "active" if row.active else "inactive"
            factor = "second factor" if row.tf_totp_secret else "password only"
            click.echo(f"{row.email}\t{row.full_name}\t{state}\t{factor}")


@user_commands.command("deactivate")
@click.option("--email", required=True, help="The address the account signs in with.")
def deactivate(email: str) -> None:
    """End an account; whoever is signed in with it is signed out at once."""
    require_set_up()
    with said_plainly():
        with engine().database.reading() as connection:
            user_id = connection.scalar(
                select(SystemUser.id).where(SystemUser.email == email.strip().lower())
            )
        if user_id is None:
            raise RecordNotFound(f"there is no account {email}")
        accounts.deactivate(shell_caller("user deactivate"), user_id)
    click.echo(f"Deactivated {email}.")

"""`flask user …`: accounts of staff, from the shell: made, listed, helped and ended."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import click
from flask_security.proxies import _security
from sqlalchemy import select

from admin_views.identity import account_rights, accounts
from admin_views.identity.account import as_written
from admin_views.identity.account_values import NewAccount
from admin_views.identity.credentials import Credentials
from admin_views.identity.second_factor import sealed_secret
from admin_views.people.account_reading import Account, read_accounts
from admin_views.people.choices import Choice
from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from extensions import engine
from models.metadata.errors import RecordNotFound, ValidationFailed
from models.tables.principals import (
    BY_HAND,
    BusinessUnit,
    Contractor,
    FieldSecurityProfile,
    Role,
    SystemUser,
)

CHOICES = {
    "roles": Role.name,
    "business_unit": BusinessUnit.name,
    "contractor": Contractor.name,
    "profiles": FieldSecurityProfile.name,
    "manager": SystemUser.email,
}
email_option = click.option("--email", required=True, help="The address the person signs in with.")
second_factor_option = click.option(
    "--second-factor", is_flag=True, help="Make a TOTP secret and print it."
)

user_commands = PlainGroup("user", help="Make, list, help and end accounts of staff.")


@user_commands.command("create")
@email_option
@click.option("--name", default="", help="The person's name; the e-mail address if left out.")
@click.option(
    "--role", "roles", required=True, multiple=True, help="The role's name; may be repeated."
)
@click.option("--business-unit", required=True, help="Where the person works.")
@click.option("--contractor", default="", help="Whose account it is, if not the office's own.")
@click.option("--password-stdin", is_flag=True, help="Read it from the input; else it is asked.")
@second_factor_option
def create(
    roles: tuple[str, ...],
    *,
    password_stdin: bool,
    second_factor: bool,
    **stated: str,
) -> None:
    """Make an account; its password is read from the input or asked, never in the command."""
    require_set_up()
    if not password_stdin and not sys.stdin.isatty():
        raise click.UsageError("Missing option '--password-stdin': there is no terminal to ask.")
    password = _stated_password()
    account = NewAccount(
        email=stated["email"],
        full_name=stated["name"] or stated["email"],
        roles=roles,
        business_unit=stated["business_unit"],
        contractor=stated["contractor"],
    )
    key, secret = new_second_factor() if second_factor else ("", None)
    credentials = Credentials(password=password, totp_secret=secret)
    caller = shell_caller("user create")
    with choices_named():
        engine().run(
            lambda service: accounts.add_account(service, caller, account, credentials=credentials)
        )
    click.echo(f"Made the account {as_written(account.email)} with {_told(roles)}.")
    show_key(key)


@user_commands.command("list")
def list_accounts() -> None:
    """All accounts: address, name, state, second factor, roles, business unit."""
    require_set_up()
    found = engine().run(lambda service: read_accounts(service.transaction, language="en"))
    for one in sorted(found, key=lambda account: account.email):
        factor = "second factor" if one.has_second_factor else "password only"
        roles = ", ".join(map(_held, one.roles))
        state = _state(one)
        line = [one.email, one.full_name, state, factor, roles or "no role", one.business_unit]
        click.echo("\t".join(line))


@user_commands.command("reset")
@email_option
@click.option("--password-stdin", is_flag=True, help="Read the new one; else one is made.")
@second_factor_option
def reset(email: str, *, password_stdin: bool, second_factor: bool) -> None:
    """Give an account a new password; whoever is signed in with it is signed out at once.

    A second factor stays as it is, unless a new one is asked for. A lock is lifted. A password
    made here must be changed at the next sign-in.
    """
    require_set_up()
    caller, user_id = shell_caller("user reset"), account_id(email)
    key, secret = new_second_factor() if second_factor else ("", None)
    stated = Credentials(password=_stated_password()) if password_stdin else Credentials.made()
    credentials = replace(stated, totp_secret=secret)
    engine().run(
        lambda service: accounts.set_credentials(service, caller, user_id, credentials=credentials)
    )
    click.echo(f"Gave {as_written(email)} a new password; its sessions have ended.")
    if not password_stdin:
        click.echo(f"Password: {credentials.password}")
    show_key(key)


@user_commands.command("role")
@email_option
@click.option(
    "--role", "roles", multiple=True, help="The role's name; may be repeated. Others end."
)
@click.option("--business-unit", default=None, help="Where the person works from now on.")
@click.option(
    "--profile", "profiles", multiple=True, help="A field security profile; may be repeated."
)
@click.option("--manager", default=None, help="The manager's address; '' for nobody.")
@click.option("--contractor", default=None, help="Whose account it is; '' for the office's own.")
def change_rights(email: str, **stated: str | tuple[str, ...] | None) -> None:
    """Change an account's roles, business unit, own profiles, manager or contractor.

    What is not named stays as it is.
    """
    require_set_up()
    wanted = {
        kind: (names,) if isinstance(names, str) else names
        for kind, names in stated.items()
        if names not in (None, ())
    }
    if not wanted:
        raise click.UsageError(
            "Name a --role, --business-unit, --profile, --manager or --contractor."
        )
    caller, user_id = shell_caller("user role"), account_id(email)
    with choices_named():
        account_rights.change_rights(caller, user_id, wanted)
    held = engine().run(lambda service: account_rights.names_held(service, user_id))
    where = ", ".join(held["business_unit"])
    what = _told(held["roles"])
    click.echo(f"{as_written(email)} has {what} in {where}, from the next request on.")


@user_commands.command("unlock")
@email_option
def unlock(email: str) -> None:
    """Open an account that wrong passwords or codes have locked; its password stays."""
    require_set_up()
    accounts.unlock(shell_caller("user unlock"), account_id(email))
    click.echo(f"Unlocked {as_written(email)}.")


@user_commands.command("deactivate")
@email_option
def deactivate(email: str) -> None:
    """End an account; whoever is signed in with it is signed out at once."""
    require_set_up()
    accounts.deactivate(shell_caller("user deactivate"), account_id(email))
    click.echo(f"Deactivated {as_written(email)}.")


@user_commands.command("activate")
@email_option
def activate(email: str) -> None:
    """Open an account that was ended; its password and second factor are as they were."""
    require_set_up()
    accounts.activate(shell_caller("user activate"), account_id(email))
    click.echo(f"Activated {as_written(email)}.")


def _stated_password() -> str:
    """Typed twice and not shown where a person types; else the first line of the input."""
    if sys.stdin.isatty():
        asked = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return str(asked)
    return sys.stdin.readline().rstrip("\r\n")


def new_second_factor() -> tuple[str, str]:
    """A new TOTP secret: as it is printed, and sealed as the account keeps it."""
    key = accounts.new_totp_key()
    return key, sealed_secret(_security.totp_factory, key)


def show_key(key: str) -> None:
    if key:
        click.echo(f"Second factor (TOTP secret): {key}")


def account_id(email: str) -> UUID:
    with engine().database.reading() as connection:
        statement = select(SystemUser.id).where(SystemUser.email == as_written(email))
        user_id = connection.scalar(statement)
    if user_id is None:
        raise RecordNotFound(f"there is no account {email}")
    return user_id


def _told(roles: Sequence[str]) -> str:
    kind = "the role" if len(roles) == 1 else "the roles"
    return f"{kind} {', '.join(roles)}" if roles else "no role"


def _held(role: Choice) -> str:
    return role.name if role.origin == BY_HAND else f"{role.name} (by group)"


def _state(account: Account) -> str:
    if not account.is_active:
        return "inactive"
    locked: datetime | None = account.locked_until
    return f"locked until {locked:%Y-%m-%d %H:%M} UTC" if locked else "active"


@contextmanager
def choices_named() -> Iterator[None]:
    """Where a role or a business unit is not known, say which there are."""
    try:
        yield
    except ValidationFailed as error:
        lines = [one.text("en") + _choices(one.attribute) for one in error.problems]
        raise click.ClickException("\n".join(lines)) from error


def _choices(attribute: str) -> str:
    column = CHOICES.get(attribute)
    if column is None:
        return ""
    with engine().database.reading() as connection:
        return f" There are: {', '.join(connection.scalars(select(column).order_by(column)))}."

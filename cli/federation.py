"""`flask federation …`: single sign-on from the shell: groups that give roles, linked accounts."""

from uuid import UUID

import click
from sqlalchemy import select

from admin_views.identity.account import as_written
from admin_views.identity.federation import group_roles, identities
from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from extensions import engine, settings
from models.metadata.errors import RecordNotFound
from models.tables.principals import SystemUser

group_option = click.option(
    "--group", required=True, help="The group, to the letter as the provider writes it."
)
role_option = click.option("--role", required=True, help="The role's name.")
email_option = click.option("--email", required=True, help="The account's address.")

federation_commands = PlainGroup("federation", help="Single sign-on: groups and linked accounts.")


@federation_commands.command("map")
@group_option
@role_option
@click.option("--business-unit", required=True, help="Where people in the group work.")
def map_group(group: str, role: str, business_unit: str) -> None:
    """Give people in a group a role, from their next sign-in on."""
    caller, issuer = shell_caller("federation map"), _issuer()
    group_roles.map_group(caller, issuer, group=group, role=role, business_unit=business_unit)
    click.echo(f"The group {group} gives the role {role} in {business_unit}.")


@federation_commands.command("unmap")
@group_option
@role_option
def unmap_group(group: str, role: str) -> None:
    """Take a group's role away; people lose it at their next sign-in."""
    caller, issuer = shell_caller("federation unmap"), _issuer()
    found = engine().run(lambda service: group_roles.mappings(service.transaction, issuer))
    for one in found:
        if (one.group, one.role) == (group, role):
            group_roles.unmap_group(caller, issuer, one.id)
            click.echo(f"The group {group} no longer gives the role {role}.")
            return
    raise RecordNotFound(f"the group {group} does not give the role {role}")


@federation_commands.command("list")
def list_all() -> None:
    """Groups with role and business unit, then linked accounts with their identifier."""
    issuer = _issuer()
    mapped, linked = engine().run(
        lambda service: (
            group_roles.mappings(service.transaction, issuer),
            identities.links(service.transaction, issuer),
        )
    )
    for one in mapped:
        click.echo("\t".join(["group", one.group, one.role, one.business_unit]))
    for link in linked:
        click.echo("\t".join(["account", link.email, link.subject]))


@federation_commands.command("link")
@email_option
@click.option("--subject", required=True, help="The person's identifier at the provider (sub).")
def link(email: str, subject: str) -> None:
    """Let a person of the provider into an account; make sure that they are the same person."""
    caller, issuer = shell_caller("federation link"), _issuer()
    identities.link_for(caller, issuer, email=email, subject=subject)
    click.echo(f"Linked {as_written(email)}.")


@federation_commands.command("unlink")
@email_option
def unlink(email: str) -> None:
    """Undo the link; the groups' roles go along, and the person is signed out everywhere."""
    caller, issuer = shell_caller("federation unlink"), _issuer()
    identities.unlink_for(caller, issuer, _account_id(email))
    click.echo(f"Undid the link of {as_written(email)}.")


def _issuer() -> str:
    require_set_up()
    stated = settings().single_sign_on
    if stated is None:
        raise click.ClickException("no identity provider is set up; see docs/single-sign-on.md")
    return stated.issuer


def _account_id(email: str) -> UUID:
    with engine().database.reading() as connection:
        statement = select(SystemUser.id).where(SystemUser.email == as_written(email))
        user_id = connection.scalar(statement)
    if user_id is None:
        raise RecordNotFound(f"there is no account {email}")
    return user_id

"""`flask team …`: teams and who is in them, from the shell."""

from typing import Any
from uuid import UUID

import click
from sqlalchemy import select

from admin_views.identity.account import as_written
from admin_views.teams import changing
from admin_views.teams.members import change_members
from admin_views.teams.reading import ShownTeam, read_members, read_team, read_teams
from admin_views.teams.stated import ACCESS, OWNER, NewTeam
from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from cli.users import account_id, choices_named
from extensions import engine
from models.metadata.errors import RecordNotFound
from models.tables.principals import Team

team_commands = PlainGroup("team", help="Teams: what they hold, who is in them.")
name_option = click.option("--name", required=True, help="What the team is called.")
role_option = click.option(
    "--role", "roles", multiple=True, help="A role the team holds; may be repeated."
)
profile_option = click.option(
    "--profile", "profiles", multiple=True, help="A field security profile; may be repeated."
)
member_option = click.option(
    "--email",
    "emails",
    required=True,
    multiple=True,
    help="Address of an account; may be repeated.",
)


@team_commands.command("create")
@name_option
@click.option("--business-unit", required=True, help="From where the team's roles reach.")
@click.option("--access", is_flag=True, help="Records are shared with it; it holds no role.")
@role_option
@profile_option
def create(name: str, *, business_unit: str, access: bool, **held: tuple[str, ...]) -> None:
    """Make a team; it has no members yet."""
    require_set_up()
    team = NewTeam(name=name, business_unit=business_unit, kind=ACCESS if access else OWNER)
    with choices_named():
        changing.create(shell_caller("team create"), team, held)
    click.echo(f"Made the team {name}.")


@team_commands.command("list")
def list_teams() -> None:
    """All teams: name, kind, business unit, roles, profiles, number of active members."""
    require_set_up()
    for team in engine().run(lambda service: read_teams(service.transaction, language="en")):
        click.echo("\t".join(_told(team)))


@team_commands.command("show")
@name_option
def show(name: str) -> None:
    """A team and its members, one a line: address, name, state."""
    require_set_up()
    team_id = _team(name)
    team, members = engine().run(
        lambda service: (
            read_team(service.transaction, team_id, language="en"),
            read_members(service.transaction, team_id),
        )
    )
    click.echo("\t".join(_told(team)))
    for one in members:
        click.echo(
            "\t".join([one.email, one.full_name, "active" if one.is_active else "inactive"])
        )


@team_commands.command("change")
@name_option
@click.option("--new-name", default=None, help="What it is called from now on.")
@click.option("--business-unit", default=None, help="From where its roles reach from now on.")
@role_option
@click.option("--no-role", is_flag=True, help="Take all roles away.")
@profile_option
@click.option("--no-profile", is_flag=True, help="Take all profiles away.")
def change(name: str, **stated: Any) -> None:
    """Change a team. It holds from the next request of every member on.

    What is not named stays as it is. Roles, and profiles, are put in the place of those of before.
    """
    require_set_up()
    wanted: dict[str, tuple[str, ...]] = {}
    for kind, text in (("name", "new_name"), ("business_unit", "business_unit")):
        if stated[text] is not None:
            wanted[kind] = (stated[text],)
    for kind, none in (("roles", "no_role"), ("profiles", "no_profile")):
        if stated[kind] or stated[none]:
            wanted[kind] = () if stated[none] else stated[kind]
    team_id = _team(name)
    with choices_named():
        changing.change(shell_caller("team change"), team_id, wanted)
    click.echo(f"Changed the team {stated['new_name'] or name}.")


@team_commands.command("add-member")
@name_option
@member_option
def add_member(name: str, emails: tuple[str, ...]) -> None:
    """Take accounts into a team. They hold what it holds from their next request on."""
    _move("add-member", name, joining=emails)
    click.echo(f"Took {_listed(emails)} into the team {name}.")


@team_commands.command("remove-member")
@name_option
@member_option
def remove_member(name: str, emails: tuple[str, ...]) -> None:
    """Take accounts out of a team."""
    _move("remove-member", name, leaving=emails)
    click.echo(f"Took {_listed(emails)} out of the team {name}.")


def _move(command: str, name: str, **moving: tuple[str, ...]) -> None:
    require_set_up()
    for email in (one for emails in moving.values() for one in emails):
        account_id(email)  # says which one there is not
    stated = {kind: [as_written(one) for one in emails] for kind, emails in moving.items()}
    caller, moved = shell_caller(f"team {command}"), {"joining": (), "leaving": (), **stated}
    change_members(caller, _team(name), **moved)


def _team(name: str) -> UUID:
    statement = select(Team.id).where(Team.name == name)
    with engine().database.reading() as connection:
        team_id = connection.scalar(statement)
    if team_id is None:
        raise RecordNotFound(f"there is no team {name}")
    return team_id


def _told(team: ShownTeam) -> list[str]:
    members = "1 member" if team.members == 1 else f"{team.members} members"
    roles = ", ".join(one.name for one in team.roles) or "no role"
    profiles = ", ".join(team.profiles) or "no profile"
    return [team.name, team.kind, team.business_unit, roles, profiles, members]


def _listed(emails: tuple[str, ...]) -> str:
    return ", ".join(map(as_written, emails))

"""`flask solution import|check DIR`."""

from pathlib import Path

import click

from cli.callers import shell_caller
from cli.errors import PlainGroup, is_set_up, require_set_up
from extensions import engine
from jobs import reminders
from jobs.kinds import KINDS
from jobs.platform_recurrences import all_recurrences
from jobs.recurrences import check as check_recurrences
from jobs.recurrences import ensure
from models.metadata import purposes
from models.metadata.catalog import Catalog
from models.metadata.public_view_checking import filled_by_one
from models.security.publications import all_published
from packager.converting import convert
from packager.installing import check, install_audited

solution_commands = PlainGroup("solution", help="Install or check a solution's folder of YAML.")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@solution_commands.command("import")
@click.argument("folder", type=FOLDER)
def import_solution(folder: Path) -> None:
    """Install the solution in FOLDER, or its new version; all of it or nothing."""
    require_set_up()
    caller = shell_caller("solution import")
    catalog = install_audited(engine(), caller, folder, accept=_accept)
    engine().database.run(lambda transaction: ensure(transaction, all_recurrences(catalog)))
    click.echo(f"Installed. {_summary(catalog)}")
    _tell_of_one_person(catalog)
    _tell_of_public_views(catalog)


@solution_commands.command("convert")
@click.argument("folder", type=FOLDER)
def convert_solution(folder: Path) -> None:
    """Install the solution in FOLDER where it seals what was kept in clear, or the reverse. Values
    are made anew while the service goes on, and then take the others' place."""
    require_set_up()
    catalog = convert(engine(), shell_caller("solution convert"), folder, accept=_accept)
    engine().database.run(lambda transaction: ensure(transaction, all_recurrences(catalog)))
    click.echo(f"Installed. {_summary(catalog)}")


@solution_commands.command("check")
@click.argument("folder", type=FOLDER)
def check_solution(folder: Path) -> None:
    """Check the solution in FOLDER without installing it; where the service is set up, the
    versions of its purposes against those that were published, and what it no longer states."""
    if is_set_up():
        catalog = check(folder, accept=_accept_here, present=engine().catalog)
    else:
        catalog = check(folder, accept=_accept)
    click.echo(f"No mistake found. {_summary(catalog)}")
    _tell_of_one_person(catalog)


def _tell_of_one_person(catalog: Catalog) -> None:
    """A view is approved by two; what joins it afterwards only where a status is an approval."""
    for name in filled_by_one(catalog):
        click.echo(
            f"public_views.yaml: {name}: one person alone lets its records out, and changes them. "
            "A filter on status reasons with 'approval: true' asks for another."
        )


def _tell_of_public_views(catalog: Catalog) -> None:
    """An import publishes nothing, and closes what it changed."""
    with engine().database.reading() as connection:
        live = {one.view.name for one in all_published(connection, catalog)}
    waiting = sorted(catalog.public_views.keys() - live)
    if waiting:
        click.echo(f"Not public until checked and approved: {', '.join(waiting)}")


def _accept(catalog: Catalog) -> None:
    check_recurrences(catalog.recurrences, KINDS)
    reminders.check(catalog)


def _accept_here(catalog: Catalog) -> None:
    _accept(catalog)
    with engine().database.reading() as connection:
        purposes.require_same(connection, catalog.forms.values())


def _summary(catalog: Catalog) -> str:
    return (
        f"{len(catalog.entities)} entities, {len(catalog.views)} views, "
        f"{len(catalog.forms)} forms, metadata version {catalog.version}."
    )

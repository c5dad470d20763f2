"""`flask solution import|check DIR`."""

from pathlib import Path

import click

from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from extensions import engine
from jobs import reminders
from jobs.kinds import KINDS
from jobs.platform_recurrences import all_recurrences
from jobs.recurrences import check as check_recurrences
from jobs.recurrences import ensure
from models.metadata.catalog import Catalog
from models.security.publications import all_published
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
    _tell_of_public_views(catalog)


@solution_commands.command("check")
@click.argument("folder", type=FOLDER)
def check_solution(folder: Path) -> None:
    """Check the solution in FOLDER without installing it."""
    catalog = check(folder, accept=_accept)
    click.echo(f"No mistake found. {_summary(catalog)}")


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


def _summary(catalog: Catalog) -> str:
    return (
        f"{len(catalog.entities)} entities, {len(catalog.views)} views, "
        f"{len(catalog.forms)} forms, metadata version {catalog.version}."
    )

"""`flask solution import|check DIR`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from cli.errors import require_set_up, said_plainly
from extensions import engine
from jobs.recurrences import ensure
from models.metadata.catalog import Catalog
from packager.installing import check, install

solution_commands = AppGroup("solution", help="Install or check a solution's folder of YAML.")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@solution_commands.command("import")
@click.argument("folder", type=FOLDER)
def import_solution(folder: Path) -> None:
    """Install the solution in FOLDER, or its new version; all of it or nothing."""
    require_set_up()
    with said_plainly():
        catalog = install(engine().database, folder)
        engine().database.run(lambda transaction: ensure(transaction, catalog.recurrences))
    click.echo(f"Installed. {_summary(catalog)}")


@solution_commands.command("check")
@click.argument("folder", type=FOLDER)
def check_solution(folder: Path) -> None:
    """Check the solution in FOLDER without installing it."""
    with said_plainly():
        catalog = check(folder)
    click.echo(f"No mistake found. {_summary(catalog)}")


def _summary(catalog: Catalog) -> str:
    return (
        f"{len(catalog.entities)} entities, {len(catalog.views)} views, "
        f"{len(catalog.forms)} forms, metadata version {catalog.version}."
    )

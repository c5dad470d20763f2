"""`flask records import|export`: records as CSV, out of it as XLSX too, from the shell.

Nobody approves what leaves here: who administers the machine could read the database. It is
audited and stands in the ledger of extracts.
"""

import os
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up, said_plainly
from cli.progress import progress_bar, reached
from exchange.csv_writing import ENCODINGS
from exchange.exporting import Export
from exchange.formats import FORMATS, require_fitting
from exchange.importing import FIRST_ROW, CsvFile, import_csv
from exchange.orders import Door, ExportOrder
from extensions import engine
from models.metadata.errors import DefinitionError, RecordNotFound
from models.metadata.query import Query
from models.security.caller import Caller
from models.security.principals import load_caller, owning
from models.tables.principals import SystemUser

records_commands = PlainGroup("records", help="Bring records in and out as files.")


@records_commands.command("import")
@click.argument("entity")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--encoding", type=click.Choice(ENCODINGS), default="utf-8-sig", help="How texts are written."
)
@click.option("--business-unit", default="", help="Whose team will own the records.")
def import_records(entity: str, file: Path, encoding: str, business_unit: str) -> None:
    """Create a record of ENTITY for each row of FILE: all of them, or none."""
    require_set_up()
    caller = shell_caller("records import")
    if business_unit:
        with engine().database.reading() as connection:
            caller = owning(connection, caller, business_unit)
    elif engine().catalog.entity(entity).is_user_owned:
        raise click.UsageError(f"records of {entity} are owned: by which --business-unit?")
    size = file.stat().st_size
    with said_plainly(unit="row", first=FIRST_ROW), progress_bar(size, "Importing") as bar:
        source = CsvFile(file, encoding, progress=partial(reached, bar))
        count = import_csv(engine(), caller, entity, source)
    click.echo(f"Created {count} records.")


@records_commands.command("export")
@click.argument("entity")
@click.option("--view", required=True, help="The view's name: its filter, order and columns.")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to be made; it will be readable by its owner alone.",
)
@click.option("--purpose", required=True, help="What the data is for; kept in the audit.")
@click.option("--recipient", default="", help="Who gets it; the person at the shell if left out.")
@click.option("--columns", default="", help="Logical names, separated by commas.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(tuple(FORMATS)),
    default="csv",
    help="CSV in UTF-8 or in Shift_JIS (cp932), or a sheet.",
)
@click.option(
    "--keep-until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day on which the file may be kept; for the ledger.",
)
@click.option("--as", "account", default="", help="Act as this account, with its rights.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def export_records(entity: str, output: Path, *, force: bool, account: str, **stated: Any) -> None:
    """Write the records of a view of ENTITY to a file; its count and SHA-256 are printed."""
    require_set_up()
    if output.exists() and not force:
        raise click.ClickException(f"{output} exists already; --force overwrites it")
    if not output.parent.is_dir():
        raise click.ClickException(f"there is no folder {output.parent}")
    caller = _caller(account).for_purpose(stated["purpose"])
    day = stated["keep_until"]
    order = ExportOrder(
        query=_query(entity, stated["view"], stated["columns"]),
        view=stated["view"],
        purpose=stated["purpose"],
        recipient=stated["recipient"] or caller.name,
        format=stated["file_format"],
        keep_until=None if day is None else day.date(),
        door=Door.SHELL,
    )
    export = Export(engine(), caller, order)
    expected = _count(caller, order.query)
    require_fitting(order.format, export.columns, records=expected)
    _write(export, output, expected=expected)
    click.echo(f"Wrote {export.rows} records to {output}.")
    click.echo(f"SHA-256 {export.sha256}")
    if export.writer.replaced:
        click.echo(f"{export.writer.replaced} characters cannot be said in cp932:")
        for one in export.writer.report[:20]:
            click.echo(f"  record {one.row}, column {one.column + 1}: U+{ord(one.character):04X}")


def _query(entity: str, view_name: str, columns: str) -> Query:
    catalog = engine().catalog
    views = [view.name for view in catalog.views_of(catalog.entity(entity).logical_name)]
    if view_name not in views:
        known = ", ".join(views) or "none"
        raise DefinitionError(f"{entity} has no view {view_name!r}; it has {known}")
    chosen = tuple(name.strip() for name in columns.split(",") if name.strip())
    query = catalog.views[view_name].query
    return Query(
        entity=entity,
        columns=chosen or query.columns,
        filter=query.filter,
        order=query.order,
        links=query.links,
    )


def _caller(account: str) -> Caller:
    if not account:
        return shell_caller("records export")
    with engine().database.reading() as connection:
        statement = select(SystemUser.id).where(SystemUser.email == account.strip().lower())
        user_id = connection.scalar(statement)
        caller = load_caller(connection, user_id) if user_id else None
    if caller is None:
        raise RecordNotFound(f"there is no active account {account}")
    return caller


def _count(caller: Caller, query: Query) -> int:
    counting = Query(entity=query.entity, filter=query.filter, page_size=1, count=True)
    page = engine().run(lambda service: service.retrieve_multiple(caller, counting))
    return page.count or 0


def _write(export: Export, output: Path, *, expected: int) -> None:
    """The file is its owner's alone, and gets its name when it is whole; none stays otherwise."""
    descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            closing(export.__iter__()) as chunks,
            progress_bar(expected, "Exporting") as bar,
        ):
            for chunk in chunks:
                file.write(chunk)
                reached(bar, export.rows)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

"""`flask demo seed`: realistic applications to look at; never in production."""

import random
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

import click

from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from cli.progress import progress_bar
from exchange.samples import sample_values
from extensions import engine, settings
from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from models.records.changes import Values
from models.records.service import RecordService
from models.security.caller import Caller
from models.security.principals import owning

demo_commands = PlainGroup("demo", help="Something to look at, on an engineer's machine.")
BATCH = 1000
OPEN_TO_ENDED = 4
"""So many are open for each that ended."""


@demo_commands.command("seed")
@click.option("--count", type=click.IntRange(min=1), required=True, help="How many.")
@click.option("--seed", type=int, default=1, help="The same seed makes the same records.")
@click.option(
    "--entity", default="", help="Records of which entity; the first form's if left out."
)
def seed_records(count: int, seed: int, entity: str) -> None:
    """Create sample records. They are not mailed to: their statuses send no mail."""
    require_set_up()
    if settings().is_production:
        raise click.ClickException("sample records are not for production (UKETSUKE_ENV)")
    catalog = engine().catalog
    entity = entity or _first_public_entity(catalog)
    with engine().database.reading() as connection:
        caller = owning(connection, shell_caller("demo seed"), _unit(catalog, entity))
    values = _with_statuses(catalog, entity, count, seed=seed)
    with progress_bar(count, "Creating") as bar:
        while batch := list(islice(values, BATCH)):
            engine().run(partial(_create, caller=caller, entity=entity, batch=batch))
            bar.update(len(batch))
    click.echo(f"Created {count} records of {entity}.")


def _create(
    service: RecordService, *, caller: Caller, entity: str, batch: Sequence[Values]
) -> None:
    service.create_multiple(caller, entity, batch)


def _first_public_entity(catalog: Catalog) -> str:
    for form in catalog.forms.values():
        if form.kind == "public":
            return form.entity
    raise DefinitionError("there is no public form; name an --entity")


def _unit(catalog: Catalog, entity: str) -> str:
    for form in catalog.forms.values():
        if form.entity == entity and form.owning_unit:
            return form.owning_unit
    raise DefinitionError(f"no public form of {entity} says which business unit owns it")


def _with_statuses(
    catalog: Catalog, entity_name: str, count: int, *, seed: int
) -> Iterator[dict[str, object]]:
    """Sample values with statuses that no workflow watches, so that nobody is written to; most of
    them are open."""
    entity = catalog.entity(entity_name)
    weights = _statuses(catalog, entity_name)
    chance = random.Random(seed)  # nosec B311  # noqa: S311 - samples, not secrets
    for values in sample_values(entity, count, seed=seed):
        [status] = chance.choices(list(weights), list(weights.values())) if weights else [None]
        yield values | ({"statuscode": status} if status is not None else {})


def _statuses(catalog: Catalog, entity: str) -> dict[int, int]:
    """Each with how often it comes; none that only a merge gives."""
    watched = {w.status for w in catalog.workflows if w.entity == entity}
    merged = {rule.merged_status for rule in catalog.duplicate_rules_of(entity)}
    options = catalog.entity(entity).attributes["statuscode"].options
    return {
        one.value: 1 if one.state else OPEN_TO_ENDED
        for one in (options.options if options else ())
        if one.value not in watched | merged
    }

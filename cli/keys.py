"""`flask keys status|verify|rotate-data|reindex`: how it stands with the keys, and new ones."""

from collections.abc import Callable, Sequence
from functools import partial

import click

from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from cli.progress import progress_bar, reached
from crypto.key_rotation import KeyCount, key_counts
from crypto.keystore_tables import KeyState
from crypto.root_rotation import RootRotation
from extensions import engine
from models.records.engine import RecordEngine
from models.records.rekeying import data_keys, journal, reindexing
from models.records.rekeying.places import all_places
from models.records.rekeying.rotating import Rotated
from models.records.rekeying.standing import rows_under_retired, sealed_count
from models.records.rekeying.verifying import Verification, verify
from models.security.caller import Caller

key_commands = PlainGroup("keys", help="Look after the keys that personal values are sealed with.")
COMMANDS = {journal.DATA: "rotate-data", journal.INDEX: "reindex"}


@key_commands.command("status")
def show_status() -> None:
    """Tell which keys there are, how old they are, and how far a rotation is. Shows no key."""
    require_set_up()
    records = engine()
    with records.database.reading() as connection:
        going_on = journal.going_on(connection)
    numbers = {one.number: one.logical_name for one in records.catalog.entities.values()}
    keystore = records.keyring.keystore
    counts = key_counts(keystore)
    for one in counts:
        whose = numbers.get(one.entity_number, data_keys.OF_PLATFORM)
        click.echo(f"{one.purpose.name.lower():9}{whose:32}{one.state:10}{one.count:10,}")
    click.echo(_oldest(counts))
    click.echo(f"{rows_under_retired(records):,} rows are under keys that only open.")
    for rotation in going_on:
        whose = numbers.get(rotation.entity_number, data_keys.OF_PLATFORM)
        click.echo(
            f"A rotation goes on since {rotation.begun_on:%Y-%m-%d %H:%M} UTC: {rotation.moved:,} "
            f"rows moved, pass {rotation.passes + 1}. If no process is at it, run: "
            f"flask keys {COMMANDS[rotation.kind]} {whose}"
        )
    if RootRotation(keystore).has_offer():
        click.echo("Two root keys open the keystore; end that with: flask keys rotate-root")


@key_commands.command("verify")
@click.option(
    "--without",
    "withheld",
    type=int,
    multiple=True,
    metavar="KEY_ID",
    help="Do as if this key were gone; may be given again.",
)
def verify_values(withheld: tuple[int, ...]) -> None:
    """Open every sealed value; exit status 1 if one does not open, and where it stands."""
    require_set_up()
    records = engine()
    places = all_places(records.catalog)
    with progress_bar(sealed_count(records, places), "Verifying") as bar:
        found = verify(
            records,
            places,
            withhold=lambda ids: ids.intersection(withheld),
            progress=partial(reached, bar),
        )
    told = _told(found)
    if not found.holds:
        raise click.ClickException("\n".join([told, *(f"- {one}" for one in found.faults)]))
    click.echo(told)


@key_commands.command("rotate-data")
@click.argument("entity", required=False)
@click.option("--all", "everything", is_flag=True, help="All entities, and the platform's own.")
def rotate_data(entity: str | None, *, everything: bool) -> None:
    """Seal what an entity holds under new keys and destroy the old ones. The service goes on
    meanwhile; if it is broken off, the same command goes on. Takes more than a minute."""
    require_set_up()
    records = engine()
    names = _chosen(entity, everything=everything, among=data_keys.rotatable(records))
    _carry_out(records, partial(data_keys.rotate, records, _caller(journal.DATA), names))


@key_commands.command("reindex")
@click.argument("entity", required=False)
@click.option("--all", "everything", is_flag=True, help="All entities with a blind index.")
def reindex(entity: str | None, *, everything: bool) -> None:
    """Make the blind index by which sealed values are found anew under new keys and destroy the
    old ones. Searches go on meanwhile; if it is broken off, the same command goes on."""
    require_set_up()
    records = engine()
    names = _chosen(entity, everything=everything, among=reindexing.indexed(records))
    _carry_out(records, partial(reindexing.reindex, records, _caller(journal.INDEX), names))


def _chosen(entity: str | None, *, everything: bool, among: Sequence[str]) -> Sequence[str]:
    if (entity is None) is not everything:
        raise click.UsageError("Name one ENTITY, or give --all.")
    if entity is not None and entity not in among:
        raise click.ClickException(f"{entity} has no such keys; there are: {', '.join(among)}")
    return among if entity is None else [entity]


def _caller(kind: str) -> Caller:
    return shell_caller(f"keys {COMMANDS[kind]}")


def _carry_out(records: RecordEngine, work: Callable[..., list[Rotated]]) -> None:
    length = sealed_count(records, all_places(records.catalog))
    with progress_bar(length, "Going over all rows") as bar:
        done = work(progress=partial(reached, bar))
    for one in done:
        click.echo(
            f"{one.name}: {one.moved:,} rows in {one.passes} passes, {one.destroyed:,} old keys "
            "destroyed."
        )


def _oldest(counts: Sequence[KeyCount]) -> str:
    active = [one.oldest for one in counts if one.state is KeyState.ACTIVE]
    return f"The oldest active key is of {min(active):%Y-%m-%d}." if active else "No active key."


def _told(found: Verification) -> str:
    parts = [f"{found.opened:,} values in {found.rows:,} rows open"]
    if found.shredded:
        parts.append(f"{found.shredded:,} are gone with their destroyed keys")
    if found.withheld:
        parts.append(f"{found.withheld:,} need a key that was withheld")
    if found.failed:
        parts.append(f"{found.failed:,} do not open")
    return "; ".join(parts) + "."

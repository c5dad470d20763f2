"""`flask contractor …`: contracts and whose accounts work under them, from the shell."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import click
from sqlalchemy import select

from admin_views.contractors import changing
from admin_views.contractors.changing import Terms
from admin_views.contractors.reading import read_contracts
from admin_views.identity.account_rights import give
from cli.callers import shell_caller
from cli.errors import PlainGroup, require_set_up
from cli.users import account_id
from extensions import engine
from models.metadata.errors import RecordNotFound
from models.records.service import RecordService
from models.tables.principals import Contractor

contractor_commands = PlainGroup(
    "contractor", help="Contractors: period, data, networks, accounts."
)
name_option = click.option("--name", required=True, help="What the contractor is called.")
entity_option = click.option(
    "--entity", "entities", multiple=True, help="An entity allowed; may be repeated."
)
only_option = click.option(
    "--only",
    "limits",
    multiple=True,
    metavar="ENTITY.ATTRIBUTE=VALUE[,VALUE…]",
    help="Of an entity allowed, only records with these options; may be repeated.",
)
network_option = click.option(
    "--network", "networks", multiple=True, help="An address or range (CIDR); may be repeated."
)
account_option = click.option(
    "--account", "accounts", multiple=True, help="Address of an account to be the contractor's."
)


@contractor_commands.command("create")
@name_option
@click.option("--from", "starts_on", required=True, help="The first day, like 2026-04-01.")
@click.option("--until", "ends_on", required=True, help="The last day, which counts.")
@entity_option
@only_option
@network_option
@account_option
def create(**stated: Any) -> None:
    """Add a contractor. What no --entity names, its accounts do not reach."""
    require_set_up()
    caller, ids = (
        shell_caller("contractor create"),
        [account_id(one) for one in stated["accounts"]],
    )
    terms = Terms(
        name=stated["name"],
        starts_on=stated["starts_on"],
        ends_on=stated["ends_on"],
        scope=_scope(stated["entities"], stated["limits"]),
        networks="\n".join(stated["networks"]),
    )

    def work(service: RecordService) -> None:
        changing.add(service, caller, terms)
        for one in ids:
            give(service, caller, one, stated={"contractor": (terms.name,)})

    engine().run(work)
    click.echo(f"Added the contractor {terms.name}.")


@contractor_commands.command("list")
def list_contractors() -> None:
    """All contractors: name, state, period, data, networks, number of active accounts."""
    require_set_up()
    found = engine().run(lambda s: read_contracts(s.transaction, s.catalog, language="en"))
    for one in found:
        accounts = "1 account" if one.accounts == 1 else f"{one.accounts} accounts"
        allowed = ", ".join(one.allowed) or "no data"
        networks = ", ".join(one.networks) or "any network"
        line = [one.name, one.standing, f"{one.first} to {one.last}", allowed, networks, accounts]
        click.echo("\t".join(line))


@contractor_commands.command("change")
@name_option
@click.option("--new-name", default=None, help="What it is called from now on.")
@click.option("--from", "starts_on", default=None, help="The first day, like 2026-04-01.")
@click.option("--until", "ends_on", default=None, help="The last day, which counts.")
@entity_option
@only_option
@network_option
@click.option("--any-network", is_flag=True, help="Lift the restriction of networks.")
@account_option
@click.option("--release", multiple=True, help="Address of an account that is the office's own.")
def change(name: str, **stated: Any) -> None:
    """Change a contract. It holds from the next request of every account on.

    What is not named stays as it is. Entities and limits, and networks, are put in the place of
    those of before.
    """
    require_set_up()
    caller = shell_caller("contractor change")
    employed: dict[UUID, tuple[str, ...]] = {
        account_id(one): (name,) for one in stated["accounts"]
    }
    employed |= {account_id(one): () for one in stated["release"]}

    def work(service: RecordService) -> None:
        row = _row(service, name)
        for account, contractor in employed.items():
            give(service, caller, account, stated={"contractor": contractor})
        changing.amend(service, caller, row["id"], _terms(row, stated), version=row["version"])

    engine().run(work)
    click.echo(f"Changed the contractor {stated['new_name'] or name}.")


def _terms(row: dict[str, Any], stated: dict[str, Any]) -> Terms:
    """Those of before, with what was stated in their place."""
    terms = Terms(
        name=stated["new_name"] or row["name"],
        starts_on=stated["starts_on"] or row["starts_on"].isoformat(),
        ends_on=stated["ends_on"] or row["ends_on"].isoformat(),
        scope=json.loads(row["scope"]),
        networks=row["networks"],
    )
    if stated["entities"] or stated["limits"]:
        terms = replace(terms, scope=_scope(stated["entities"], stated["limits"]))
    if stated["networks"] or stated["any_network"]:
        terms = replace(terms, networks="\n".join(stated["networks"]))
    return terms


def _scope(entities: Sequence[str], limits: Sequence[str]) -> dict[str, dict[str, list[int]]]:
    scope: dict[str, dict[str, list[int]]] = {name: {} for name in entities}
    for text in limits:
        place, _, values = text.partition("=")
        entity, _, attribute = place.partition(".")
        if entity not in scope or not attribute:
            raise click.UsageError(f"--only {text}: name its entity with --entity as well.")
        try:
            scope[entity][attribute] = [int(one) for one in values.split(",")]
        except ValueError:
            raise click.UsageError(f"--only {text}: options are stated as numbers.") from None
    return scope


def _row(service: RecordService, name: str) -> dict[str, Any]:
    statement = select(Contractor.id).where(Contractor.name == name)
    found = service.transaction.read(statement).scalar()
    if found is None:
        raise RecordNotFound(f"there is no contractor {name}")
    return changing.row_of(service, found)

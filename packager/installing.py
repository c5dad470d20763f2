"""Install or check a solution folder: all of it or nothing, in one transaction."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from models.metadata import purposes
from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from models.metadata.publishing import Convert, publish
from models.records.derived import filling
from models.records.engine import RecordEngine
from models.records.matching import codes
from models.records.service import RecordService
from models.security import organization, publications
from models.security.caller import Caller
from models.tables.installation import create_platform
from models.tables.principals import BusinessUnit, Role
from models.tables.session import Database, Transaction
from packager.dropping import refuse_dropped
from packager.rights import install_rights
from packager.rights_of_others import refuse_rights_of_others
from packager.rights_reading import Rights
from packager.solution_reading import SolutionFolder, read_solution

Accept = Callable[[Catalog], None]
"""Raises DefinitionError at what levels above cannot do, with the component as its place."""


def _accept_all(_catalog: Catalog) -> None:
    return


def install(database: Database, folder: Path, *, accept: Accept = _accept_all) -> Catalog:
    """Publish the solution of `folder`; DefinitionError, and nothing done, at any mistake."""
    solution = read_solution(folder)
    return database.run(lambda transaction: _install(transaction, solution, accept)[0])


def install_audited(
    engine: RecordEngine,
    caller: Caller,
    folder: Path,
    *,
    accept: Accept = _accept_all,
    convert: Convert | None = None,
) -> Catalog:
    """As `install`, noted in the audit: a solution gives rights to roles."""
    solution = read_solution(folder)

    def work(service: RecordService) -> Catalog:
        catalog, changed, closed = _install(service.transaction, solution, accept, convert=convert)
        service.audit(
            caller,
            "import_solution",
            solution=solution.content.name,
            version=solution.content.version,
            metadata_version=catalog.version,
            roles=[role.name for role in solution.rights.roles],
        )
        if changed:
            service.audit(caller, "change_organization", **changed)
        for view in closed:
            service.audit(caller, "close_publication", view=view)
        return catalog

    return engine.run(work)


def check(
    folder: Path, *, accept: Accept = _accept_all, present: Catalog | None = None
) -> Catalog:
    """As `install`, into an empty database in memory that is thrown away; with what is installed
    here, nothing of that is dropped by silence either."""
    if present is not None:
        _check_dropped(read_solution(folder), present)
    database = Database("sqlite://")
    try:
        create_platform(database)
        return install(database, folder, accept=accept)
    finally:
        database.dispose()


def _check_dropped(solution: SolutionFolder, present: Catalog) -> None:
    try:
        refuse_dropped(solution, present)
    except DefinitionError as error:
        raise solution.marks.known(error) from error


def preview(
    engine: RecordEngine, folder: Path, *, accept: Accept = _accept_all
) -> tuple[Catalog, Catalog] | None:
    """The catalog as it is and as it would be, where an import must convert values; None where it
    need not. DefinitionError as `install` raises it; nothing is done."""
    solution = read_solution(folder)
    seen: list[tuple[Catalog, Catalog]] = []

    def work(transaction: Transaction) -> None:
        seen.clear()

        def note(_: Connection, before: Catalog, after: Catalog) -> None:
            seen.append((before, after))

        _install(transaction, solution, accept, convert=note)
        raise _Undone

    with suppress(_Undone):
        engine.database.run(work)
    return seen[-1] if seen else None


class _Undone(Exception):
    """Ends a transaction that was only to be looked at."""


def _install(
    transaction: Transaction,
    solution: SolutionFolder,
    accept: Accept,
    *,
    convert: Convert | None = None,
) -> tuple[Catalog, dict[str, Any], list[str]]:
    """What is published, what became otherwise of the organization's settings, and which public
    views are closed since they are not what people approved."""
    connection = transaction.lock()
    try:
        catalog = publish(connection, solution.content, convert=convert)
        refuse_dropped(solution, catalog)
        refuse_rights_of_others(connection, solution.rights, solution.content.name)
        install_rights(connection, solution.rights)
        _check_rights(catalog, solution.rights)
        _check_units(connection, catalog, solution.rights)
        _check_movers(connection, catalog)
        closed = publications.close_changed(connection, catalog)
        purposes.keep(connection, catalog.forms.values())
        accept(catalog)
    except DefinitionError as error:
        raise solution.marks.known(error) from error
    codes.settle_empty(catalog, transaction)
    filling.settle_empty(catalog, transaction)
    return catalog, organization.change(connection, solution.organization), closed


def _check_rights(catalog: Catalog, rights: Rights) -> None:
    """Entities and attributes that a role or a profile names; a misspelt one grants nothing."""
    for role in rights.roles:
        for entity, _ in role.privileges:
            if entity not in catalog.entities:
                raise DefinitionError(f"there is no entity {entity!r}", where=f"role {role.name}")
    for name, permissions in rights.profiles.items():
        for one in permissions:
            definition = catalog.entities.get(one.entity)
            if definition is None or one.attribute not in definition.attributes:
                message = f"there is no {one.entity} › {one.attribute}"
                raise DefinitionError(message, where=f"profile {name}")


def _check_movers(connection: Connection, catalog: Catalog) -> None:
    """A stage that only a misspelt role may leave is left by nobody; a status likewise."""
    known = set(connection.scalars(select(Role.name)))
    for process in catalog.processes.values():
        for stage in process.stages.values():
            for name in sorted(stage.roles - known):
                where = f"process {process.name}"
                message = f"stage {stage.value}: there is no role {name!r}"
                raise DefinitionError(message, where=where)
    for entity in catalog.entities.values():
        status = entity.attributes["statuscode"].options
        for option in status.options if status else ():
            for name in sorted(option.roles - known):
                message = f"status {option.value}: there is no role {name!r}"
                raise DefinitionError(message, where=f"entity {entity.logical_name}")


def _check_units(connection: Connection, catalog: Catalog, rights: Rights) -> None:
    units = set(connection.scalars(select(BusinessUnit.name)))
    for form in catalog.forms.values():
        asks_for_one = form.kind == "public" or form.owning_unit
        if asks_for_one and form.owning_unit not in units:
            message = f"there is no business unit {form.owning_unit!r}"
            raise DefinitionError(message, where=f"form {form.name}")
    for account in rights.demo_accounts:
        if account.business_unit not in units:
            message = f"{account.email}: there is no business unit {account.business_unit!r}"
            raise DefinitionError(message, where=f"role {account.role}")

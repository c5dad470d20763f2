"""Install or check a solution folder: all of it or nothing, in one transaction."""

from pathlib import Path

from models.metadata.catalog import Catalog
from models.metadata.errors import DefinitionError
from models.metadata.publishing import publish
from models.tables.installation import create_platform
from models.tables.session import Database, Transaction
from packager.rights import install_rights
from packager.solution_reading import SolutionFolder, read_solution


def install(database: Database, folder: Path) -> Catalog:
    """Publish the solution of `folder`; DefinitionError, and nothing done, at any mistake."""
    solution = read_solution(folder)
    return database.run(lambda transaction: _install(transaction, solution))


def check(folder: Path) -> Catalog:
    """As `install`, into an empty database in memory that is thrown away."""
    solution = read_solution(folder)
    database = Database("sqlite://")
    try:
        create_platform(database)
        return database.run(lambda transaction: _install(transaction, solution))
    finally:
        database.dispose()


def _install(transaction: Transaction, solution: SolutionFolder) -> Catalog:
    connection = transaction.lock()
    catalog = publish(connection, solution.content)
    install_rights(connection, solution)
    _check_rights(catalog, solution)
    return catalog


def _check_rights(catalog: Catalog, solution: SolutionFolder) -> None:
    for role, stated in solution.roles.items():
        for entity in (stated or {}).get("entities") or {}:
            if entity not in catalog.entities:
                raise DefinitionError(f"there is no entity {entity!r}", where=f"role {role}")
    for profile, entities in solution.profiles.items():
        for entity, attributes in entities.items():
            for name in attributes:
                if name not in catalog.entity(entity).attributes:
                    raise DefinitionError(f"{entity} has no {name!r}", where=f"profile {profile}")

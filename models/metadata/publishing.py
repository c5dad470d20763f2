"""Publish: store what a solution states and bring the tables after it, in one transaction.

Additive: tables and columns are made, never dropped; what would lose or misread data is
refused. What changes nothing is not published. It does not know where the statements came from.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, select, update

from models.metadata.catalog import Catalog
from models.metadata.checking import check_catalog
from models.metadata.loading import load_catalog
from models.metadata.losses import newly_sealed, refuse_losses
from models.metadata.storing import SolutionContent, store
from models.metadata.table_making import bring_tables_after
from models.tables.customizations import Environment

__all__ = ["SolutionContent", "publish"]


Convert = Callable[[Connection, Catalog, Catalog], None]
"""Brings the values of newly sealed attributes, or unsealed ones, after the second catalog."""


def publish(
    connection: Connection, content: SolutionContent, *, convert: Convert | None = None
) -> Catalog:
    """Store and compile `content`; the new Catalog is live once the transaction is committed.
    Without `convert` no attribute with values becomes sealed, or ceases to be."""
    connection.execute(select(Environment.id).with_for_update())  # one publisher at a time
    before = load_catalog(connection)
    store(connection, content)
    after = load_catalog(connection)
    if replace(after, tables=before.tables) == before:
        return before
    converted = newly_sealed(before, after) if convert is not None else set()
    refuse_losses(before, after, converted=converted)
    check_catalog(after)
    if convert is not None and converted:
        convert(connection, before, after)
    bring_tables_after(connection, after)
    version = before.version + 1
    connection.execute(update(Environment).values(metadata_version=version))
    return replace(after, version=version)

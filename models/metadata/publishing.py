"""Publish: store what a solution states and bring the tables after it, in one transaction.

Additive: tables and columns are made, never dropped; what would lose or misread data is
refused. What changes nothing is not published. It does not know where the statements came from.
"""

from dataclasses import replace

from sqlalchemy import Connection, select, update

from models.metadata.catalog import Catalog
from models.metadata.checking import check_catalog
from models.metadata.loading import load_catalog
from models.metadata.losses import refuse_losses
from models.metadata.storing import SolutionContent, store
from models.metadata.table_making import bring_tables_after
from models.tables.customizations import Environment

__all__ = ["SolutionContent", "publish"]


def publish(connection: Connection, content: SolutionContent) -> Catalog:
    """Store and compile `content`; the new Catalog is live once the transaction is committed."""
    connection.execute(select(Environment.id).with_for_update())  # one publisher at a time
    before = load_catalog(connection)
    store(connection, content)
    after = load_catalog(connection)
    if replace(after, tables=before.tables) == before:
        return before
    refuse_losses(before, after)
    check_catalog(after)
    bring_tables_after(connection, after)
    version = before.version + 1
    connection.execute(update(Environment).values(metadata_version=version))
    return replace(after, version=version)

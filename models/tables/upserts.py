"""INSERT … ON CONFLICT, which SQLAlchemy has for each kind of database by itself."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from sqlalchemy import Connection


def insert_for(connection: Connection) -> Callable[..., Any]:
    """The `insert` of the connection's kind of database, which knows `on_conflict_do_update`."""
    # nosemgrep: code-from-data - SQLAlchemy's own, and running already
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    insert: Callable[..., Any] = dialect.insert
    return insert

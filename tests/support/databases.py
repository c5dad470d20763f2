"""Databases that tests make and throw away: SQLite files, PostgreSQL schemas of a test database.

A schema of its own costs a few milliseconds, a database of its own half a second; so a test run
makes one database, and every test that asks gets a new schema in it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from tests.support.absence import POSTGRESQL_SERVER

NewDatabase = Callable[[], str]
"""Makes an empty database and gives its URL; each call makes another."""


@contextmanager
def postgresql_database() -> Iterator[str]:
    """A database of this test run's own, dropped at the end; its URL."""
    name = f"uketsuke_test_{uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL_SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))
        # no test pulls the plug: a commit need not wait for the disk
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    try:
        url = make_url(POSTGRESQL_SERVER).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def postgresql_schema(database_url: str) -> str:
    """The URL of a new, empty schema in that database: connections see nothing else."""
    schema = f"test_{uuid4().hex[:12]}"
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    url = make_url(database_url).update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


def sqlite_file(directory: Path) -> str:
    """The URL of a SQLite file that is not there yet."""
    return f"sqlite:///{directory / f'test_{uuid4().hex[:12]}.db'}"

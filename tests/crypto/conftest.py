"""Keystores to test with: the same suite on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider

SERVER = os.environ.get(
    "UKETSUKE_TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    """A database of this test run's own, dropped at its end."""
    name = f"uketsuke_test_crypto_{os.getpid()}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        pytest.skip("no PostgreSQL server; set UKETSUKE_TEST_POSTGRESQL_URL")
    yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _own_schema(database: str) -> str:
    schema = f"keystore_{uuid4().hex}"
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    url = make_url(database).update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def keystore_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'keystore.db'}"
    return _own_schema(request.getfixturevalue("postgresql_database"))


@pytest.fixture
def root_key_path(tmp_path: Path) -> Path:
    path = tmp_path / "root.key"
    FileKeyProvider.create(path)
    return path


@pytest.fixture
def provider(root_key_path: Path) -> FileKeyProvider:
    return FileKeyProvider(root_key_path)


@pytest.fixture
def keystore(keystore_url: str, provider: FileKeyProvider) -> Iterator[Keystore]:
    store = Keystore(keystore_url, provider)
    store.create()
    yield store
    store.dispose()


@pytest.fixture
def keyring(keystore: Keystore) -> Keyring:
    return Keyring(keystore)


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "on_file.db"


@pytest.fixture
def sqlite_keystore(sqlite_path: Path, provider: FileKeyProvider) -> Iterator[Keystore]:
    store = Keystore(f"sqlite:///{sqlite_path}", provider)
    store.create()
    yield store
    store.dispose()

"""An office whose staff come from a real identity provider."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from admin_views.identity.federation import group_roles
from admin_views.identity.federation.provider import PLACE
from config import Settings
from extensions import SETTINGS
from models.records.engine import RecordEngine
from models.tables.organization import Organization
from tests.admin_views.office import build_app, build_engine
from tests.federation.house import TESTS, House
from tests.federation.realm import CLIENT, SECRET, Realm, new_key, realm_at
from tests.federation.rogue import Rogue, rogue
from tests.federation.visitor import Visitor
from tests.support.databases import NewDatabase
from tests.support.service import free_port

US = "http://127.0.0.1:8000"
OPERATORS, OFFICIALS, AUDITORS = "uketsuke-operators", "uketsuke-officials", "uketsuke-auditors"
MAPPED = (
    (OPERATORS, "kobe_operator", "運営事務局"),
    (OFFICIALS, "kobe_official", "企画調整局つなぐラボ"),
    (AUDITORS, "auditor", "運営事務局"),
)


def federated(
    engine: RecordEngine, folder: Path, issuer: str, us: str = US, **stated: str
) -> Flask:
    """An application at the address `us` that knows this provider."""
    app = build_app(engine)
    app.extensions[SETTINGS] = replace(settings_for(folder, issuer, **stated), base_url=us)
    return app


def settings_for(folder: Path, issuer: str, **stated: str) -> Settings:
    secret = folder / "oidc_client.secret"
    if not secret.exists():
        secret.write_text(f"{SECRET}\n", encoding="utf-8")
        secret.chmod(0o400)
    named = {f"UKETSUKE_OIDC_{name}": value for name, value in stated.items()}
    return Settings.from_environment(
        {
            "UKETSUKE_ENV": "testing",
            "UKETSUKE_INSTANCE_DIR": str(folder),
            "UKETSUKE_OIDC_ISSUER": issuer,
            "UKETSUKE_OIDC_CLIENT_ID": CLIENT,
            "UKETSUKE_OIDC_NAME": "職員認証",
        }
        | named
    )


def map_groups(app: Flask, issuer: str) -> None:
    with app.app_context():
        for group, role, unit in MAPPED:
            group_roles.map_group(TESTS, issuer, group=group, role=role, business_unit=unit)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("federation")


@pytest.fixture(scope="session")
def engine(folder: Path) -> RecordEngine:
    """An office that asks for no pledge: its people are made by arriving."""
    engine = build_engine(folder)
    asks_for_none = update(Organization).values(must_pledge=False, training_months=0)
    engine.database.run(lambda transaction: transaction.write(asks_for_none))
    return engine


@pytest.fixture(scope="session")
def realm() -> Iterator[Realm]:
    with realm_at(free_port(), us=US, keys=[new_key("first")]) as running:
        yield running


@pytest.fixture(scope="session")
def app(engine: RecordEngine, folder: Path, realm: Realm) -> Flask:
    app = federated(engine, folder, realm.issuer)
    map_groups(app, realm.issuer)
    return app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture(scope="module")
def house(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """On SQLite and on PostgreSQL; people come to it without a browser."""
    engine = build_engine(tmp_path_factory.mktemp("house"), new_database())
    yield House(build_app(engine), engine)
    engine.database.dispose()


@pytest.fixture(scope="module")
def at_large() -> Iterator[Rogue]:
    with rogue() as running:
        yield running


@pytest.fixture(scope="module")
def app_of_one(engine: RecordEngine, folder: Path, at_large: Rogue) -> Flask:
    """Whose provider is at large."""
    app = federated(engine, folder, at_large.issuer)
    map_groups(app, at_large.issuer)
    return app


@pytest.fixture
def one(at_large: Rogue, app_of_one: Flask) -> Rogue:
    """Good, and not met before."""
    at_large.be_good()
    app_of_one.extensions.pop(PLACE, None)
    return at_large


@pytest.fixture
def guest(app_of_one: Flask) -> Visitor:
    return Visitor(app_of_one)

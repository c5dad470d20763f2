"""One office for all tests of requests: two officials, and records of one person among others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_security import hash_password

from tests.admin_views.desk import Desk, sit_down
from tests.admin_views.office import PASSWORD, Office, build_office, create_users
from tests.disclosure.asking import MAIL, PHONE, SECOND
from tests.enquiries.asking import ask
from tests.support.databases import NewDatabase


@pytest.fixture(scope="package")
def folder(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another one for each kind of database."""
    return tmp_path_factory.mktemp("disclosed")


@pytest.fixture(scope="package")
def office(new_database: NewDatabase, folder: Path) -> Iterator[Office]:
    url = new_database()
    office = build_office(folder, "" if url.startswith("sqlite") else url)
    office.apply(kobe_email=MAIL, kobe_nickname="請求 花子", kobe_body="=1+1 という応募です。")
    ask(office, kobe_email="betsu.no@example.jp", kobe_phone=PHONE, kobe_name="請求 花子")
    office.apply()
    with office.app.app_context():
        hashed = hash_password(PASSWORD)
    place, held = {SECOND: "企画調整局つなぐラボ"}, {SECOND: "kobe_official"}
    users = create_users(office.engine.database, hashed, roles=place, held=held)
    yield Office(office.app, office.engine, {**office.users, **users})
    office.engine.database.dispose()


@pytest.fixture
def official(office: Office) -> Desk:
    return sit_down(office, "kobe_official")

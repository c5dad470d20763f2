"""An office to test with: the Kobe solution, one account per role, a few applications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from flask import Flask
from flask_security import hash_password
from sqlalchemy import Connection, insert, select, update

import extensions
from admin_views.back_office import install_back_office
from admin_views.identity import install_identity
from config import Settings
from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from models.metadata.loading import CatalogSource
from models.records.engine import RecordEngine
from models.security.caller import Caller
from models.security.contracts import today
from models.security.principals import load_caller, public_caller
from models.tables.base import new_id
from models.tables.installation import create_platform
from models.tables.organization import Organization
from models.tables.principals import BusinessUnit, PrincipalRole, Role, SystemUser
from models.tables.session import Database, Transaction
from packager.installing import install
from public_views.headers import install_headers
from public_views.language import choose_language, install_language

SOLUTION = Path(__file__).parents[2] / "solutions" / "kobe_support"
ENTITY = "kobe_application"
ROLES = {
    "kobe_operator": "運営事務局",
    "kobe_official": "企画調整局つなぐラボ",
    "kobe_manager": "企画調整局つなぐラボ",
    "auditor": "神戸市",
    "administrator": "神戸市",
}
PASSWORD = "correct horse battery staple"
TESTING = Settings.from_environment({"UKETSUKE_ENV": "testing"})
CHEAP_HASHES = {"argon2__time_cost": 1, "argon2__memory_cost": 256, "argon2__parallelism": 1}
"""For tests only: one hash as it should be costs 60 ms of two cores."""
PURPOSE = "試験のため"
"""What everybody says that they use the data for, but where a test is about that."""
PERSONAL = {"kobe_email": "hanako.kobe@example.jp", "kobe_phone": "078-331-8181"}


@dataclass(frozen=True)
class Office:
    app: Flask
    engine: RecordEngine
    users: Mapping[str, UUID]
    sessions: dict[str, str] = field(default_factory=dict)
    """By role: the cookie of the one that is signed in."""

    def caller(self, role: str) -> Caller:
        with self.engine.database.snapshot() as connection:
            found = load_caller(connection, self.users[role])
        assert found is not None
        return found.for_purpose(PURPOSE)

    def apply(self, **values: object) -> UUID:
        """An application as the public sends it in, already confirmed."""
        with self.engine.database.snapshot() as connection:
            form = self.engine.catalog.forms[ENTITY]
            caller = public_caller(connection, form)
        return self.engine.run(
            lambda service: service.create_multiple(caller, ENTITY, [application(**values)])
        )[0]


def application(**values: object) -> dict[str, object]:
    given: dict[str, object] = {
        "kobe_nickname": "神戸 花子",
        **PERSONAL,
        "kobe_catchphrase": "子どもたちに本を届けたい",
        "kobe_category": 927000000,
        "kobe_body": "読み聞かせの会を開きます。",
        "statuscode": 2,
    }
    return given | values


def build_office(folder: Path, url: str = "") -> Office:
    engine = build_engine(folder, url)
    app = build_app(engine)
    with app.app_context():
        hashed = hash_password(PASSWORD)
    return Office(app, engine, create_users(engine.database, hashed))


def build_app(
    engine: RecordEngine, *, settings: Settings = TESTING, **configuration: object
) -> Flask:
    app = Flask("uketsuke", root_path=str(SOLUTION.parents[1]))
    app.config.update(SECRET_KEY="a secret of tests", TESTING=True)
    app.config.update(SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=CHEAP_HASHES)
    app.config.update(configuration)
    app.extensions[extensions.ENGINE] = engine
    app.extensions[extensions.SETTINGS] = settings
    extensions.babel.init_app(app, default_locale="ja", locale_selector=choose_language)
    install_language(app)
    install_headers(app)
    install_identity(app, engine)
    install_back_office(app, engine)
    return app


def build_engine(folder: Path, url: str = "") -> RecordEngine:
    """A new office, on SQLite in `folder`, or on the empty database of `url`."""
    FileKeyProvider.create(folder / "root.key")
    keystore_of(folder).create()
    engine = open_engine(folder, url)
    create_platform(engine.database)
    install(engine.database, SOLUTION)
    return engine


def open_engine(folder: Path, url: str = "") -> RecordEngine:
    """An office that is there already, as another process opens it."""
    database = Database(url or f"sqlite:///{folder / 'uketsuke.db'}")
    return RecordEngine(database, Keyring(keystore_of(folder)), CatalogSource(database))


def keystore_of(folder: Path) -> Keystore:
    provider = FileKeyProvider(folder / "root.key")
    return Keystore(f"sqlite:///{folder / 'keystore.db'}", provider)


def create_users(
    database: Database,
    password: str,
    *,
    roles: Mapping[str, str] = ROLES,
    held: Mapping[str, str] | None = None,
) -> dict[str, UUID]:
    """One account a role, all with the same password: hashing one takes its time. `held` says
    which role an account holds whose name is none. All have pledged and are trained."""
    users = {role: new_id() for role in roles}

    def work(transaction: Transaction) -> None:
        connection = transaction.lock()
        for role, user_id in users.items():
            unit = select(BusinessUnit.id).where(BusinessUnit.name == roles[role])
            row = {
                "id": user_id,
                "email": f"{role}@example.jp",
                "password": password,
                "full_name": f"担当 {role}",
                "fs_uniquifier": user_id.hex,
                "businessunit_id": connection.scalar(unit),
                **ready(connection),
            }
            connection.execute(insert(SystemUser), row)
            wanted = (held or {}).get(role, role)
            role_id = connection.scalar(select(Role.id).where(Role.name == wanted))
            row = {"principal_id": user_id, "role_id": role_id}
            connection.execute(insert(PrincipalRole), row)

    database.run(work)
    return users


def let_all_work(database: Database) -> None:
    """Every account there is has pledged and is trained."""
    with database.reading() as connection:
        statement = update(SystemUser).values(**ready(connection))
    database.run(lambda transaction: transaction.write(statement))


def ready(connection: Connection) -> dict[str, object]:
    """What an account has of whom personal data is open to: pledge and training."""
    version = connection.scalar(select(Organization.pledge_version))
    return {"pledged_on": today(), "pledge_version": version, "trained_on": today()}

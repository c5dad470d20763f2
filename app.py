"""The composition root: settings in, a Flask application out. Everything meets here, only here.

gunicorn 'app:create_app()'        flask --app app COMMAND
"""

import gc
import logging
import os
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from admin_views.back_office import install_back_office
from admin_views.identity import install_identity
from cli.commands import install_commands
from cli.errors import said_plainly
from config import Settings, SettingsError
from crypto.errors import SealingError
from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import EnvironmentKeyProvider, FileKeyProvider, KeyProvider
from extensions import ENGINE, NOT_READY, SETTINGS, install_request_ids
from jobs.workflows import mail_step
from models.metadata.loading import CatalogSource
from models.records.checkpoints.second_place import SecondPlace
from models.records.engine import RecordEngine
from models.records.rekeying.belonging import require_belonging
from models.records.steps import Steps
from models.tables.installation import require_this_version
from models.tables.session import Database
from public_views import install_public
from public_views.limits import SIGN_INS, limit

LARGEST_REQUEST = 16 * 1024 * 1024
LARGEST_FORM = 512 * 1024
LOGGER = logging.getLogger(__name__)
SIGN_IN_PAGES = (
    "security.login",
    "security.two_factor_token_validation",
    "passkeys.sign_in_options",
    "passkeys.sign_in",
    "passkeys.second_factor",
    "recovery.enter",
    "federation.begin",
    "federation.back",
    "federation.ended",
)


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """The application of the environment's settings; SettingsError when it must not start.

    Commands may run before keys and keystore exist, since `flask setup` makes them.
    """
    is_process = environ is None
    environ = os.environ if environ is None else environ
    is_command = environ.get("FLASK_RUN_FROM_CLI") == "true"
    with said_plainly() if is_command else nullcontext():
        settings = Settings.from_environment(environ)
    app = Flask("uketsuke", root_path=os.path.dirname(os.path.abspath(__file__)))
    app.extensions[SETTINGS] = settings
    install_commands(app)
    try:
        settings.require_ready()
        engine = build_engine(settings)
        engine.keyring.keystore.check()  # it is there, and the root key is its own
        engine.keyring.secret("app")
        _require_its_own(engine)
    except (SettingsError, SealingError, DBAPIError) as error:
        if not is_command:
            raise
        app.extensions[NOT_READY] = error
        return app
    if not is_command:
        _warn_of_uncounted_proxy(settings)
    _configure(app, settings)
    _keep_compiled_templates(app, settings.instance_dir / "templates")
    app.extensions[ENGINE] = engine
    install_public(app)
    install_identity(app, engine)
    _limit_sign_in(app)
    install_back_office(app, engine)
    if is_process:
        _leave_to_the_process()
    return app


def _require_its_own(engine: RecordEngine) -> None:
    """SettingsError where another version made the database, WrongKeystore where the keystore is
    not that of these records, or was put back to an older state. A database that does not answer,
    or is not set up, serves nothing either."""
    try:
        with engine.database.reading() as connection:
            require_this_version(connection)
        require_belonging(engine)
    except DBAPIError:
        LOGGER.warning("the database could not be asked whether the keystore is its own")


def _leave_to_the_process() -> None:
    """What start-up made lives as long as the process, and a batch of a thousand records as long
    as its transaction: the collector need not look at them again and again (a third of the time
    of a batch otherwise)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _keep_compiled_templates(app: Flask, folder: Path) -> None:
    """Compiled once for all processes: each would take a moment and two megabytes for it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    app.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


def _warn_of_uncounted_proxy(settings: Settings) -> None:
    """Not refused: a gunicorn that holds the certificate itself has no proxy in front."""
    if settings.is_production and settings.is_tls and not settings.proxy_hops:
        LOGGER.warning(
            "UKETSUKE_PROXY_HOPS is 0 although people come by https: behind a reverse proxy all "
            "of them have its address and share one rate limit; state how many proxies there are"
        )


def build_engine(settings: Settings) -> RecordEngine:
    """The record engine of an installation, with the steps that the upper levels hand down."""
    database = Database(settings.database_url)
    keystore = Keystore(settings.keystore_url, key_provider(settings))
    return RecordEngine(
        database,
        Keyring(keystore),
        CatalogSource(database),
        Steps(post_operation=(mail_step(settings),)),
        SecondPlace(settings.audit_checkpoint_file, settings.audit_syslog),
    )


def key_provider(settings: Settings) -> KeyProvider:
    if settings.root_key:
        return EnvironmentKeyProvider(settings.root_key)
    return FileKeyProvider(settings.root_key_file)


def _limit_sign_in(app: Flask) -> None:
    """Each try costs us a slow hash, or a word with the provider; the counters are those of the
    public door."""
    for page in SIGN_IN_PAGES:
        app.view_functions[page] = limit(SIGN_INS, "sign-in")(app.view_functions[page])


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key(),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_SECURE=settings.is_tls,
        PREFERRED_URL_SCHEME=settings.base_url.partition(":")[0],
    )
    install_request_ids(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

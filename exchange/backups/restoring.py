"""An installation brought back from backups, into a free place and whole or not at all.

A keystore that is there stays: it knows what was erased since, and its destroyed keys are what
keeps that unreadable. Only a lost one is brought back from its own backup. Before anybody sees a
record, the erasures that came after the backup are done again.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import KeyProvider
from exchange.backups import belonging, checking, facts, halves, landing
from exchange.backups.facts import HIGHEST_KEY
from exchange.backups.manifests import Kind, Manifest
from exchange.backups.places import Backup
from exchange.backups.refusing import BackupRefused
from models.metadata.loading import CatalogSource
from models.records.checkpoints.second_place import SecondPlace
from models.records.engine import RecordEngine
from models.records.legal_acts.reentering import Reentered, reenter
from models.records.matching.coding import code_all
from models.records.rekeying.belonging import require_belonging
from models.records.rekeying.places import all_places
from models.records.rekeying.verifying import verify
from models.records.steps import Steps as RecordSteps
from models.security.caller import Caller
from models.tables.installation import create_platform
from models.tables.keys import KeystoreMark
from models.tables.session import Database

ACTION = "restore_backup"
NO_KEYSTORE = (
    "there is no keystore and no backup of one: without its keys no sealed value can be read. Put "
    "the keystore back, or name its backup"
)
KEYSTORE_THERE = (
    "there is a keystore already, and it stays: an older one would make readable again what was "
    "erased since. Leave its backup out, or put the keystore away if it is damaged"
)
OTHER_KIND = "the backup that was named for the {wanted} is one of the {theirs}"
Step = Callable[[RecordEngine], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an installation is to be again, and by whose root key."""

    database_url: str
    keystore_url: str
    provider: KeyProvider
    second_place: SecondPlace = field(default_factory=SecondPlace)
    """Of the audit's checkpoints; the acts that the law asks for lie beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is done with the records before anybody sees them. How is not known here."""

    replay_erasures: Step
    rebuild_index: Step
    operations: RecordSteps
    """What the running service does after each operation: mails, links and requests of a record
    that is erased again go with it, as they did the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """Records that were erased again, and that were indexed; values that open no more in records
    that are there: their keys went after the backup. And the acts since that stand again."""

    erased: int
    indexed: int
    unreadable: int
    acts: Reentered


def restore(
    place: Place,
    records: Backup,
    keystore: Backup | None,
    *,
    steps: Steps,
    caller: Caller,
) -> Restored:
    """Bring back records, and the keystore where it is lost. BackupRefused, and nothing done,
    where the place is taken, a backup is spoilt, or the two do not belong together."""
    of_keystore = keystore.manifest if keystore else None
    require_place(place, records.manifest, of_keystore)
    store = Keystore(place.keystore_url, place.provider)
    try:
        records = _completed(records, keystore, store)
        with landing.records(records, place.database_url) as database, _keys(place, keystore):
            belonging.require_keystore(records.manifest, store)
            engine = _engine(database, Keyring(store), place, steps)
            _require_counts(database, records.manifest)
            create_platform(database)
            require_belonging(engine)
            with _shut(database):
                done = _brought_up_to_date(engine, steps)
                details = _told(records.manifest, of_keystore, done)
                engine.run(lambda service: service.audit(caller, ACTION, **details))
            return done
    finally:
        store.dispose()


def require_place(place: Place, records: Manifest, keystore: Manifest | None) -> None:
    """BackupRefused where nothing may be restored; harmless to ask."""
    for manifest, kind in ((records, Kind.RECORDS), (keystore, Kind.KEYSTORE)):
        if manifest is not None and manifest.kind is not kind:
            raise BackupRefused(OTHER_KIND.format(theirs=manifest.kind, wanted=kind))
    landing.require_same_sort(records, place.database_url)
    if not landing.is_free(place.database_url):
        raise BackupRefused(landing.TAKEN)
    if not landing.is_free(place.keystore_url):
        if keystore is not None:
            raise BackupRefused(KEYSTORE_THERE)
        return
    if keystore is None:
        raise BackupRefused(NO_KEYSTORE)
    landing.require_same_sort(keystore, place.keystore_url)
    highest = keystore.facts[HIGHEST_KEY]
    belonging.require_fitting(records, keystore=keystore.keystore, highest_key=highest)


def _completed(records: Backup, keystore: Backup | None, store: Keystore) -> Backup:
    if keystore is not None:
        return halves.completed(records, halves.in_backup(keystore))
    belonging.require_keystore(records.manifest, store)
    return halves.completed(records, halves.in_keystore(store))


def _engine(database: Database, keyring: Keyring, place: Place, steps: Steps) -> RecordEngine:
    catalogs = CatalogSource(database)
    return RecordEngine(database, keyring, catalogs, steps.operations, place.second_place)


def _keys(place: Place, keystore: Backup | None) -> AbstractContextManager[None]:
    if keystore is None:
        return nullcontext()
    return landing.keystore(keystore, place.keystore_url)


@contextmanager
def _shut(database: Database) -> Iterator[None]:
    """Until the end no process of the service starts with these records: they name a keystore that
    there is not. So they stay if this one is ended by force, which only PostgreSQL needs."""
    with database.reading() as connection:
        identity = connection.scalar(select(KeystoreMark.identity))
    _mark(database, bytes(len(identity or b"")))
    yield
    _mark(database, identity or b"")


def _mark(database: Database, identity: bytes) -> None:
    statement = update(KeystoreMark).values(identity=identity)
    database.run(lambda transaction: transaction.write(statement))


def _require_counts(database: Database, manifest: Manifest) -> None:
    with database.reading() as connection:
        checking.require_rows(manifest, facts.row_counts(connection))


def _brought_up_to_date(engine: RecordEngine, steps: Steps) -> Restored:
    """Erasures first: what they take away has no value that could be indexed."""
    erased = steps.replay_erasures(engine)
    indexed = steps.rebuild_index(engine)
    code_all(engine)
    acts = reenter(engine)
    found = verify(engine, all_places(engine.catalog))
    unreadable = found.shredded + found.failed
    return Restored(erased=erased, indexed=indexed, unreadable=unreadable, acts=acts)


def _told(records: Manifest, keystore: Manifest | None, done: Restored) -> dict[str, Any]:
    """For the audit, whose log is the older one from here on."""
    return {
        "backup": records.id.hex,
        "taken_on": records.created_on.isoformat(),
        "keystore_taken_on": keystore.created_on.isoformat() if keystore else None,
        "erased_again": done.erased,
        "unreadable": done.unreadable,
        "acts_entered": sum(done.acts.entered.values()),
        "acts_left": len(done.acts.left),
    }

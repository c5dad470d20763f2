"""A real installation that is backed up, lost and brought back; importable by other processes."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine, select, text

from crypto.keyring import Keyring
from crypto.keystore import Keystore
from crypto.providers import FileKeyProvider
from exchange.backups import belonging, halves, making, sqlite
from exchange.backups.making import Source
from exchange.backups.manifests import Kind
from exchange.backups.places import Backup, opened
from exchange.backups.restoring import Place, Steps, restore
from models.metadata.loading import CatalogSource
from models.metadata.query import Condition, Filter, Operator, Query
from models.records.changes import Change, Deletion
from models.records.engine import RecordEngine
from models.records.steps import Steps as RecordSteps
from models.security.caller import Caller
from models.tables.installation import create_platform
from models.tables.session import Database
from packager.installing import install
from tests.models.office import SOLUTIONS, system

THING = "tst_thing"
READER = Caller.system("tests of backups")


@dataclass(frozen=True)
class House:
    """Where everything of one installation is."""

    folder: Path
    database_url: str
    keystore_url: str

    @property
    def provider(self) -> FileKeyProvider:
        return FileKeyProvider(self.folder / "root.key")

    @property
    def place(self) -> Place:
        return Place(
            database_url=self.database_url,
            keystore_url=self.keystore_url,
            provider=self.provider,
        )

    @contextmanager
    def engine(self) -> Iterator[RecordEngine]:
        database = Database(self.database_url)
        keystore = Keystore(self.keystore_url, self.provider)
        try:
            yield RecordEngine(database, Keyring(keystore), CatalogSource(database))
        finally:
            database.dispose()
            keystore.dispose()

    def back_up(self, kind: Kind, place: Path | None = None) -> Backup:
        with self.source(kind) as source:
            return making.make(source, place or self.folder / f"backups of {kind}")

    @contextmanager
    def source(self, kind: Kind) -> Iterator[Source]:
        with self.keystore() as keystore:
            yield Source(
                kind=kind,
                url=self.database_url if kind is Kind.RECORDS else self.keystore_url,
                keystore=belonging.name_of(Keyring(keystore)),
                provider=self.provider,
                keys=keystore,
                workplace=self.folder,
            )

    @contextmanager
    def keystore(self) -> Iterator[Keystore]:
        keystore = Keystore(self.keystore_url, self.provider)
        try:
            yield keystore
        finally:
            keystore.dispose()

    def complete(self, backup: Backup) -> Backup:
        """With the half of its key that the keystore has."""
        with self.keystore() as keystore:
            return halves.completed(backup, halves.in_keystore(keystore))

    def lose_records(self) -> None:
        lose(self.database_url)

    def lose_keystore(self) -> None:
        lose(self.keystore_url)


def built(folder: Path, database_url: str, keystore_url: str) -> House:
    made = House(folder, database_url, keystore_url)
    FileKeyProvider.create(folder / "root.key")
    database = Database(database_url)
    create_platform(database)
    install(database, SOLUTIONS / "office_of_tests")
    database.dispose()
    keystore = Keystore(keystore_url, made.provider)
    keystore.create()
    keystore.dispose()
    return made


def lose(url: str) -> None:
    """All of a database is gone; of PostgreSQL its schema is there again, and empty."""
    if url.startswith("sqlite"):
        sqlite.remove(sqlite.file_of(url))
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        schema = connection.scalar(text("SELECT current_schema()"))
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()


def create(engine: RecordEngine, *batch: dict[str, Any]) -> list[UUID]:
    caller = system(engine)
    return engine.run(lambda service: service.create_multiple(caller, THING, list(batch)))


def things(engine: RecordEngine, **wanted: str) -> list[dict[str, Any]]:
    """All of them, or those with exactly these values; opened."""
    conditions = [Condition(name, Operator.EQUAL, value) for name, value in wanted.items()]
    query = Query(
        entity=THING,
        columns=("tst_name", "tst_email", "tst_phone"),
        filter=Filter(tuple(conditions)) if conditions else Filter(),
        page_size=5000,
    )
    page = engine.run(lambda service: service.retrieve_multiple(READER, query))
    return sorted(page.records, key=lambda one: one["id"])


def delete(engine: RecordEngine, *ids: UUID) -> None:
    engine.run(lambda s: s.delete_multiple(READER, THING, [Deletion(one) for one in ids]))


def write_until(house: House, *, started: Any, stop: Any) -> None:
    """A writer in a process of its own: creates, changes and deletes until it is told to stop.
    Of every record the name repeats the address, so that a torn one would be seen."""
    with house.engine() as engine:
        caller = system(engine)
        started.release()
        while not stop.is_set():
            name = uuid4().hex
            made = create(engine, *(values(f"{name}-{number}") for number in range(3)))
            changes = [Change(made[0], values(f"{name}-changed"))]
            engine.run(lambda s, c=changes: s.update_multiple(caller, THING, c))
            delete(engine, made[1])


def restore_and_be_killed(house: House, folder: Path) -> None:
    """In a process of its own: ended by force when the records are there, and not all is done."""

    def kill(_engine: RecordEngine) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("unreachable")

    steps = Steps(replay_erasures=kill, rebuild_index=kill, operations=RecordSteps())
    restore(house.place, opened(folder, house.provider), None, steps=steps, caller=READER)


def values(name: str) -> dict[str, Any]:
    return {"tst_name": name, "tst_email": f"{name}@example.jp", "tst_phone": "078-331-1234"}


def stored(engine: RecordEngine, table: Any) -> list[Any]:
    with engine.database.reading() as connection:
        return list(connection.execute(select(table.__table__)).all())

"""The database: one engine, one retry loop, the one place that commits.

A `Transaction` reads without a transaction of its own until its first write, then holds one
until the end. Rows that are only added wait for that: sealing, checking and composing go on
without the write lock. It does not know what it carries.
"""

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event, make_url
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from crypto import sqlite_files
from models.tables.batches import Batch, insert_batch, joined
from models.tables.retrying import may_be_retried
from models.tables.write_gate import WriteGate

Result = TypeVar("Result")

KEPT = 16
UNBOUNDED = {"max_overflow": -1}
"""On SQLite who waits for the gate holds a connection, and who is inside may want one more: were
they numbered, all would wait for each other."""
MOST_TRIES = 12

SQLITE_SETTINGS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-2048",
)
LOGGER = logging.getLogger(__name__)


class Transaction:
    """What a unit of work speaks to; made by `Database.run`, valid while it runs."""

    def __init__(
        self, engine: Engine, *, durable: bool = True, gate: WriteGate | None = None
    ) -> None:
        self._engine = engine
        self._gate = gate
        self._durable = durable
        self._is_inside = False
        self._waiting: list[Batch] = []
        self._reader: Connection | None = None
        self._writer: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The writing connection once something was written, a plain reader before."""
        if self._waiting:
            return self.lock()
        if self._writer is not None:
            return self._writer
        if self._reader is None:
            self._reader = _autocommitting(self._engine)
        return self._reader

    def read(self, statement: Executable) -> CursorResult[Any]:
        return self.connection.execute(statement)

    def write(
        self,
        statement: Executable,
        rows: Sequence[Mapping[str, object]] | Mapping[str, object] | None = None,
    ) -> CursorResult[Any]:
        return self.lock().execute(statement, rows)

    def insert(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows of one shape, which state every column (see `batches`): at once where the
        lock is held, else when it is taken, at the latest at the end."""
        if self._writer is None:
            self._waiting.append((table, rows))
        else:
            insert_batch(self._writer, table, rows)

    def apart(self, statement: Executable, values: Mapping[str, object]) -> Any:
        """Write at once, whatever becomes of this transaction; what was returned. It lasts as long
        as all that is committed later, in the same log. SQLite has one writer: where that is us
        already, it comes and goes with us."""
        if self._writer is not None and self._gate is not None:
            return self._writer.execute(statement, values).scalar()
        with Transaction(self._engine, durable=False, gate=self._gate) as other:
            return other.lock().execute(statement, values).scalar()

    def lock(self) -> Connection:
        """The connection, its write transaction begun: what is read from now on stays true."""
        if self._writer is None:
            if self._gate is not None:
                self._gate.enter()
                self._is_inside = True
            self._writer, self._reader = _for_writing(self._engine, self._reader), None
            _begin(self._writer, durable=self._durable)
            waiting, self._waiting = self._waiting, []
            for table, rows in joined(waiting):
                insert_batch(self._writer, table, rows)
        return self._writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None and (self._waiting or self._writer is not None):
                self.lock().commit()
        finally:
            self._end()

    def _end(self) -> None:
        try:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close()
        finally:
            if self._gate is not None and self._is_inside:
                self._is_inside = False
                self._gate.leave()


class Database:
    """An engine set up for this house; `url` is SQLite's or PostgreSQL's."""

    def __init__(self, url: str) -> None:
        self._gate: WriteGate | None = None
        pooled: Mapping[str, int] = {}
        if url.startswith("sqlite:///"):
            path = Path(str(make_url(url).database))
            path.parent.mkdir(parents=True, exist_ok=True)
            self._gate = WriteGate(path.with_name(f"{path.name}-gate"))
            pooled = UNBOUNDED
        pings = not url.startswith("sqlite")
        self.engine = create_engine(
            url, hide_parameters=True, pool_pre_ping=pings, pool_size=KEPT, **pooled
        )
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(self.engine, "connect", _configure_sqlite)

    def run(self, work: Callable[[Transaction], Result], *, durable: bool = True) -> Result:
        """Do `work` in one transaction, again if the database asks for it.

        `work` may run several times: ids and keys are made before, mail goes to the outbox.
        `durable=False` is for rows that may be lost in a power cut (form sessions, counters).
        """
        for attempt in range(1, MOST_TRIES + 1):
            try:
                with Transaction(self.engine, durable=durable, gate=self._gate) as transaction:
                    return work(transaction)
            except DBAPIError as error:
                if attempt == MOST_TRIES or not may_be_retried(error):
                    raise
                longest = min(1.0, 0.01 * 2**attempt)
                time.sleep(random.uniform(0, longest))  # nosec B311  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for single statements, each seeing the newest state."""
        with _autocommitting(self.engine) as connection:
            yield connection

    def quick_number(self, question: str) -> int | None:
        """What every request asks; None where only `reading` can tell."""
        return sqlite_files.quick_number(self.engine, question)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A read-only view of one moment, for streams."""
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}
        options |= {"postgresql_readonly": True}
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(**options)
            yield connection

    def alone(self) -> AbstractContextManager[None]:
        """SQLite's writers wait outside for the length of a block."""
        return nullcontext() if self._gate is None else self._gate.passed()

    def empty_log(self) -> bool:
        """Let nothing that was deleted survive in SQLite's log; False where a reader kept it
        busy. To be called once the deletion is committed, outside of any transaction."""
        with self.alone():
            is_empty = sqlite_files.empty_log(self.engine)
        if not is_empty:
            LOGGER.warning("the database's log was in use: what was erased remains in it for now")
        return is_empty

    def dispose(self) -> None:
        self.engine.dispose()


def _autocommitting(engine: Engine) -> Connection:
    """A connection that begins no transaction. SQLite's is so of itself, once we send no BEGIN;
    telling SQLAlchemy would cost it two statements a time."""
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        return connection
    return connection.execution_options(isolation_level="AUTOCOMMIT")


def _for_writing(engine: Engine, reader: Connection | None) -> Connection:
    """On SQLite the reader's own connection, if there was one."""
    if reader is None:
        return engine.connect()
    if engine.dialect.name == "sqlite":
        return reader
    reader.close()
    return engine.connect()


def _begin(connection: Connection, *, durable: bool) -> None:
    """Begin a write transaction. It is done here, not by a listener to the engine's events: a
    single one has SQLAlchemy do half as much again for every statement."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA synchronous=FULL" if durable else "PRAGMA synchronous=NORMAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif not durable:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def _configure_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    sqlite_files.write_ahead(connection)
    for setting in SQLITE_SETTINGS:
        connection.execute(setting)

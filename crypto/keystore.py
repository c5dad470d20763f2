"""The keystore: data keys at rest, wrapped, each destroyed once and for all.

The provider wraps one random wrapping key; that key wraps the data keys, here, so that a remote
provider is not asked for every record. Key ids are never reused. It keeps the ids of what was
erased, too. Knows no cache (the key ring has one), no envelope, and of a record only that id and
the names of what was emptied of it.

What destroying reaches: in SQLite the key's bytes are overwritten and the log is emptied at once.
PostgreSQL keeps old row versions in its pages and its log for a while; there a destroyed key is
gone for all who ask the keystore, and gone from its storage once the page has been reused and the
archived log has expired. Give the keystore's database a short archive.
"""

import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, insert, inspect, update

from crypto import forking
from crypto import keystore_queries as queries
from crypto.errors import SealingError, UnknownKey, WrongKeystore, WrongRootKey
from crypto.keystore_queries import Bucket, ErasedRecord
from crypto.keystore_tables import (
    KeyState,
    Purpose,
    data_key,
    keystore_value,
    metadata,
    open_database,
    reading,
    writing,
)
from crypto.providers import KeyProvider
from crypto.sqlite_files import empty_log, is_missing, make_private, quick_number
from crypto.wrapping import KEY_LENGTH, DataKey, KeyWrapper

WRAPPING_CONTEXT = b"uketsuke/wrapping-key/1"
_LARGEST_ID = 2**63 - 1
_LOST = (
    "the keystore is missing: restore it. Without it nothing sealed can be read, and nothing is "
    "served. Where nothing was set up yet, run: flask setup"
)
_LOGGER = logging.getLogger(__name__)


class Keystore:
    """Data keys in a database of their own. What a public method writes is one transaction."""

    def __init__(self, url: str, provider: KeyProvider) -> None:
        self._url = url
        self._provider = provider
        self._engine = open_database(url)
        self._opened_wrapper: KeyWrapper | None = None
        forking.watch(self)

    def create(self) -> None:
        """Set the keystore up, or find it set up; WrongRootKey if another root key made it."""
        make_private(self._url)
        with writing(self._engine) as connection:
            metadata.create_all(connection)
            if queries.wrapping_key(connection) is None:
                wrapped = self._provider.wrap(os.urandom(KEY_LENGTH), WRAPPING_CONTEXT)
                connection.execute(insert(keystore_value), queries.first_values(wrapped))
        self.check()

    def check(self) -> None:
        """Prove that this is a keystore and that the root key fits it, or raise WrongKeystore or
        WrongRootKey. For start-up; makes nothing."""
        if self.is_lost():
            raise WrongKeystore(_LOST)
        with reading(self._engine) as connection:
            self.wrapping_key(connection)

    def is_lost(self) -> bool:
        """Whether there is none where one should be: no file, or nothing in the database."""
        if is_missing(self._url):
            return True
        with reading(self._engine) as connection:
            return not inspect(connection).has_table(data_key.name)

    def reading(self) -> AbstractContextManager[Connection]:
        """For the rotation's own statements, each of which is a transaction of itself."""
        return reading(self._engine)

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, for what the rotation does in several steps."""
        return writing(self._engine)

    def new_keys(
        self, purpose: Purpose, *, entity_number: int, period: int, count: int
    ) -> list[DataKey]:
        """Make `count` active keys in one commit, their ids ascending and without a gap."""
        with writing(self._engine) as connection:
            return self.add(connection, Bucket(purpose, entity_number, period), count=count)

    def add(self, connection: Connection, bucket: Bucket, *, count: int) -> list[DataKey]:
        """As `new_keys`, within a transaction of `writing`."""
        wrapper = self._wrapper(connection)
        end = queries.advance(connection, "next_key_id", by=count)
        keys = [
            DataKey(number, *bucket, secret=os.urandom(KEY_LENGTH))
            for number in range(end - count, end)
        ]
        now = datetime.now(UTC)
        if keys:
            rows = [
                queries.key_row(key, wrapped=wrapper.wrap(key), created_on=now) for key in keys
            ]
            connection.execute(insert(data_key), rows)
        return keys

    def active_key(self, purpose: Purpose, *, entity_number: int, period: int) -> DataKey:
        """The one active key of a bucket, made if absent; all processes get the same."""
        bucket = Bucket(purpose, entity_number, period)
        with reading(self._engine) as connection:
            row = queries.active_key(connection, bucket)
            if row is not None:
                return self._wrapper(connection).unwrap(row)
        with writing(self._engine) as connection:
            # Whoever makes a key holds the id counter, so the second look sees the other's key.
            queries.advance(connection, "next_key_id", by=0)
            row = queries.active_key(connection, bucket)
            if row is not None:
                return self._wrapper(connection).unwrap(row)
            if purpose is Purpose.INDEX:  # others must search under the new key, too
                queries.advance(connection, "generation", by=1)
            return self.add(connection, bucket, count=1)[0]

    def live_keys(self, purpose: Purpose, *, entity_number: int) -> list[DataKey]:
        """All keys of a purpose and entity that still open, the newest first."""
        with reading(self._engine) as connection:
            wrapper = self._wrapper(connection)
            rows = queries.live_keys(connection, purpose, entity_number=entity_number)
            return [wrapper.unwrap(row) for row in rows]

    def fetch(self, ids: Collection[int]) -> dict[int, AESGCM | SealingError]:
        """Answer for every id: its cipher, or why there is none (unknown, destroyed, altered)."""
        opened: dict[int, AESGCM | SealingError] = {}
        with reading(self._engine) as connection:
            wrapper = self._wrapper(connection)
            # A forged envelope may name any u64; the database's numbers end at 2^63.
            askable = sorted(key_id for key_id in ids if key_id <= _LARGEST_ID)
            for rows in queries.keys_by_id(connection, askable):
                opened.update(wrapper.ciphers(rows))
        return {
            key_id: opened.get(key_id)
            or UnknownKey(f"there is no key {key_id} in this keystore", key_id=key_id)
            for key_id in ids
        }

    def active_among(self, ids: Collection[int]) -> set[int]:
        """Those of `ids` that still seal."""
        with reading(self._engine) as connection:
            return queries.active_ids(connection, sorted(ids))

    def retire(self, ids: Collection[int]) -> None:
        """Let keys open but no longer seal; the next sealing makes a new one. For rotation."""
        with writing(self._engine) as connection:
            queries.advance(connection, "generation", by=1)
            for chunk in queries.chunks(sorted(ids)):
                active = data_key.c.id.in_(chunk) & (data_key.c.state == KeyState.ACTIVE)
                connection.execute(update(data_key).where(active).values(state=KeyState.DECRYPT))

    def destroy(self, ids: Collection[int], *, erased: Collection[ErasedRecord] = ()) -> list[int]:
        """Destroy keys for good, and remember what was erased with them; returns the ids that
        still lived. Asking twice is no error."""
        return self._destroy(lambda found: queries.with_their_line(found, sorted(ids)), erased)

    def erased(self, entity_number: int) -> Iterator[list[ErasedRecord]]:
        """What was erased of an entity, in the order of ids, a thousand at a time."""
        with reading(self._engine) as connection:
            yield from queries.erased(connection, entity_number)

    def destroy_period(self, purpose: Purpose, *, entity_number: int, period: int) -> list[int]:
        """Destroy every key of a bucket; returns the ids that still lived."""
        bucket = Bucket(purpose, entity_number, period)
        return self._destroy(lambda _: [queries.in_bucket(bucket)])

    def generation(self) -> int:
        """A number that grows whenever what another process has cached may no longer hold."""
        number = quick_number(self._engine, queries.QUICK_GENERATION)
        if number is not None:
            return number
        with reading(self._engine) as connection:
            return queries.generation(connection)

    def change_provider(self, provider: KeyProvider) -> None:
        """Put the keystore under another root key alone; no data key changes."""
        with writing(self._engine) as connection:
            wrapped = provider.wrap(self.wrapping_key(connection), WRAPPING_CONTEXT)
            queries.settle_wrapping_key(connection, wrapped)
        self._provider = provider
        self.empty_log()

    def empty_log(self) -> bool:
        """Let no destroyed key survive in SQLite's log; False where a reader kept it busy."""
        is_empty = empty_log(self._engine)
        if not is_empty:
            _LOGGER.warning("the keystore's log was in use: destroyed keys remain in it, wrapped")
        return is_empty

    def dispose(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def after_fork(self) -> None:
        self._engine.dispose(close=False)

    def _destroy(
        self,
        which: Callable[[Connection], Iterable[ColumnElement[bool]]],
        erased: Collection[ErasedRecord] = (),
    ) -> list[int]:
        destroyed: list[int] = []
        with writing(self._engine) as connection:
            # First of all, so that two destroyers queue here instead of crossing in the rows.
            queries.advance(connection, "generation", by=0)
            queries.note_erased(connection, erased, on=datetime.now(UTC))
            conditions = list(which(connection))
            queries.advance(connection, "generation", by=int(bool(conditions)))
            for condition in conditions:
                destroyed += queries.destroy(connection, condition)
        if destroyed:
            self.empty_log()
        return destroyed

    def _wrapper(self, connection: Connection) -> KeyWrapper:
        if self._opened_wrapper is None:
            self._opened_wrapper = KeyWrapper(self.wrapping_key(connection))
        return self._opened_wrapper

    def wrapping_key(self, connection: Connection) -> bytes:
        """What wraps the data keys, itself unwrapped by the root key, or by the one that is about
        to take its place; WrongRootKey."""
        wrapped = queries.required_wrapping_key(connection)
        try:
            return self._provider.unwrap(wrapped, WRAPPING_CONTEXT)
        except WrongRootKey:
            offered = queries.offered_wrapping_key(connection)
            if offered is None:
                raise
            return self._provider.unwrap(offered, WRAPPING_CONTEXT)

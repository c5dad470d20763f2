"""The key ring: the keys one process has opened, ready for sealing, opening and searching.

A key stays opened for at most a minute, and every batch asks the keystore for its generation
first, so a destroyed key is gone here at the next call. Knows nothing of envelopes, attributes or
records; an entity is a number.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from threading import RLock
from typing import Literal, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from crypto import forking
from crypto.errors import SealingError
from crypto.key_cache import IndexKey, KeyCache, OpenedKey
from crypto.key_reserve import KeyReserve
from crypto.keystore import Keystore
from crypto.keystore_queries import Bucket, ErasedRecord
from crypto.keystore_tables import Purpose
from crypto.wrapping import DataKey

__all__ = [
    "ErasedRecord",
    "FoundKeys",
    "IndexKey",
    "KeyBucket",
    "Keyring",
    "OpenedKey",
    "period_of",
]

KeyBucket = Literal["month", "record"]


class FoundKeys(NamedTuple):
    """What became of the keys asked for: those that open, and why the others do not."""

    ciphers: dict[int, AESGCM]
    refused: dict[int, SealingError]


def period_of(on: datetime) -> int:
    """The month of `on`, as yyyymm, in the time zone `on` is given in."""
    return on.year * 100 + on.month


class Keyring:
    """Thread-safe; one per process is enough, and a forked child starts its own afresh."""

    def __init__(self, keystore: Keystore) -> None:
        self._keystore = keystore
        self._lock = RLock()
        self._cache = KeyCache()
        self._reserve = KeyReserve(keystore)
        self._secrets: dict[str, bytes] = {}
        forking.watch(self)

    @property
    def keystore(self) -> Keystore:
        """For those who tend it: what it holds is asked for here."""
        return self._keystore

    def after_fork(self) -> None:
        self._lock = RLock()
        self._cache.empty()
        self._reserve.after_fork()

    def sealing_keys(
        self, entity_number: int, bucket: KeyBucket, count: int, *, on: datetime
    ) -> list[OpenedKey]:
        """Keys for `count` records of the month of `on`.

        `month`: the month's one key, `count` times. `record`: as many keys never used before.
        """
        if not count:
            return []
        generation = self._refresh()
        if bucket == "record":
            records = Bucket(Purpose.RECORD, entity_number, period_of(on))
            taken = self._reserve.take(records, count=count, generation=generation)
            with self._lock:  # the record's mail is sealed next, with the same key
                self._cache.keep({key.id: key.cipher for key in taken}, generation=generation)
            return taken
        return [self._month_key(entity_number, period_of(on), generation=generation)] * count

    def opening_keys(self, ids: Iterable[int]) -> dict[int, AESGCM]:
        """The ciphers of all ids, or the error of the first that has none (its `key_id`)."""
        found = self.find_keys(ids)
        for error in found.refused.values():
            raise error
        return found.ciphers

    def opening_key(self, key_id: int) -> AESGCM:
        """The cipher of one key; UnknownKey, DestroyedKey or BadTag (an altered keystore)."""
        return self.opening_keys((key_id,))[key_id]

    def find_keys(self, ids: Iterable[int], *, keeps: bool = True) -> FoundKeys:
        """Like `opening_keys`, for those who go on: an export marks the records whose key is
        destroyed and writes the others. Without `keeps` the keys are not remembered, since a
        stream of records comes by once and would push out what others need."""
        generation = self._refresh()
        with self._lock:
            ciphers, missing = self._cache.look_up(ids)
        if not missing:
            return FoundKeys(ciphers, {})
        fetched: dict[int, AESGCM] = {}
        refused: dict[int, SealingError] = {}
        for key_id, answer in self._keystore.fetch(missing).items():
            if isinstance(answer, SealingError):
                refused[key_id] = answer
            else:
                fetched[key_id] = answer
        ciphers.update(fetched)
        if keeps:
            with self._lock:
                self._cache.keep(fetched, generation=generation)
        return FoundKeys(ciphers, refused)

    def destroy(self, ids: Collection[int], *, erased: Collection[ErasedRecord] = ()) -> list[int]:
        """Destroy keys everywhere, for good, and remember what was erased with them; returns the
        ids that still lived."""
        return self._keystore.destroy(ids, erased=erased)

    def erased(self, entity_number: int) -> Iterator[list[ErasedRecord]]:
        """Everything of an entity that was ever erased, a thousand at a time."""
        return self._keystore.erased(entity_number)

    def index_keys(self, entity_number: int) -> list[IndexKey]:
        """All live index keys of an entity, the newest month first."""
        generation = self._refresh()
        with self._lock:
            known = self._cache.index_keys.get(entity_number)
        if known is None:
            keys = self._keystore.live_keys(Purpose.INDEX, entity_number=entity_number)
            known = [IndexKey(key.id, key.period, key.secret) for key in keys]
            with self._lock:
                if self._cache.is_of(generation):
                    self._cache.index_keys[entity_number] = known
        return list(known)

    def index_key(self, entity_number: int, *, on: datetime) -> IndexKey:
        """The key for new index entries in the month of `on`, made if absent."""
        key = self._active_key(Bucket(Purpose.INDEX, entity_number, period_of(on)))
        return IndexKey(key.id, key.period, key.secret)

    def secret(self, purpose: str) -> bytes:
        """A lasting secret of the platform, 32 bytes, another one for each purpose ("audit").

        It never changes, so it is derived once a process and the keystore not asked again.
        """
        known = self._secrets.get(purpose)
        if known is None:
            platform = self._active_key(Bucket(Purpose.PLATFORM, 0, 0))
            info = b"uketsuke/secret/1/" + purpose.encode()
            known = HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(platform.secret)
            self._secrets[purpose] = known
        return known

    def _refresh(self) -> int:
        """Forget what is out of date; returns the generation that what is read now belongs to."""
        generation = self._keystore.generation()
        with self._lock:
            self._cache.renew(generation)
        return generation

    def _month_key(self, entity_number: int, period: int, *, generation: int) -> OpenedKey:
        bucket = Bucket(Purpose.MONTH, entity_number, period)
        with self._lock:
            known = self._cache.month_keys.get(bucket)
        if known is None:
            key = self._keystore.active_key(
                Purpose.MONTH, entity_number=entity_number, period=period
            )
            known = OpenedKey(key.id, AESGCM(key.secret))
            with self._lock:
                if self._cache.is_of(generation):
                    self._cache.month_keys[bucket] = known
        return known

    def _active_key(self, bucket: Bucket) -> DataKey:
        generation = self._refresh()
        with self._lock:
            known = self._cache.active_keys.get(bucket)
        if known is None:
            known = self._keystore.active_key(
                bucket.purpose, entity_number=bucket.entity_number, period=bucket.period
            )
            with self._lock:
                if self._cache.is_of(generation):
                    self._cache.active_keys[bucket] = known
        return known

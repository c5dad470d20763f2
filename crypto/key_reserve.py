"""Record keys made ahead, so that one submission does not pay for a commit in the keystore.

Every key is handed out once. Keys never handed out (a process ended, a month passed) have sealed
nothing and harm nobody.
"""

from threading import Lock

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.key_cache import OpenedKey
from crypto.keystore import Keystore
from crypto.keystore_queries import Bucket

BATCH = 64


class KeyReserve:
    """Unused record keys by bucket. Thread-safe; refills keep other takers waiting, so that they
    find the refill instead of each making their own."""

    def __init__(self, keystore: Keystore) -> None:
        self._keystore = keystore
        self.after_fork()

    def after_fork(self) -> None:
        """Start empty: the parent's reserve is the parent's."""
        self._lock = Lock()
        self._generation = 0
        self._keys: dict[Bucket, list[OpenedKey]] = {}

    def take(self, bucket: Bucket, *, count: int, generation: int) -> list[OpenedKey]:
        """Hand out `count` keys never handed out before; `generation` is the keystore's now."""
        with self._lock:
            if generation != self._generation:
                self._drop_inactive(generation)
            keys = self._keys.get(bucket)
            if keys is None:
                self._drop_other_periods(bucket)
                keys = self._keys[bucket] = []
            if len(keys) < count:
                keys.extend(self._make(bucket, count=max(BATCH, count - len(keys))))
            taken = keys[:count]
            del keys[:count]
            return taken

    def _make(self, bucket: Bucket, *, count: int) -> list[OpenedKey]:
        made = self._keystore.new_keys(
            bucket.purpose,
            entity_number=bucket.entity_number,
            period=bucket.period,
            count=count,
        )
        return [OpenedKey(key.id, AESGCM(key.secret)) for key in made]

    def _drop_inactive(self, generation: int) -> None:
        ids = {key.id for keys in self._keys.values() for key in keys}
        active = self._keystore.active_among(ids) if ids else set()
        for keys in self._keys.values():
            keys[:] = [key for key in keys if key.id in active]
        self._generation = generation

    def _drop_other_periods(self, bucket: Bucket) -> None:
        """A month that has passed is not sealed for again; clocks running backwards only cost
        another refill."""
        for other in list(self._keys):
            if other.entity_number == bucket.entity_number:
                del self._keys[other]

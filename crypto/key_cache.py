"""What a key ring remembers, for a minute and one generation of the keystore at most.

It is emptied whole: no opened key can outlive the minute, and none the destruction of any key.
Not thread-safe by itself; the key ring holds its lock around it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.keystore_queries import Bucket
from crypto.wrapping import DataKey

LIFETIME_SECONDS = 60.0
CAPACITY = 20_000


class OpenedKey(NamedTuple):
    """A key ready to seal with, and the id its envelopes will name."""

    id: int
    cipher: AESGCM


@dataclass(frozen=True, slots=True)
class IndexKey:
    """A key for blind indexes of one entity and one month; `period` is yyyymm."""

    id: int
    period: int
    secret: bytes = field(repr=False)


class KeyCache:
    """Opened keys by id (the least recently used go first), and the few keys known by bucket."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._emptied_at = monotonic()
        self._generation = 0
        self._ciphers: dict[int, AESGCM] = {}
        self.month_keys: dict[Bucket, OpenedKey] = {}
        self.active_keys: dict[Bucket, DataKey] = {}
        self.index_keys: dict[int, list[IndexKey]] = {}

    def renew(self, generation: int) -> None:
        """Forget everything if it is of another generation, or a minute old."""
        now = monotonic()
        if generation == self._generation and now - self._emptied_at < LIFETIME_SECONDS:
            return
        self.empty()
        self._generation = generation
        self._emptied_at = now

    def empty(self) -> None:
        for known in (self._ciphers, self.month_keys, self.active_keys, self.index_keys):
            known.clear()

    def is_of(self, generation: int) -> bool:
        """Whether something read under `generation` may be kept. A key read just before another
        thread saw it destroyed may not."""
        return generation == self._generation

    def look_up(self, ids: Iterable[int]) -> tuple[dict[int, AESGCM], set[int]]:
        """The ciphers at hand, and the ids not at hand."""
        found: dict[int, AESGCM] = {}
        missing: set[int] = set()
        ciphers = self._ciphers
        for key_id in ids:
            cipher = ciphers.pop(key_id, None)
            if cipher is not None:
                ciphers[key_id] = found[key_id] = cipher  # now the most recently used
            elif key_id not in found:
                missing.add(key_id)
        return found, missing

    def keep(self, ciphers: dict[int, AESGCM], *, generation: int) -> None:
        """Remember ciphers. A batch that would push out much else, an export's say, is passed
        over: it comes by once."""
        if not self.is_of(generation) or len(ciphers) > self._capacity // 4:
            return
        self._ciphers.update(ciphers)
        excess = max(0, len(self._ciphers) - self._capacity)
        for key_id in list(islice(self._ciphers, excess)):
            del self._ciphers[key_id]

    def __len__(self) -> int:
        return len(self._ciphers)

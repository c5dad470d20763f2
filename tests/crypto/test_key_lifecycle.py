"""Any order of making, retiring, destroying and opening, by two key rings on one keystore."""

import tempfile
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from crypto.envelope import key_id_of, open_sealed, seal
from crypto.errors import DestroyedKey, UnknownKey
from crypto.keyring import Keyring, OpenedKey
from crypto.keystore import Keystore
from crypto.keystore_tables import Purpose
from crypto.providers import EnvironmentKeyProvider

ROOT_KEY = b64encode(bytes(range(32))).decode()
RINGS = st.integers(0, 1)
ENTITIES = st.integers(1, 2)
MONTHS = st.sampled_from([datetime(2026, month, 1, tzinfo=UTC) for month in (10, 11, 12)])
RECORD_ID = bytes(16)


class KeyLifecycle(RuleBasedStateMachine):
    """The model: which envelopes must open, which must not, and which keys were handed out."""

    envelopes: Bundle[bytes] = Bundle("envelopes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{Path(self.folder.name) / 'keystore.db'}"
        self.keystores = [Keystore(url, EnvironmentKeyProvider(ROOT_KEY)) for _ in range(2)]
        self.keystores[0].create()
        self.rings = [Keyring(keystore) for keystore in self.keystores]
        self.living: dict[int, bytes] = {}
        self.destroyed: set[int] = set()
        self.retired: set[int] = set()
        self.record_keys: set[int] = set()
        self.buckets: dict[int, tuple[Purpose, int, int]] = {}

    def teardown(self) -> None:
        for keystore in self.keystores:
            keystore.dispose()
        self.folder.cleanup()

    def sealed(self, key: OpenedKey) -> bytes:
        assert key.id not in self.destroyed
        assert key.id not in self.retired
        value = f"value under {key.id}".encode()
        envelope = seal(
            key.cipher, key_id=key.id, attribute_number=7, record_id=RECORD_ID, padded=value
        )
        self.living[key.id] = envelope
        return envelope

    @rule(target=envelopes, ring=RINGS, entity=ENTITIES, on=MONTHS)
    def seal_with_the_months_key(self, ring: int, entity: int, on: datetime) -> bytes:
        key = self.rings[ring].sealing_keys(entity, "month", 1, on=on)[0]
        bucket = (Purpose.MONTH, entity, on.year * 100 + on.month)
        alike = {known for known, other in self.buckets.items() if other == bucket}
        assert alike - self.destroyed - self.retired <= {key.id}
        self.buckets[key.id] = bucket
        return self.sealed(key)

    @rule(target=envelopes, ring=RINGS, entity=ENTITIES, on=MONTHS, count=st.integers(1, 70))
    def seal_with_record_keys(self, ring: int, entity: int, on: datetime, count: int) -> object:
        keys = self.rings[ring].sealing_keys(entity, "record", count, on=on)
        ids = {key.id for key in keys}
        assert len(ids) == count
        assert not ids & self.record_keys
        self.record_keys |= ids
        bucket = (Purpose.RECORD, entity, on.year * 100 + on.month)
        self.buckets.update(dict.fromkeys(ids, bucket))
        return multiple(*[self.sealed(key) for key in keys])

    @rule(ring=RINGS, envelope=envelopes)
    def open_one(self, ring: int, envelope: bytes) -> None:
        key_id = key_id_of(envelope)
        if key_id in self.destroyed:
            with pytest.raises(DestroyedKey):
                self.rings[ring].opening_key(key_id)
            return
        cipher = self.rings[ring].opening_key(key_id)
        opened = open_sealed(cipher, envelope=envelope, attribute_number=7, record_id=RECORD_ID)
        assert opened == f"value under {key_id}".encode()

    @rule(ring=RINGS, envelope=consumes(envelopes))
    def destroy_one(self, ring: int, envelope: bytes) -> None:
        key_id = key_id_of(envelope)
        expected = [] if key_id in self.destroyed else [key_id]
        assert self.rings[ring].destroy([key_id]) == expected
        self.destroyed.add(key_id)

    @rule(ring=RINGS, purpose=st.sampled_from([Purpose.MONTH, Purpose.RECORD]), entity=ENTITIES)
    def destroy_november(self, ring: int, purpose: Purpose, entity: int) -> None:
        bucket = (purpose, entity, 202611)
        expected = {known for known, other in self.buckets.items() if other == bucket}
        ids = self.keystores[ring].destroy_period(purpose, entity_number=entity, period=202611)
        # Those kept in reserve are destroyed with the rest.
        assert expected - self.destroyed == set(ids) & set(self.buckets)
        self.destroyed |= set(ids)

    @rule(ring=RINGS, envelope=envelopes)
    def retire_one(self, ring: int, envelope: bytes) -> None:
        self.keystores[ring].retire([key_id_of(envelope)])
        if key_id_of(envelope) not in self.record_keys:
            self.retired.add(key_id_of(envelope))

    @invariant()
    def both_rings_agree_on_every_key(self) -> None:
        for ring in self.rings:
            found = ring.find_keys([*self.living, 10**9])
            gone = {key_id for key_id in self.living if key_id in self.destroyed}
            assert set(found.ciphers) == set(self.living) - gone
            assert {
                key_id
                for key_id, error in found.refused.items()
                if isinstance(error, DestroyedKey)
            } == gone
            assert isinstance(found.refused[10**9], UnknownKey)


TestKeyLifecycle = KeyLifecycle.TestCase
TestKeyLifecycle.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
